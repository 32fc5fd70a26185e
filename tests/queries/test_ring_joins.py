"""Crowds nobody suspects, fronts of stolen cards and chains of one owner, on hand-made worlds."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest

import queries
from pipeline.settings.rings import RingSettings
from pipeline.tables import store

SETTINGS = RingSettings()
DAY = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored
ORDERS = {
    "buyer_id": pl.String,
    "merchant_id": pl.String,
    "product_id": pl.String,
    "address_id": pl.String,
    "created_at": pl.Datetime,
    "counted_at": pl.Datetime,
}
Order = tuple[str, str, str, float]
"""Buyer, shop, address and hours after the first; each shop has one listing of its name."""


def run(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """A query with the settings of a build."""
    names = [column.name for column in queries.get(name).params]
    return queries.run(con, name, **{param: getattr(SETTINGS, param) for param in names})


def with_orders(orders: list[Order]) -> duckdb.DuckDBPyConnection:
    """A build with these orders."""
    con = duckdb.connect()
    rows = [
        (buyer, shop, f"p_{shop}", address, *[DAY + timedelta(hours=hours)] * 2)
        for buyer, shop, address, hours in orders
    ]
    store(con, "staging.orders", pl.DataFrame(rows, schema=ORDERS, orient="row"))
    return con


def crowd_world(days_apart: float, surfaced: str = "odd") -> duckdb.DuckDBPyConnection:
    """Ten accounts buy at two small shops; a thousand others buy elsewhere."""
    both = [
        (f"b{n}", shop, f"a{n}", 24.0 * days_apart * n / 9)
        for n in range(10)
        for shop in ("odd", "even")
    ]
    others = [(f"c{n}", "big", f"ac{n}", float(n)) for n in range(1000)]
    con = with_orders([*both, *others])
    store(
        con,
        "staging.products",
        pl.DataFrame({"product_id": [f"p_{s}" for s in ("odd", "even", "big")]}).with_columns(
            merchant_id=pl.col("product_id").str.strip_prefix("p_")
        ),
    )
    store(
        con,
        "scores.anomalies",
        pl.DataFrame({"entity_type": "merchant", "entity_id": surfaced, "is_surfaced": [True]}),
    )
    return con


def test_a_crowd_that_came_to_two_odd_shops_within_days_is_found() -> None:
    """All ten and both shops; nobody of the thousand."""
    rows = run(crowd_world(days_apart=4), "rings/crowds")
    accounts = rows.filter(pl.col("entity_type") == "buyer")
    assert sorted(accounts["entity_id"]) == [f"b{n}" for n in range(10)]
    shops = rows.filter(pl.col("entity_type") == "merchant")
    assert sorted(shops["entity_id"]) == ["even", "odd"]


@pytest.mark.parametrize(("days_apart", "surfaced"), [(60.0, "odd"), (4.0, "big")])
def test_regulars_and_shops_that_stand_out_in_nothing_are_no_crowd(
    days_apart: float, surfaced: str
) -> None:
    """Two shops on one street share customers all year; others nobody looks at."""
    assert run(crowd_world(days_apart, surfaced), "rings/crowds").is_empty()


def relay_world(addresses: int, hours: float) -> duckdb.DuckDBPyConnection:
    """Customers of `front`; what they ordered is bought elsewhere by two accounts."""
    orders = []
    for n in range(6):
        address = f"a{n % addresses}"
        orders += [(f"c{n}", "front", address, 48.0 * n)]
        orders += [(f"b{n % 2}", "real", address, 48.0 * n + hours)]
    con = with_orders(orders)
    actors = pl.DataFrame({"node": ["buyer:b0", "buyer:b1"], "cluster": 7})
    store(con, "rings.actors", actors)
    return con


def test_a_front_belongs_to_those_who_buy_for_its_customers() -> None:
    """Six customers, six addresses, two accounts."""
    row = run(relay_world(addresses=6, hours=5.0), "rings/relays").row(0, named=True)
    assert (row["node"], row["cluster"]) == ("merchant:front", 7)
    assert (row["member_count"], row["address_count"]) == (2, 6)


@pytest.mark.parametrize(("addresses", "hours"), [(1, 5.0), (6, 40.0), (6, -5.0)])
def test_neighbours_are_no_front(addresses: int, hours: float) -> None:
    """One dormitory is one address; days later, or before, is no relay."""
    assert run(relay_world(addresses, hours), "rings/relays").is_empty()


def chained(relations: tuple[str, ...]) -> list[int]:
    """Chains of clusters 1 to 3; the sellers of 1 and 2 have these things in common."""
    con = duckdb.connect()
    store(con, "rings.actors", pl.DataFrame({"node": ["a", "b", "c"], "cluster": [1, 2, 3]}))
    sellers = pl.DataFrame({"node": ["merchant:1", "merchant:2"], "cluster": [1, 2]})
    store(con, "rings.sellers", sellers)
    store(con, "rings.relays", sellers.clear())
    ties = pl.DataFrame({"relation": relations}, schema={"relation": pl.String})
    store(con, "rings.ties", ties.with_columns(src=pl.lit("merchant:1"), dst=pl.lit("merchant:2")))
    return run(con, "rings/chains").sort("cluster")["chain"].to_list()


def test_one_owner_makes_one_case() -> None:
    """A payout account and an address are an owner; a warehouse, or bought shops, are none."""
    assert chained(("bank_account", "address")) == [1, 1, 3]
    assert chained(("address",)) == [1, 2, 3]
    assert chained(("address", "same_shop")) == [1, 2, 3]
