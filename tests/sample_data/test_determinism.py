"""Same settings, same bytes; and a folder on disk is whole or not there."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sample_data import (
    BadSettings,
    NotASampleWorld,
    WorldSettings,
    generate,
    generation,
    is_current,
)
from sample_data.export import folder
from sample_data.kit import blocks

from .conftest import SMALL, Sample

TINY = WorldSettings(orders=5_000)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def test_same_settings_give_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    """A second run writes every file identically."""
    again = generate(tmp_path / "again", SMALL)
    assert _digests(again.path) == _digests(sample.made.path)


@pytest.mark.parametrize("in_flight", [0, 1, 4])
def test_the_bytes_do_not_depend_on_how_many_blocks_are_in_flight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_flight: int
) -> None:
    """However many blocks are worked out ahead, a world of many blocks is the same."""
    monkeypatch.setattr(blocks, "ORDERS_PER_BLOCK", 700)
    assert len(blocks.blocks(TINY)) == 7
    one = generate(tmp_path / "one", TINY)
    other = generate(tmp_path / "other", TINY, in_flight=in_flight)
    assert _digests(one.path) == _digests(other.path)


def test_a_block_changes_nothing_but_its_own_result() -> None:
    """A block gives the same orders whenever and however often it is asked for."""
    made = generation.prepare(TINY, lambda _name, _rows: None)
    block = blocks.blocks(TINY)[0]
    first, again = (generation.live_through(made, block) for _ in range(2))
    assert first.orders.equals(again.orders)
    assert first.complaints.equals(again.complaints)


# Written from settings alone: days and versions that no seed moves.
FIXED = {"calendar.parquet", "carrier_incidents.parquet", "policy_changes.parquet"}
FIXED |= {"model_releases.parquet"}


def test_another_seed_gives_another_world_with_the_same_statistics(tmp_path: Path) -> None:
    """The seed changes every event table, but not what an order, a refund or a shop is like."""
    sized = replace(TINY, orders=16_000)
    one, two = (generate(tmp_path / str(seed), replace(sized, seed=seed)) for seed in (1, 2))
    first, second = _digests(one.path), _digests(two.path)
    assert {name for name in first if first[name] == second[name]} <= FIXED
    for name in ("shipments", "refunds", "reviews", "settlements", "disputes"):
        rates = [made.row_counts[name] / made.row_counts["orders"] for made in (one, two)]
        assert rates[0] == pytest.approx(rates[1], rel=0.2, abs=0.002), name


def test_counts_follow_the_settings(sample: Sample) -> None:
    """Orders come within 2 % of the number asked for; actors are exact or follow from it."""
    counts = sample.made.row_counts
    assert counts["orders"] == pytest.approx(SMALL.orders, rel=0.02)
    assert counts["merchants"] == SMALL.merchant_count
    assert counts["creators"] == SMALL.creator_count
    assert counts["buyers"] >= SMALL.buyer_count
    assert WorldSettings().merchant_count == 2_000
    assert WorldSettings().creator_count == 1_500
    assert WorldSettings().buyer_count == 60_000


def test_progress_names_every_table_with_its_rows(tmp_path: Path) -> None:
    """The callback hears of the orders block by block and of what is written once at the end."""
    heard: dict[str, int] = {}
    made = generate(tmp_path / "world", TINY, heard.__setitem__)
    known = made.row_counts.keys() & heard.keys()
    assert {"orders", "merchants", "buyers", "labels", "truth"} <= known
    assert {name: heard[name] for name in known} == {n: made.row_counts[n] for n in known}
    assert pl.read_parquet(made.path / "orders.parquet").height == heard["orders"]


def test_a_world_is_current_only_for_its_settings_and_generator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another seed, a missing table, a broken description or changed source means: generate."""
    out = tmp_path / "world"
    assert not is_current(out, TINY)
    generate(out, TINY)
    assert is_current(out, TINY)
    assert not is_current(out, replace(TINY, seed=8))
    with monkeypatch.context() as patched:
        patched.setattr(folder, "generator_version", lambda: "another")
        assert not is_current(out, TINY)
    (out / "world.json").write_text("{", encoding="utf-8")
    assert not is_current(out, TINY)
    generate(out, TINY)
    (out / "labels.parquet").unlink()
    assert not is_current(out, TINY)


def test_a_killed_run_leaves_the_old_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dying in the middle of writing changes nothing in the folder; the next run recovers."""
    out = tmp_path / "world"
    generate(out, TINY)
    before = _digests(out)
    add = folder.Shelf.add

    def die(shelf: folder.Shelf, table: str, rows: pl.DataFrame) -> None:
        if table == "reviews":
            raise KeyboardInterrupt
        add(shelf, table, rows)

    with monkeypatch.context() as patched:
        patched.setattr(folder.Shelf, "add", die)
        with pytest.raises(KeyboardInterrupt):
            generate(out, replace(TINY, seed=9))
        with pytest.raises(KeyboardInterrupt):
            generate(tmp_path / "fresh", TINY)
    assert _digests(out) == before
    assert not (tmp_path / "fresh").exists()
    generate(out, TINY)
    assert _digests(out) == before
    assert not (tmp_path / ".world.next").exists()


def test_a_full_disk_is_not_a_whole_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong on the writing thread ends the run, and nothing appears."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Shelf, "_write", refuse)
    with pytest.raises(OSError, match="No space left"):
        generate(tmp_path / "world", TINY)
    assert not (tmp_path / "world").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """The generator refuses to replace a folder that holds foreign files."""
    (tmp_path / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(NotASampleWorld, match=r"thesis\.txt"):
        generate(tmp_path, TINY)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("setting", ["orders", "merchants", "creators", "buyers", "days"])
def test_a_world_too_small_for_its_stories_is_refused(setting: str) -> None:
    """The message names the setting and the smallest value that works."""
    with pytest.raises(BadSettings, match=f"{setting} is 3; .* at least"):
        WorldSettings(**{setting: 3})  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(40, 46))
@pytest.mark.parametrize("days", [90, 120])
def test_every_small_world_finds_actors_for_its_stories(seed: int, days: int) -> None:
    """Whatever the seed, a story that finds nobody stays home instead of failing."""
    tiny = replace(TINY, seed=seed, days=days)
    made = generation.prepare(tiny, lambda _name, _rows: None)
    planted = {ring.typology for ring in made.stories.rings}
    assert len([name for name in planted if name.startswith("T")]) >= 13
    assert len([name for name in planted if name.startswith("HN_")]) >= 14
