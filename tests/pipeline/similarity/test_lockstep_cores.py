"""Core numbers and groups are exact: as networkx peels, on any graph and on the built one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import queries
from pipeline.similarity.lockstep_cores import COLUMNS, GROUPED_FROM, cores, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    Pair = tuple[str, str]
    Rows = dict[str, tuple[int, str | None]]

DAY, LATER = date(2026, 3, 1), date(2026, 3, 8)
ACCOUNTS = [f"b{number:02d}" for number in range(14)]
PAIRS = st.sets(
    st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    max_size=60,
)


def both_ways(as_of: date, pairs: Iterable[Pair]) -> pl.DataFrame:
    """The pairs as the stage reads them."""
    rows = [(as_of, *ends) for one, other in pairs for ends in ((one, other), (other, one))]
    schema = {"as_of": pl.Date, "buyer_id": pl.String, "partner_id": pl.String}
    return pl.DataFrame(rows, schema, orient="row")


def expected(pairs: Iterable[Pair]) -> Rows:
    """Core number and group of each account, by networkx."""
    graph: nx.Graph[str] = nx.Graph(pairs)
    numbers, core = nx.core_number(graph), nx.k_core(graph, GROUPED_FROM)
    groups = {name: min(part) for part in nx.connected_components(core) for name in part}
    return {name: (number, groups.get(name)) for name, number in numbers.items()}


def rows_at(as_of: date, made: pl.DataFrame) -> Rows:
    """What was made for one snapshot."""
    own = made.filter(pl.col("as_of") == as_of)
    assert own["buyer_id"].is_unique().all()
    return {name: (core, group) for name, _, core, group in own.iter_rows()}


@pytest.mark.slow  # peels 300 graphs
@settings(max_examples=300, deadline=None)
@given(PAIRS, PAIRS)
def test_random_graphs_are_peeled_as_in_the_literature(pairs: set[Pair], later: set[Pair]) -> None:
    """At each of two snapshots, which do not touch each other."""
    made = cores(pl.concat([both_ways(DAY, pairs), both_ways(LATER, later)]))
    assert rows_at(DAY, made) == expected(pairs)
    assert rows_at(LATER, made) == expected(later)


@pytest.mark.slow  # peels thousands of pairs twice
@pytest.mark.parametrize("seed", range(3))
def test_a_graph_of_thousands_of_pairs_is_peeled_exactly(seed: int) -> None:
    """With a power law of partners, dense in the middle, as accounts have them."""
    graph = nx.barabasi_albert_graph(2000, 4, seed=seed)
    dense = nx.compose(graph, nx.gnp_random_graph(60, 0.5, seed=seed))
    pairs = [(f"b{min(pair):04d}", f"b{max(pair):04d}") for pair in dense.edges]
    assert rows_at(DAY, cores(both_ways(DAY, pairs))) == expected(pairs)


def test_a_long_chain_of_triangles_is_one_group() -> None:
    """However many steps apart its ends are; a tail of chance pairs is in no group."""
    triangles = [
        pair
        for place in range(0, 40, 2)
        for pair in (
            (f"b{place:02d}", f"b{place + 1:02d}"),
            (f"b{place:02d}", f"b{place + 2:02d}"),
            (f"b{place + 1:02d}", f"b{place + 2:02d}"),
        )
    ]
    made = rows_at(DAY, cores(both_ways(DAY, [*triangles, ("b40", "c00"), ("c00", "c01")])))
    assert {made[f"b{place:02d}"] for place in range(41)} == {(2, "b00")}
    assert made["c00"] == made["c01"] == (1, None)


def test_a_market_without_pairs_has_an_empty_table() -> None:
    """The table stands with its columns, and nobody is in it."""
    with duckdb.connect() as con:
        con.execute("create schema graph")
        con.execute("create schema facts")
        con.execute("create table facts.snapshots as select date '2026-03-01' as as_of")
        columns = "width_hours bigint, buyer_id varchar, partner_id varchar, reached_day date"
        con.execute(f"create table graph.lockstep_pairs ({columns})")
        write(con, lambda *_: None)
        assert queries.row_count(con, "similarity.lockstep_cores") == 0


def test_the_built_table_is_what_its_columns_say(con: duckdb.DuckDBPyConnection) -> None:
    """Names, order, types and one row per account and snapshot."""
    rows = con.execute("describe similarity.lockstep_cores").fetchall()
    assert {str(row[0]): str(row[1]).lower() for row in rows} == COLUMNS
    assert [row[0] for row in rows] == list(COLUMNS)
    key = "count(*) = count(distinct (buyer_id, as_of))"
    assert queries.scalar(con, f"select {key} from similarity.lockstep_cores")


def test_every_snapshot_of_the_built_world_is_exact(con: duckdb.DuckDBPyConnection) -> None:
    """The pairs that were reached before it, and no others."""
    snapshots = con.execute("select distinct as_of from similarity.lockstep_cores").fetchall()
    assert len(snapshots) > 5
    asked = "select buyer_id, partner_id from graph.lockstep_pairs where reached_day < $as_of"
    for (as_of,) in snapshots:
        pairs = con.execute(asked, {"as_of": as_of}).fetchall()
        own = "select * from similarity.lockstep_cores where as_of = $as_of"
        made = con.sql(own, params={"as_of": as_of}).pl()
        assert rows_at(as_of, made) == expected(pairs)
