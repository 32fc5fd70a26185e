"""The days of a subject begin when it was there, and a usual level is one of these days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from dashboard.view_models.drift import METRICS
from dashboard.view_models.subject_facts import (
    SHOWN_DAYS,
    SubjectFact,
    chosen_fact,
    facts_of,
    tiles_of,
)
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST = date(2026, 9, 27)
FIRST = {
    # Registered at noon UTC, which is seven in the evening in Jakarta.
    "registered": date(2026, 8, 18),
    # Past midnight in Jakarta already.
    "evening": date(2026, 8, 19),
    "sold_before": date(2026, 8, 1),
    "undated": date(2026, 3, 2),
    "old": date(2026, 3, 2),
    "new": date(2026, 9, 21),
}
COUNTS = ("orders", "buyers", "refunded_orders", "voucher_orders", "crowded_device_orders")
OTHERS = ("ratings", "five_star_ratings", "late_dispatches", "deliveries", "light_parcels")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Six shops that sell one thing a day while they are there, and three in the last week."""
    zeros = ", ".join(f"0::bigint as {name}" for name in (*COUNTS[1:], *OTHERS))
    with duckdb.connect() as connection:
        create_schemas(connection)
        connection.execute(
            f"""
            create schema if not exists meta;
            create table meta.build as select date '2026-09-29' as as_of;
            create table metrics.clocks as
            select 'ID' as market, 'Asia/Jakarta' as time_zone, date '{LAST}' as last_whole_day;
            create table metrics.local_days as
            select 'ID' as market, cast(unnest(generate_series(
                timestamp '2026-03-02', timestamp '{LAST}', interval 1 day)) as date) as day,
                day <= date '2026-09-06' as is_mature;
            create table graph.entities as
            select 'merchant' as entity_type, 'ID' as market, * from (values
                ('registered', timestamp '2026-08-18 12:00:00'),
                ('evening', timestamp '2026-08-18 18:00:00'),
                ('sold_before', timestamp '2026-08-18 12:00:00'),
                ('undated', null),
                ('old', timestamp '2024-01-01'),
                ('new', timestamp '2026-09-26 12:00:00')) as t (entity_id, registered_at);
            create table metrics.merchant_days as
            select e.entity_id as merchant_id, d.day,
                if(d.day > date '{LAST}' - 7, 3, 1)::bigint as orders, 10.0 as gmv_usd, {zeros}
            from graph.entities as e cross join metrics.local_days as d
            where d.day >= case when e.entity_id = 'sold_before' then date '2026-08-01'
                else coalesce(cast(e.registered_at + interval 7 hour as date), '2026-09-01') end;
            """
        )
        yield connection


def _days(con: duckdb.DuckDBPyConnection, shop: str) -> pl.DataFrame:
    keys = [f"merchant:{shop}"]
    days = queries.run(con, "pages/investigate/merchant_days", keys=keys, days=SHOWN_DAYS)
    return days.drop("entity_key")


@pytest.mark.parametrize("shop", ["registered", "evening", "sold_before", "new"])
def test_days_begin_when_the_shop_was_there(con: duckdb.DuckDBPyConnection, shop: str) -> None:
    """On its own clock; with its first order where that came earlier; a whole week at least."""
    assert _days(con, shop)["day"][0] == FIRST[shop]


@pytest.mark.parametrize("shop", ["undated", "old"])
def test_quiet_days_of_who_was_there_stay(con: duckdb.DuckDBPyConnection, shop: str) -> None:
    """All days that are shown, also of who has no date of registration."""
    assert _days(con, shop).height == min(SHOWN_DAYS - 1, (LAST - FIRST[shop]).days + 1)


def test_a_usual_week_is_one_of_the_days_since_it_began(con: duckdb.DuckDBPyConnection) -> None:
    """One order a day is seven in a week, whether the shop is ninety days old or forty."""
    levels = pl.DataFrame(
        schema={
            "metric": pl.String,
            "is_group": pl.Boolean,
            "entities": pl.Int64,
            "grid": pl.List(pl.Float64),
        }
    )
    facts = {}
    for shop in ("registered", "old", "new"):
        [facts[shop]] = [
            one
            for one in facts_of("merchant", _days(con, shop), levels, None)
            if one.metric.code == "orders"
        ]
    assert (facts["registered"].short, facts["registered"].long) == (21.0, 7.0)
    assert (facts["registered"].before, facts["old"].before) == (34, 90)
    assert facts["old"].long == pytest.approx(7.0)
    assert (facts["new"].short, facts["new"].long) == (6.0, None)
    assert facts["new"].reason.startswith("only 0 days before")
    said = {}
    for shop, fact in facts.items():
        [tile] = tiles_of([fact], _days(con, shop), None, "orders")
        said[shop] = (tile.change, tile.definition.partition(".")[0])
    assert said["registered"] == (
        "3× usual",
        "Orders, last 7 days; beside it how many times the 34 days before",
    )
    assert said["new"] == ("", "Orders, last 7 days")


def test_the_fact_that_opens_says_something() -> None:
    """An account of a few days has no share of refunds yet, and opens on what it has."""
    refunds, orders = (
        SubjectFact(metric, short, None, None, is_of_group=False, middle=None, reason="")
        for metric, short in zip(METRICS["buyer"][:2], (None, 6.0), strict=True)
    )
    assert chosen_fact([refunds, orders], "") is orders
    assert chosen_fact([refunds, orders], refunds.metric.code) is refunds
    assert chosen_fact([refunds], "nothing") is refunds
