"""The schemas of a built database, for tests that fill or build some of them alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.orchestration import scheduler
from pipeline.orchestration.stages import sql_writers, stage_of, step_reads
from pipeline.similarity import lockstep_cores

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pipeline.settings.build import Settings

FEATURES = (*("facts", "days", "similarity", "population", "windows", "surroundings", "features"),)
"""Schemas that hold what is asked of a snapshot, lowest first."""


def create_schemas(con: duckdb.DuckDBPyConnection) -> None:
    """Make every schema that SQL files write to."""
    for schema in queries.BUILT_SCHEMAS:
        con.execute(f"create schema if not exists {schema}")


@contextmanager
def empty_tables(tables: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with these tables, the columns of each by its name, and no row."""
    with duckdb.connect() as con:
        create_schemas(con)
        for table, columns in tables.items():
            con.execute(f"create table {table} ({columns})")
        yield con


def write_schemas(
    con: duckdb.DuckDBPyConnection, schemas: Collection[str], settings: Settings
) -> None:
    """Build the tables of some schemas; what they read of others is there already."""
    every = step_reads()
    steps = [step for step in every if stage_of(step) in schemas]
    reads = {step: tuple(one for one in every[step] if one in steps) for step in steps}
    create_schemas(con)
    writers = {**sql_writers(settings), "similarity/lockstep_cores": lockstep_cores.write}
    scheduler.run(con, reads, writers, lambda *_: None)
