"""One world delivered to two days tells the same of every day before the first of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.inputs.raw_check import check
from queries.contract import raw_tables
from sample_data import (
    BadSettings,
    NotASampleWorld,
    WorldSettings,
    advance,
    generate,
    is_current,
    read_world,
    with_weeks_ahead,
)
from sample_data.export.folder import TABLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # generates a marketplace

SETTINGS = with_weeks_ahead(WorldSettings(orders=9_000, days=100), 21)
# What may change of a row that was delivered before: states that come to pass later.
STATES = {
    "merchants": {"closed_at"},
    "products": {"removed_at"},
    "orders": {"paid_at", "cancelled_at", "live_session_id"},
    "shipments": {
        "first_scan_at", "observed_at", "weight_grams", "scan_count", "delivered_at",
        "is_address_match",
    },
    "refunds": {"refunded_at", "return_weight_grams"},
    "disputes": {"decided_at", "outcome"},
    "settlements": {"settled_at", "clawed_back_at", "clawed_back_minor", "amount_minor"},
    "commissions": {"paid_at", "clawed_back_at", "clawed_back_minor", "amount_minor"},
}  # fmt: skip
# Dates that are fixed in advance.
AHEAD = {"eligible_at", "ends_at", "effective_at"}

Delivery = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Delivery]:
    """Every table by the days delivered: at first, a week later, and at the end."""
    out = tmp_path_factory.mktemp("delivery") / "world"
    generate(out, SETTINGS)
    folders = {SETTINGS.present_day: tables(out)}
    for days in (7, 14):
        delivered = advance(out, days)
        folders[delivered] = tables(out)
        with duckdb.connect() as con:
            assert check(con, out) == []
    assert sorted(folders) == [100, 107, 121]
    return folders


def tables(out: Path) -> Delivery:
    """What lies in the folder now."""
    return {name: pl.read_parquet(out / f"{name}.parquet") for name in TABLES}


@pytest.mark.parametrize("pair", [(100, 107), (107, 121)])
@pytest.mark.parametrize("table", TABLES)
def test_what_was_delivered_is_delivered_again_to_the_letter(
    deliveries: dict[int, Delivery], table: str, pair: tuple[int, int]
) -> None:
    """Same rows in the same order; only states may have come to pass, never gone."""
    early, late = (deliveries[day][table] for day in pair)
    key = list(raw_tables()[table].key)
    again = late.join(early.select(key), on=key, how="semi", maintain_order="left")
    events = [name for name in early.columns if name not in STATES.get(table, set())]
    assert_frame_equal(again.select(events), early.select(events))
    for name in STATES.get(table, set()) - {"amount_minor", "scan_count", "clawed_back_minor"}:
        known = early[name].is_not_null()
        assert again[name].filter(known).equals(early[name].filter(known)), name


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_delivered_before_it_is_known(
    deliveries: dict[int, Delivery], table: str
) -> None:
    """No instant of any row lies after the delivery, but for dates fixed in advance."""
    for day, delivery in deliveries.items():
        end = SETTINGS.day_after(day)
        for name, values in delivery[table].to_dict().items():
            if isinstance(values.dtype, pl.Datetime | pl.Date) and name not in AHEAD:
                latest = values.cast(pl.Datetime("us")).max()
                assert latest is None or (isinstance(latest, datetime) and latest < end), name


def test_every_week_brings_something(deliveries: dict[int, Delivery]) -> None:
    """Orders, labels, refunds and states arrive; nothing is withheld for ever."""
    for table in ("orders", "labels", "refunds", "reviews", "live_sessions", "buyers"):
        counts = [deliveries[day][table].height for day in sorted(deliveries)]
        assert counts == sorted(set(counts)), table
    first, second = (deliveries[day] for day in (100, 107))
    known = first["shipments"].drop_nulls("delivered_at").height
    order_ids = first["shipments"]["order_id"]
    later = second["shipments"].filter(pl.col("order_id").is_in(order_ids.implode()))
    assert later.drop_nulls("delivered_at").height > known


@pytest.mark.parametrize("day", [100, 107])
def test_payouts_know_no_refund_to_come(deliveries: dict[int, Delivery], day: int) -> None:
    """Each payout adds up from the refunds of its own delivery."""
    delivery = deliveries[day]
    orders = delivery["orders"].select("order_id", "paid_minor", "items_minor", "commission_rate")
    refunds = (
        delivery["refunds"]
        .drop_nulls("refunded_at")
        .select("order_id", "refunded_at", back="amount_minor")
    )
    rows = delivery["settlements"].select("order_id", "eligible_at", "amount_minor")
    rows = rows.join(orders, on="order_id").join(refunds, on="order_id", how="left")
    fees = delivery["commissions"].select("order_id", fee="amount_minor", due="eligible_at")
    rows = rows.join(fees, on="order_id", how="left")
    in_time = pl.col("refunded_at") < pl.col("eligible_at")
    back = pl.when(in_time).then("back").otherwise(0)
    owed = pl.col("paid_minor") - back - pl.col("fee").fill_null(0)
    rows = rows.with_columns(expected=pl.max_horizontal(owed, 0))
    assert rows["amount_minor"].to_list() == rows["expected"].to_list()
    share = 1.0 - pl.when(pl.col("refunded_at") < pl.col("due")).then("back").otherwise(0) / (
        pl.max_horizontal("paid_minor", 1)
    )
    fee = (pl.col("items_minor") * pl.col("commission_rate") * share + 1e-6).floor()
    owed_fee = rows.drop_nulls("fee").select("fee", expected=fee.cast(pl.Int64))
    assert owed_fee["fee"].to_list() == owed_fee["expected"].to_list()


def test_a_week_more_is_made_of_the_same_world(tmp_path: Path) -> None:
    """It is current before and after, remembers how far it is, and ends with a sentence."""
    out = tmp_path / "world"
    generate(out, replace(SETTINGS, orders=6_000))
    assert read_world(out)[1] == 100
    assert advance(out, 7) == 107
    settings, delivered = read_world(out)
    assert delivered == 107
    assert is_current(out, settings)
    with pytest.raises(BadSettings, match="14 days of"):
        advance(out, 15)
    advance(out, 14)
    with pytest.raises(BadSettings, match="left to deliver"):
        advance(out, 1)


def test_a_folder_without_a_world_cannot_advance(tmp_path: Path) -> None:
    """It says what to make."""
    with pytest.raises(NotASampleWorld, match="ringfence demo"):
        advance(tmp_path, 7)


def test_at_least_the_planned_days_are_delivered_at_first() -> None:
    """The stories need their ninety days."""
    with pytest.raises(BadSettings, match="held_back"):
        WorldSettings(days=100, held_back=11)
