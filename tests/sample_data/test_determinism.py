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
    is_current,
    write,
)

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


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    """The seed changes every event table."""
    one, two = (generate(tmp_path / str(seed), replace(TINY, seed=seed)) for seed in (1, 2))
    first, second = _digests(one.path), _digests(two.path)
    same = {name for name in first if first[name] == second[name]}
    assert same <= {"calendar.parquet"}


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
    """The callback hears each table once, with the rows that are on disk."""
    heard: dict[str, int] = {}
    made = generate(tmp_path / "world", TINY, heard.__setitem__)
    assert {name: heard[name] for name in made.row_counts} == made.row_counts
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
        patched.setattr(write, "generator_version", lambda: "another")
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
    save = write.save

    def die(folder: Path, table: str, rows: pl.DataFrame) -> None:
        if table == "reviews":
            raise KeyboardInterrupt
        save(folder, table, rows)

    with monkeypatch.context() as patched:
        patched.setattr(write, "save", die)
        with pytest.raises(KeyboardInterrupt):
            generate(out, replace(TINY, seed=9))
        with pytest.raises(KeyboardInterrupt):
            generate(tmp_path / "fresh", TINY)
    assert _digests(out) == before
    assert not (tmp_path / "fresh").exists()
    generate(out, TINY)
    assert _digests(out) == before
    assert not (tmp_path / ".world.next").exists()


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
