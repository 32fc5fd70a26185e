"""Groups that are no ring: a warehouse, a dormitory, a flatmate."""

from __future__ import annotations

from itertools import combinations

import duckdb
import polars as pl
import pytest

import queries

DORM = [f"buyer:{name}" for name in "abcde"]


def _roster(ties: list[tuple[str, str, str, str]], suspicion: float) -> list[str]:
    """The nodes that stay of one group with these ties: src, dst, relation, thing_id."""
    nodes = sorted({node for tie in ties for node in tie[:2]})
    frames = {
        "core": pl.DataFrame(
            {"node": nodes, "cluster": [1] * len(nodes), "joined_by": ["tie"] * len(nodes)}
        ),
        "further_accounts": pl.DataFrame(schema={"node": pl.String, "cluster": pl.Int64}),
        "suspects": pl.DataFrame({"node": nodes, "suspicion": [suspicion] * len(nodes)}),
        "ties": pl.DataFrame(ties, schema=["src", "dst", "relation", "thing_id"], orient="row"),
    }
    with duckdb.connect() as con:
        con.execute("create schema rings")
        for name, frame in frames.items():
            con.register("_frame", frame)
            con.execute(f"create table rings.{name} as select * from _frame")
        queries.build(con, "rings/roster", least_actors=2, even_suspicion=0.5)
        return [row[0] for row in con.sql("select node from rings.roster order by node").fetchall()]


def _all(relation: str, thing: str, nodes: list[str] = DORM) -> list[tuple[str, str, str, str]]:
    return [(a, b, relation, thing) for a, b in combinations(nodes, 2)]


@pytest.mark.parametrize("suspicion", [0.1, 0.9])
def test_one_address_is_a_dormitory(suspicion: float) -> None:
    """Whatever its people are suspected of, each on their own."""
    assert _roster(_all("address", "adr_1"), suspicion) == []


def test_who_shares_more_than_an_address_is_a_ring() -> None:
    """A device of two of them, or what they did at the same time."""
    for more in ("device", "same_hour"):
        ties = [*_all("address", "adr_1"), (DORM[0], DORM[1], more, "dev_1")]
        assert _roster(ties, 0.9) == DORM


def test_one_device_is_a_ring_of_the_suspected_only() -> None:
    """An address is where people live, a device is in one hand."""
    assert _roster(_all("device", "dev_1"), 0.9) == DORM
    assert _roster(_all("device", "dev_1"), 0.1) == []
