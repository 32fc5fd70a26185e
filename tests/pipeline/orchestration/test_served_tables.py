"""What is read of a finished file is in it, and what only builds it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from pipeline.build import Order
from pipeline.live.eligible import needed_tables, only_built
from pipeline.orchestration.served_tables import served_steps, sql_steps, tables_named_in
from queries.literals import quoted
from queries.vocabulary import ENTITY_TYPES
from tests.every_table import EVERY_TABLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.build_cache import BuildCache

TABLES = "select schema_name || '.' || table_name from duckdb_tables() where database_name = $name"
OF_THE_BUILD = {"meta.build", "meta.training", "scores.history_builds"}
"""Tables that say of which settings a build was made."""


@pytest.fixture(scope="module")
def both(
    plain: Path, build_cache: BuildCache, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """A file as it is served, and one of the same delivery that keeps every table."""
    folder = tmp_path_factory.mktemp("kept")
    served = build_cache.build(Order(plain, folder / "served")).database
    every = build_cache.build(Order(plain, folder / "every", EVERY_TABLE)).database
    assert list(served.parent.glob("*.next*")) == []
    con = duckdb.connect()
    for name, path in (("served", served), ("every", every)):
        con.execute(f"attach {quoted(str(path))} as {name} (read_only)")
    return con


def tables(con: duckdb.DuckDBPyConnection, catalog: str) -> set[str]:
    """The tables of a file."""
    return {row[0] for row in con.execute(TABLES, {"name": catalog}).fetchall()}


def test_every_table_that_a_page_or_a_check_reads_is_served(
    both: duckdb.DuckDBPyConnection,
) -> None:
    """Each query that builds nothing finds its tables, those of the live lane aside."""
    readers = [name for name in queries.names() if name not in sql_steps()]
    read = {table for name in readers for table in queries.reads(name)}
    built = {queries.get(step).table for step in sql_steps()}
    assert len(readers) > 200
    assert read & built <= tables(both, "served")


def test_the_live_lane_finds_what_it_leaves_empty(both: duckdb.DuckDBPyConnection) -> None:
    """It takes their columns from the file, by names that only the running program has."""
    compared = only_built() & needed_tables(frozenset(ENTITY_TYPES))
    assert compared
    assert compared <= tables(both, "served")


def test_what_only_other_tables_are_made_of_is_left_out(both: duckdb.DuckDBPyConnection) -> None:
    """And no view of it stays; a file that keeps every table has it."""
    left_out = {queries.get(step).table for step in set(sql_steps()) - served_steps()}
    assert "windows.seller_rates" in left_out
    assert tables(both, "every") - tables(both, "served") == left_out
    views = "select view_name from duckdb_views() where not internal"
    assert both.execute(views).fetchall() == []


def test_the_rows_are_the_same(both: duckdb.DuckDBPyConnection) -> None:
    """Where the tables lie that others are made of changes no row."""
    different = []
    for table in sorted(tables(both, "served") - OF_THE_BUILD):
        rows = [
            both.execute(f"select count(*), sum(hash(t)) from {one}.{table} as t").fetchall()
            for one in ("served", "every")
        ]
        if rows[0] != rows[1]:
            different.append(table)
    assert different == []


def test_a_text_that_says_what_a_program_is_for_reads_nothing(tmp_path: Path) -> None:
    """A table is read where a value names it, not where a docstring does."""
    program = tmp_path / "page.py"
    program.write_text('"""Like `windows.bursts`."""\nSQL = f"from drift.bins where {1}"\n')
    assert tables_named_in((str(program),)) == {"drift.bins"}
    assert tables_named_in((str(program),), "served.") == set()
