"""Density by chance on graphs small enough to count by hand, and what one thing less leaves."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations

import duckdb
import polars as pl
import pytest

import queries
from pipeline.tables import store

DAY = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored
Tie = tuple[str, str, str, float]


def database(
    ties: list[Tie], rings: dict[str, str], cells: dict[str, int] | None = None
) -> duckdb.DuckDBPyConnection:
    """A build with these ties (src, dst, thing, weight) and the ring of each account."""
    con = duckdb.connect()
    frame = pl.DataFrame(
        [
            (f"buyer:{a}", f"buyer:{b}", "device", thing, weight, 2, DAY, DAY)
            for a, b, thing, weight in ties
        ],
        schema=(
            *("src", "dst", "relation", "thing_id", "weight"),
            *("evidence_count", "first_seen_at", "last_seen_at"),
        ),
        orient="row",
    )
    store(con, "rings.ties", frame)
    things = [(f"buyer:{n}", "device", t, 1) for t, n in {(t, n) for *ns, t, _ in ties for n in ns}]
    schema = ("node", "relation", "thing_id", "evidence_count")
    store(con, "rings.things", pl.DataFrame(things, schema=schema, orient="row"))
    store(con, "rings.targets", pl.DataFrame(things, schema=schema, orient="row").clear())
    members = pl.DataFrame(
        [(ring, "buyer", name, f"buyer:{name}") for name, ring in rings.items()],
        schema=("ring_id", "entity_type", "entity_id", "node"),
        orient="row",
    )
    store(con, "rings.members", members.drop("node"))
    in_cells = pl.DataFrame({"node": members["node"]}).with_columns(
        cluster=pl.lit(1), cell=pl.Series([(cells or {}).get(name, 1) for name in rings])
    )
    store(con, "rings.actors", in_cells)
    store(con, "rings.chains", pl.DataFrame({"cluster": [1], "chain": [1]}))
    roster = members.select("node", "entity_type", "entity_id", cluster=pl.lit(1))
    store(con, "rings.roster", roster)
    return con


def clique(names: str, thing: str, weight: float = 1.0) -> list[Tie]:
    """Everybody has one thing in common."""
    return [(a, b, thing, weight) for a, b in combinations(names, 2)]


def test_chance_gives_what_the_degrees_give() -> None:
    """Two triangles: six pairs, two partners each; three such by chance have 1 pair of theirs.

    Every two members expect 2 * 2 / (2 * 6) = 1/3 of a tie, three pairs of them one.
    """
    ties = [*clique("abc", "x"), *clique("def", "y")]
    con = database(ties, dict.fromkeys("abc", "r1") | dict.fromkeys("def", "r2"))
    rows = queries.run(con, "rings/densities").sort("ring_id")
    assert rows["tied_pairs"].to_list() == [3, 3]
    assert rows["density"].to_list() == [1.0, 1.0]
    assert rows["chance_pairs"].to_list() == pytest.approx([1.0, 1.0])


def test_a_hub_is_expected_to_be_tied() -> None:
    """One member who knows everybody raises what chance gives, not what there is."""
    ties = [*clique("abc", "x"), *clique("def", "y")]
    calls = [("a", name, f"z{name}", 1.0) for name in "def"]
    quiet = queries.run(database(ties, dict.fromkeys("abc", "r")), "rings/densities")
    hub = queries.run(database([*ties, *calls], dict.fromkeys("abc", "r")), "rings/densities")
    assert quiet["tied_pairs"].item() == hub["tied_pairs"].item() == 3
    assert hub["chance_pairs"].item() > quiet["chance_pairs"].item()


def test_a_second_thing_of_the_same_pair_adds_no_pair() -> None:
    """Pairs are counted, not things."""
    ties = [*clique("abc", "x"), *clique("abc", "y")]
    rows = queries.run(database(ties, dict.fromkeys("abc", "r")), "rings/densities")
    assert (rows["tied_pairs"].item(), rows["tied_count"].item()) == (3, 3)


def evidence(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, object]]:
    """What ties each account, by it and the thing."""
    rows = queries.run(con, "rings/tie_evidence", pair_weight=2.0, resolution=0.15)
    return {(row["node"], row["thing_id"]): row for row in rows.iter_rows(named=True)}


def test_who_hangs_on_one_device_is_out_without_it() -> None:
    """`e` shares one device with `a`; the others have two things and lose little of either."""
    ties = [*clique("abcd", "x"), *clique("abcd", "y"), ("a", "e", "z", 1.0)]
    rows = evidence(database(ties, dict.fromkeys("abcde", "r")))
    assert rows["buyer:e", "z"]["loss_share"] == 1.0
    assert not rows["buyer:e", "z"]["is_tied_without"]
    assert rows["buyer:b", "x"]["loss_share"] == 0.5
    assert rows["buyer:b", "x"]["is_tied_without"]
    assert rows["buyer:a", "x"]["partner_count"] == 3
    assert rows["buyer:a", "x"]["evidence_count"] == 4


def test_a_third_thing_of_a_pair_is_no_loss() -> None:
    """Two things in common are as good as ten."""
    ties = [tie for thing in "xyz" for tie in clique("abc", thing)]
    rows = evidence(database(ties, dict.fromkeys("abc", "r")))
    assert {row["loss_share"] for row in rows.values()} == {0.0}


def test_ties_to_another_cell_hold_nobody_alone() -> None:
    """Rings put together from cells: a member stays by its own cell."""
    ties = [*clique("abc", "x"), *clique("def", "y"), ("a", "d", "z", 1.0)]
    cells = dict.fromkeys("abc", 1) | dict.fromkeys("def", 2)
    rows = evidence(database(ties, dict.fromkeys("abcdef", "r"), cells))
    assert not rows["buyer:a", "x"]["is_tied_without"]
    assert rows["buyer:a", "z"]["is_tied_without"]


def test_without_its_evidence_a_member_has_no_tie() -> None:
    """Deleting what somebody shares removes the tie, and nobody else's."""
    ties = [*clique("abc", "x"), ("a", "d", "z", 1.0)]
    con = database(ties, dict.fromkeys("abcd", "r"))
    con.execute("delete from rings.ties where thing_id = 'z'")
    con.execute("delete from rings.things where thing_id = 'z'")
    assert {node for node, _ in evidence(con)} == {"buyer:a", "buyer:b", "buyer:c"}
