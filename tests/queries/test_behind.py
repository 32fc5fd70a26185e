"""Who is behind a change: exact parts by entity, ring and typology, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

BEFORE, AFTER = date(2026, 7, 1), date(2026, 7, 2)
# order, day, buyer, merchant, creator, refunded, USD
ORDERS = (
    ("o1", BEFORE, "b1", "m1", None, 0, 10.0),
    ("o2", BEFORE, "b2", "m1", "c1", 1, 10.0),
    ("o3", BEFORE, "b3", "m2", None, 0, 20.0),
    ("o4", BEFORE, "b4", "m2", None, 0, 20.0),
    ("o5", AFTER, "b1", "m1", None, 0, 10.0),
    ("o6", AFTER, "b5", "m2", "c1", 1, 30.0),
    ("o7", AFTER, "b5", "m2", None, 1, 30.0),
    ("o8", AFTER, "b6", "m2", None, 1, 30.0),
    ("o9", AFTER, "b3", "m2", None, 0, 20.0),
)
MEMBERS = (
    ("r1", "buyer", "b5", "worker", "T9"),
    ("r1", "merchant", "m9", "shop", "T9"),
    ("r2", "buyer", "b6", "worker", "T3"),
    ("r2", "merchant", "m1", "victim", "T3"),
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Nine orders of two shops, and two rings."""
    with duckdb.connect() as con:
        con.execute("create schema metrics")
        con.execute("create schema rings")
        con.execute(
            "create table metrics.order_outcomes (order_id varchar, day date, buyer_id varchar,"
            " merchant_id varchar, creator_id varchar, refunded_orders integer,"
            " gmv_usd decimal(18, 6), orders integer, product_id varchar, market varchar,"
            " category varchar, channel varchar, merchant_tier varchar, buyer_age varchar,"
            " payment_method varchar, creator_tier varchar)"
        )
        con.executemany(
            "insert into metrics.order_outcomes values (?, ?, ?, ?, ?, ?, ?, 1, 'p1', 'SG',"
            " 'Toys', 'live', 'new', 'guest', 'card', 'none')",
            ORDERS,
        )
        con.execute(
            "create table rings.members (ring_id varchar, entity_type varchar, entity_id varchar,"
            " role varchar, typology varchar)"
        )
        con.executemany("insert into rings.members values (?, ?, ?, ?, ?)", MEMBERS)
        con.execute("create table rings.rings (ring_id varchar, typology varchar)")
        con.execute("insert into rings.rings values ('r1', 'T9'), ('r2', 'T3')")
        yield con


def behind(con: duckdb.DuckDBPyConnection, entity_type: str, **more: Any) -> pl.DataFrame:
    """The refund rate's change from one day to the next, or what `more` asks."""
    asked = {
        "numerator": "refunded_orders",
        "denominator": "orders",
        "filters": [],
        "markets": [],
        "since": AFTER,
        "until": AFTER,
        "before_since": BEFORE,
        "before_until": BEFORE,
        "limit": 100,
    }
    return queries.run(con, "pages/metrics/behind", entity_type=entity_type, **asked | more)


def changes(frame: pl.DataFrame) -> dict[str | None, float]:
    """By id."""
    return dict(frame.select("entity_id", "change").iter_rows())


@pytest.mark.parametrize(
    "entity_type", ["merchant", "product", "creator", "buyer", "ring", "typology"]
)
def test_rows_add_up_to_the_change(con: duckdb.DuckDBPyConnection, entity_type: str) -> None:
    """Of the rate (1 of 4 to 3 of 5), and of a sum (60 to 120 dollars)."""
    rate = behind(con, entity_type)
    assert rate["change"].sum() == pytest.approx(3 / 5 - 1 / 4, abs=1e-8)
    assert rate["share"].sum() == pytest.approx(1.0)
    money = behind(con, entity_type, numerator="gmv_usd", denominator="")
    assert money["change"].sum() == pytest.approx(60.0)


def test_the_share_of_the_change_is_what_ranks(con: duckdb.DuckDBPyConnection) -> None:
    """m1 was half of the refunds' shops and shrank; m2 made all of the change and more."""
    middle = (1 / 4 + 3 / 5) / 2
    frame = behind(con, "merchant")
    assert frame["entity_id"].to_list() == ["m2", "m1"]
    own = changes(frame)
    assert own["m2"] == pytest.approx((3 - middle * 4) / 5 - (0 - middle * 2) / 4)
    assert own["m1"] == pytest.approx((0 - middle) / 5 - (1 - middle * 2) / 4)
    assert frame["before"].to_list() == [0.0, 1.0]
    assert frame["after"].to_list() == [3.0, 0.0]


def test_rings_have_the_orders_of_their_members_but_not_of_their_victims(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """b5's two orders, b6's one; m1 is a victim, so its orders are of no ring."""
    rings = {row["entity_id"]: row for row in behind(con, "ring").iter_rows(named=True)}
    assert {name: row["n"] for name, row in rings.items()} == {"r1": 2, "r2": 1, None: 2}
    assert rings["r1"]["typology"] == "T9"
    assert rings["r1"]["after"] == 2.0
    typologies = behind(con, "typology")
    assert set(typologies["entity_id"]) == {"T9", "T3", None}
    buyers = {row["entity_id"]: row for row in behind(con, "buyer").iter_rows(named=True)}
    assert buyers["b5"]["ring_id"] == "r1"
    assert buyers["b1"]["ring_id"] is None


def test_a_longer_period_before_is_scaled(con: duckdb.DuckDBPyConnection) -> None:
    """Two days against one: half of what they held."""
    frame = behind(
        con, "merchant", numerator="gmv_usd", denominator="", before_since=date(2026, 6, 30)
    )
    assert changes(frame) == pytest.approx({"m1": 10.0 - 10.0, "m2": 110.0 - 20.0})


def test_filters_and_empty_slices(con: duckdb.DuckDBPyConnection) -> None:
    """Another market has nobody; a period without orders has no rate to change."""
    assert behind(con, "merchant", filters=["market=US"]).is_empty()
    assert behind(con, "merchant", markets=["US"]).is_empty()
    lonely = behind(con, "merchant", before_since=date(2020, 1, 1), before_until=date(2020, 1, 1))
    assert lonely["change"].null_count() == lonely.height


def test_days_keep_apart_what_rings_have_a_part_in(con: duckdb.DuckDBPyConnection) -> None:
    """And say what the largest shop had of a day."""
    frame = queries.run(
        con,
        "pages/metrics/movement_days",
        numerator="refunded_orders",
        denominator="orders",
        filters=[],
        since=BEFORE,
        until=AFTER,
    )
    assert frame.rows() == [
        ("SG", BEFORE, False, 1.0, 4.0, 1.0),
        ("SG", AFTER, False, 0.0, 2.0, 0.0),
        ("SG", AFTER, True, 3.0, 3.0, 3.0),
    ]
