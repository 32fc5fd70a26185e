"""Sums of windows, however they are cut, are what counting the orders themselves gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import duckdb

PLACES = [
    ("merchant", "buyer", "counterparties_30d"),
    ("merchant", "device", "devices_30d"),
    ("creator", "buyer", "counterparties_30d"),
    ("creator", "device", "devices_30d"),
    ("product", "buyer", "counterparties_30d"),
]


@pytest.mark.parametrize(("entity_type", "party", "column"), PLACES)
def test_orders_less_those_of_who_came_back_are_the_distinct_parties(
    con: duckdb.DuckDBPyConnection, entity_type: str, party: str, column: str
) -> None:
    """At every snapshot, of every shop, creator and listing; some do come back."""
    rows = con.execute(
        f"select w.{column}, count(distinct f.{party}_id), count(*)"
        " from windows.entity_windows as w inner join facts.order_facts as f"
        f" on w.entity_type = '{entity_type}' and w.entity_id = f.{entity_type}_id"
        " and f.day < w.as_of and f.day >= w.as_of - 30"
        f" group by w.entity_id, w.as_of, w.{column}"
    ).fetchall()
    assert len(rows) > 1000
    assert any(orders > parties for _, parties, orders in rows)
    assert [stored for stored, _, _ in rows] == [parties for _, parties, _ in rows]


def test_a_buyers_shops_are_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    """At every snapshot, of every buyer, however often the same shop was visited."""
    rows = con.execute(
        "select w.counterparties_30d, count(distinct f.merchant_id), count(*)"
        " from windows.buyer_windows as w inner join facts.order_facts as f"
        " on w.buyer_id = f.buyer_id and f.day < w.as_of and f.day >= w.as_of - 30"
        " group by w.observation_id, w.counterparties_30d"
    ).fetchall()
    assert any(orders > shops for _, shops, orders in rows)
    assert [stored for stored, _, _ in rows] == [shops for _, shops, _ in rows]


def test_a_number_follows_type_and_id(con: duckdb.DuckDBPyConnection) -> None:
    """Rows sorted by number lie as if sorted by type and id, and every number is given once."""
    numbers = con.execute(
        "select entity_key from facts.entity_keys order by entity_type, entity_id"
    ).fetchall()
    assert [number for (number,) in numbers] == list(range(1, len(numbers) + 1))
