"""Several lines bought at once are one purchase, not a burst of orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

import queries

START = datetime(2026, 6, 1, 9)  # noqa: DTZ001 - instants of the contract are UTC without zone
LINES = 4
TABLES = (
    "facts/buyer_hours",
    "facts/busy_hours",
    "days/burst_days",
    "windows/buyer_rhythms",
)


def rhythm(lines: int, *, at_once: bool) -> dict[str, pl.DataFrame]:
    """What is known of the rhythm of 12 purchases of so many lines each, a day apart."""
    rows = [
        {
            "order_id": f"o{purchase:02}-{line}",
            "purchase_id": f"c{purchase:02}" if at_once else f"o{purchase:02}-{line}",
            "buyer_id": "b1",
            "merchant_id": "m1",
            "product_id": f"p{line}",
            "creator_id": None,
            "created_at": START + timedelta(days=purchase),
            "hour_at": START + timedelta(days=purchase),
            "day": (START + timedelta(days=purchase)).date(),
            "paid_usd": 8.0 / lines,
        }
        for purchase in range(12)
        for line in range(lines)
    ]
    keys = [("merchant", "m1", 1), ("buyer", "b1", 2)]
    with duckdb.connect() as con:
        con.execute("create schema facts; create schema days")
        con.register("rows", pl.DataFrame(rows, schema_overrides={"creator_id": pl.String}))
        con.execute("create table facts.order_facts as from rows")
        con.register(
            "entities",
            pl.DataFrame(
                [(*key, 12 * lines) for key in keys],
                schema=["entity_type", "entity_id", "entity_key", "orders"],
                orient="row",
            ),
        )
        con.execute("create table days.order_days as from entities")
        made = {}
        for name in TABLES:
            queries.build(con, name)
            made[name] = con.sql(f"from {queries.get(name).table} order by all").pl()
    return made


@pytest.fixture(scope="module")
def alone() -> dict[str, pl.DataFrame]:
    """Purchases of one line, as a marketplace without baskets delivers them."""
    return rhythm(1, at_once=True)


@pytest.mark.parametrize("name", TABLES)
def test_a_basket_has_the_rhythm_of_one_order(name: str, alone: dict[str, pl.DataFrame]) -> None:
    """Gaps, busiest hours and minutes and the usual sum are of purchases."""
    baskets = rhythm(LINES, at_once=True)[name]
    dull = {"order_id", "entity_id", "entity_key"}
    columns = [column for column in baskets.columns if column not in dull]
    assert baskets.select(columns).equals(alone[name].select(columns))


def test_the_same_lines_without_a_checkout_are_a_burst(alone: dict[str, pl.DataFrame]) -> None:
    """Nothing else tells them apart: four orders in a second are four orders."""
    each = rhythm(LINES, at_once=False)
    assert each["facts/buyer_hours"]["orders"].to_list() == [LINES] * 12
    assert alone["facts/buyer_hours"].is_empty()
    assert each["days/burst_days"]["max_ten_minute_orders"].to_list() == [LINES] * 12
    assert alone["days/burst_days"]["max_ten_minute_orders"].to_list() == [1] * 12
