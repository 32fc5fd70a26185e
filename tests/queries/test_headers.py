"""The header of every SQL file is a contract, and this is where it is executed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

import queries
from queries.__main__ import markdown
from queries.signal_columns import signal_columns

if TYPE_CHECKING:
    from pipeline.build import Report

BUILT = [name for name in queries.names() if name.split("/")[0] in queries.BUILT_SCHEMAS]
LIVE = "pages/live/"
"""Queries over the live lane's record: tests/pipeline/live/test_record.py describes them."""
READ = [name for name in queries.names() if name not in BUILT and not name.startswith(LIVE)]
SAMPLES: dict[str, Any] = {
    "varchar": "",
    "bigint": 7,
    "double": 0.5,
    "date": date(2026, 9, 1),
    "boolean": True,
    "varchar[]": [],
    "bigint[]": [],
}


NAMED: dict[str, Any] = dict.fromkeys(("kpi", "metric", "numerator", "counted"), "orders")
"""What has to be the name of a metric or of a sum."""


def sample(column: queries.header.Column) -> Any:
    """A value that a parameter of a reading query may have."""
    return NAMED.get(column.name, SAMPLES[column.type])


def described(con: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> dict[str, str]:
    """Columns and types that DuckDB gives a statement."""
    rows = con.execute(f"describe {sql}", params or None).fetchall()
    return {str(row[0]): str(row[1]).lower() for row in rows}


@pytest.mark.parametrize("name", queries.names())
def test_parameters_are_those_the_header_declares(name: str) -> None:
    """DuckDB finds exactly the declared parameters in the statement."""
    query = queries.get(name)
    statements = duckdb.extract_statements(query.sql)
    assert len(statements) == 1
    assert set(statements[0].named_parameters) == {column.name for column in query.params}


@pytest.mark.parametrize("name", BUILT)
def test_a_built_table_has_the_declared_columns(name: str, con: duckdb.DuckDBPyConnection) -> None:
    """Names, order and types of a built table are those of its header.

    Feature tables end with the two that the packs add.
    """
    query = queries.get(name)
    declared = {column.name: column.type for column in query.returns}
    declared |= dict.fromkeys(signal_columns([], name), "double")
    found = described(con, f"select * from {query.table}", {})
    assert list(found) == list(declared)
    assert found == declared


@pytest.mark.parametrize("name", READ)
def test_a_read_query_returns_the_declared_columns(
    name: str, con: duckdb.DuckDBPyConnection
) -> None:
    """Names, order and types of what a page or evidence query returns are declared."""
    query = queries.get(name)
    params = {column.name: sample(column) for column in query.params}
    queries.define_macros(con, query)
    found = described(con, query.sql, params)
    assert found == {column.name: column.type for column in query.returns}
    assert list(found) == [column.name for column in query.returns]


@pytest.mark.parametrize("name", BUILT)
def test_the_grain_is_unique(name: str, con: duckdb.DuckDBPyConnection) -> None:
    """No two rows of a built table share the key its header names."""
    query = queries.get(name)
    key = ", ".join(query.grain)
    found = con.execute(f"select count(*), count(distinct ({key})) from {query.table}").fetchone()
    assert found is not None
    assert found[0] == found[1]


def test_a_table_is_ordered_by_its_own_columns() -> None:
    """What an engine wrote is put in that order where no table of the query is there any more."""
    ordered = {
        name: sqlglot.parse_one(queries.get(name).sql, read="duckdb").args.get("order")
        for name in BUILT
    }
    orders = {name: order for name, order in ordered.items() if order is not None}
    assert len(orders) > 5
    assert [
        name
        for name, order in orders.items()
        if any(one.table for one in order.find_all(exp.Column))
    ] == []


@pytest.mark.parametrize("name", queries.names())
def test_a_query_reads_only_earlier_stages(name: str) -> None:
    """The arrow of the stages never turns round."""
    order = ("raw", "staging", "graph", "facts", "days", "similarity", "population", "windows")
    order += ("surroundings", "features", "signals", "scores", "explanations", "communities")
    order += ("metrics", "drift", "alerts", "rings", "meta", "kpis")
    schema = queries.get(name).schema
    if schema in order:
        read = {table.partition(".")[0] for table in queries.reads(name)}
        assert all(order.index(other) <= order.index(schema) for other in read)


def test_the_map_of_queries_is_current() -> None:
    """queries/README.md is what `python -m queries` writes."""
    assert (queries.ROOT / "README.md").read_text(encoding="utf-8") == markdown()


def test_an_unknown_name_is_refused() -> None:
    """Asking for a query that is not there names the path it would have."""
    with pytest.raises(queries.QueryError, match="No query 'pages/nope'"):
        queries.get("pages/nope")


def test_undeclared_parameters_are_refused(con: duckdb.DuckDBPyConnection) -> None:
    """Values reach a query by its declared names only."""
    with pytest.raises(queries.QueryError, match="takes"):
        queries.run(con, "evidence/orders", entity_id="x")


def test_a_reader_cannot_reach_files(built: Report) -> None:
    """A read-only connection can neither read a file, attach one nor write."""
    with queries.connect(built.database) as con:
        for sql in (
            "select * from read_csv('/etc/passwd')",
            "attach ':memory:' as other",
            "create table t (x int)",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(sql)
