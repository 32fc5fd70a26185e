"""Same settings, same bytes; no event before its cause, and nothing told before it is known."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from sample_data import (
    WorldSettings,
    generate,
    generation,
)
from sample_data.kit import blocks
from tests.sample_data.conftest import SMALL, Sample

pytestmark = pytest.mark.slow  # generates marketplaces

TINY = WorldSettings(orders=5_000)
# Written from settings alone: days and versions that no seed moves.
FIXED = {
    "calendar.parquet",
    "markets.parquet",
    "carrier_incidents.parquet",
    "policy_changes.parquet",
    "model_releases.parquet",
}
# table, earlier instant, later instant; "other.column" is looked up through the shared id.
CHAINS: Final = (
    ("merchants", "registered_at", "closed_at"),
    ("products", "merchants.registered_at", "listed_at"),
    ("products", "listed_at", "removed_at"),
    ("orders", "buyers.registered_at", "created_at"),
    ("orders", "merchants.registered_at", "created_at"),
    ("orders", "products.listed_at", "created_at"),
    ("orders", "live_sessions.started_at", "created_at"),
    ("orders", "videos.published_at", "created_at"),
    ("orders", "created_at", "paid_at"),
    ("orders", "created_at", "cancelled_at"),
    ("orders", "paid_at", "cancelled_at"),
    ("shipments", "orders.paid_at", "shipped_at"),
    ("shipments", "shipped_at", "delivered_at"),
    ("shipments", "first_scan_at", "observed_at"),
    ("shipments", "first_scan_at", "delivered_at"),
    ("shipments", "observed_at", "delivered_at"),
    ("refunds", "shipments.shipped_at", "requested_at"),
    ("refunds", "requested_at", "refunded_at"),
    ("reviews", "shipments.delivered_at", "created_at"),
    ("settlements", "shipments.delivered_at", "eligible_at"),
    ("settlements", "eligible_at", "settled_at"),
    ("settlements", "settled_at", "clawed_back_at"),
    ("settlements", "settled_at", "merchants.closed_at"),
    ("commissions", "shipments.delivered_at", "eligible_at"),
    ("commissions", "eligible_at", "paid_at"),
    ("commissions", "paid_at", "clawed_back_at"),
    ("disputes", "orders.paid_at", "event_at"),
    ("disputes", "event_at", "observed_at"),
    ("disputes", "observed_at", "decided_at"),
    ("complaints", "orders.paid_at", "event_at"),
    ("complaints", "event_at", "observed_at"),
    ("complaints", "buyers.registered_at", "event_at"),
    ("declined_payments", "orders.created_at", "attempted_at"),
    ("declined_payments", "attempted_at", "orders.paid_at"),
    ("declined_payments", "buyers.registered_at", "attempted_at"),
)
KEYS: Final = {
    "merchants": "merchant_id",
    "products": "product_id",
    "buyers": "buyer_id",
    "live_sessions": "live_session_id",
    "videos": "video_id",
    "orders": "order_id",
    "shipments": "order_id",
    "refunds": "order_id",
}
AHEAD: Final = {("settlements", "eligible_at"), ("commissions", "eligible_at")}  # fixed in advance


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def test_same_settings_give_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    """A second run writes every file identically."""
    again = generate(tmp_path / "again", SMALL)
    assert _digests(again.path) == _digests(sample.world.path)


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
    prepared = generation.prepare(TINY, lambda _name, _rows: None)
    block = blocks.blocks(TINY)[0]
    first, again = (generation.live_through(prepared, block) for _ in range(2))
    assert first.orders.equals(again.orders)
    assert first.complaints.equals(again.complaints)


def test_another_seed_gives_another_world_with_the_same_statistics(tmp_path: Path) -> None:
    """The seed changes every event table, but not what an order, a refund or a shop is like."""
    settings = replace(TINY, orders=16_000)
    one, two = (generate(tmp_path / str(seed), replace(settings, seed=seed)) for seed in (1, 2))
    first, second = _digests(one.path), _digests(two.path)
    assert {name for name in first if first[name] == second[name]} <= FIXED
    for name in ("shipments", "refunds", "reviews", "settlements", "disputes"):
        rates = [world.row_counts[name] / world.row_counts["orders"] for world in (one, two)]
        assert rates[0] == pytest.approx(rates[1], rel=0.2, abs=0.002), name


def test_counts_follow_the_settings(sample: Sample) -> None:
    """Orders come within 2 % of the number asked for; actors are exact or follow from it."""
    counts = sample.world.row_counts
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
    world = generate(tmp_path / "world", TINY, heard.__setitem__)
    names = world.row_counts.keys() & heard.keys()
    assert {"orders", "merchants", "buyers", "labels", "truth"} <= names
    assert {name: heard[name] for name in names} == {n: world.row_counts[n] for n in names}
    assert pl.read_parquet(world.path / "orders.parquet").height == heard["orders"]


@pytest.mark.parametrize("seed", range(40, 46))
@pytest.mark.parametrize("days", [90, 120])
def test_every_small_world_finds_actors_for_its_stories(seed: int, days: int) -> None:
    """Whatever the seed, a story that finds nobody stays home instead of failing."""
    tiny = replace(TINY, seed=seed, days=days)
    prepared = generation.prepare(tiny, lambda _name, _rows: None)
    typologies = {ring.typology for ring in prepared.stories.rings}
    assert len([name for name in typologies if name.startswith("T")]) >= 13
    assert len([name for name in typologies if name.startswith("HN_")]) >= 14


def _instants(sample: Sample, table: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """Instants of a table's rows, those of other tables looked up by id."""
    rows = sample.table(table)
    if "merchant_id" not in rows.columns and any("merchants." in name for name in columns):
        rows = rows.join(sample.table("orders").select("order_id", "merchant_id"), on="order_id")
    for name in columns:
        if "." in name:
            other, column = name.split(".")
            lookup = sample.table(other).select(KEYS[other], pl.col(column).alias(name))
            rows = rows.join(lookup, on=KEYS[other], how="left")
    return rows.select(*columns)


@pytest.mark.parametrize(("table", "earlier", "later"), CHAINS)
def test_no_event_before_its_cause(sample: Sample, table: str, earlier: str, later: str) -> None:
    """Where both instants are known, the later one is not before the earlier one."""
    rows = _instants(sample, table, (earlier, later)).drop_nulls()
    assert (rows[earlier] <= rows[later]).all()


def test_nothing_is_told_before_it_is_over(sample: Sample) -> None:
    """No instant lies after the end of the data, but for due dates that are fixed in advance."""
    for table in sample.world.row_counts:
        if table in ("truth", "stories", "campaigns", "vouchers", "calendar"):
            continue
        rows = sample.table(table)
        for column, dtype in rows.schema.items():
            if dtype == pl.Datetime("us") and (table, column) not in AHEAD:
                late = rows.select((pl.col(column) >= sample.end).any()).item()
                assert late is not True, f"{table}.{column}"
