"""Whoever one hand may hold is in one ring, and no ring swallows everybody."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest

from pipeline.learning.rings import rings
from tests.pipeline import tiny
from tests.schemas import create_schemas

AS_OF = tiny.AS_OF
EDGE = {"src": pl.String, "dst": pl.String, "relation": pl.String, "weight": pl.Float64}
CORE = {"buyer_id": pl.String, "as_of": pl.Date, "group_id": pl.String}


def ring_of(
    entity_type: str,
    names: list[str],
    *ties: tuple[str, str, str, float],
    cores: tuple[tuple[str, str | None], ...] = (),
    share: float = 1.0,
) -> list[list[str]]:
    """The rings of some names, each sorted, from (one, other, relation, weight) and groups."""
    nodes = [(f"{entity_type}:{a}", f"{entity_type}:{b}", what, w) for a, b, what, w in ties]
    with duckdb.connect() as con:
        create_schemas(con)
        tiny.put(con, "graph.edges", pl.DataFrame(nodes, schema=EDGE, orient="row"))
        rows = [(buyer, AS_OF, group) for buyer, group in cores]
        tiny.put(con, "similarity.lockstep_cores", pl.DataFrame(rows, schema=CORE, orient="row"))
        tiny.put(con, "staging.products", tiny.products())
        number = rings(con, entity_type, names, share)
    assert number.dtype == np.int64
    members: dict[int, list[str]] = {}
    for one, name in zip(number.tolist(), names, strict=True):
        members.setdefault(one, []).append(name)
    return sorted(sorted(ring) for ring in members.values())


def test_a_shared_identifier_ties_and_a_network_does_not() -> None:
    """A carrier's address is everybody's."""
    ties = (("a", "b", "shares_device", 1.0), ("b", "c", "shares_ip", 1.0))
    assert ring_of("buyer", ["a", "b", "c"], *ties) == [["a", "b"], ["c"]]


def test_trade_with_each_other_ties_nobody() -> None:
    """Everybody buys from a popular shop."""
    assert ring_of("buyer", ["a", "b"], ("a", "b", "bought_from", 9.0)) == [["a"], ["b"]]


def test_somebody_nobody_judged_ties_two_who_were() -> None:
    """The middleman takes no room, though he is not among those asked about."""
    ties = (("a", "x", "shares_device", 1.0), ("x", "b", "shares_address", 1.0))
    assert ring_of("buyer", ["a", "b", "c"], *ties, share=0.67) == [["a", "b"], ["c"]]


def test_accounts_in_lockstep_are_one_ring() -> None:
    """A ring that rotates identifiers is found by when it met."""
    cores = (("a", "a"), ("b", "a"), ("c", None))
    assert ring_of("buyer", ["a", "b", "c"], cores=cores) == [["a", "b"], ["c"]]


def test_listings_are_in_the_ring_of_their_shops() -> None:
    """Two shops on one bank account: their listings hang together."""
    listings = [tiny.name("product", n) for n in range(3)]
    shops = [f"merchant:{tiny.name('merchant', n)}" for n in range(2)]
    with duckdb.connect() as con:
        create_schemas(con)
        edge = [(shops[0], shops[1], "shares_bank_account", 1.0)]
        tiny.put(con, "graph.edges", pl.DataFrame(edge, schema=EDGE, orient="row"))
        tiny.put(con, "staging.products", tiny.products())
        number = rings(con, "product", listings, 1.0)
    assert number[0] == number[1] != number[2]


@pytest.mark.parametrize("order", [1, -1])
def test_the_strongest_ties_fill_a_ring_first(order: int) -> None:
    """Two of four at most: weak ties give way, in whatever order they were delivered."""
    ties = (
        ("a", "b", "shares_device", 0.9),
        ("b", "c", "shares_device", 0.2),
        ("c", "d", "shares_device", 0.5),
    )
    names = ["a", "b", "c", "d"]
    assert ring_of("buyer", names, *ties[::order], share=0.5) == [["a", "b"], ["c", "d"]]
