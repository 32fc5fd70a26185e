"""Which stages there are, what each reads, and how the SQL ones are written.

Nobody keeps a list of the order: an SQL stage says what it reads in its own text,
and the few stages in Python declare it here.
"""

from __future__ import annotations

from functools import partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import queries
from pipeline import schedule
from pipeline.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    import duckdb

    from pipeline.settings import Settings

SQL_SCHEMAS = ("graph", "features", "metrics", "alerts")


def stage_order(reads: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Stages after the stages they read, alphabetical where that leaves a choice."""
    sorter = TopologicalSorter({name: sorted(reads[name]) for name in sorted(reads)})
    sorter.prepare()
    done: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        done += ready
        sorter.done(*ready)
    return tuple(done)


def stage_reads() -> dict[str, tuple[str, ...]]:
    """Which stages each stage reads: SQL stages by their own text, others as declared."""
    declared: dict[str, tuple[str, ...]] = {
        "staging": (),
        "scores": ("features", "staging"),
        "explanations": ("features", "graph", "scores"),
        "communities": ("graph", "scores", "features", "staging"),
        "drift": ("features", "scores"),
    }
    for schema in SQL_SCHEMAS:
        tables = {table for name in queries.names(f"{schema}/") for table in queries.reads(name)}
        read = {table.partition(".")[0] for table in tables} - {schema}
        declared[schema] = tuple(sorted(read))
    return declared


def write_sql(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Build the tables of one SQL stage; parameters come from the settings by name.

    Two at a time where neither reads the other: a table has stretches that only one core
    can work on, its last sort or the writing of few rows.
    """
    order = queries.build_order(schema)
    tables = {queries.get(name).table: name for name in order}
    reads = {
        name: tuple(tables[one] for one in queries.reads(name) if tables.get(one, name) != name)
        for name in order
    }
    writers = {name: partial(_write_table, name, _given(con, settings, name)) for name in order}
    con.execute(f"create schema if not exists {schema}")
    schedule.run(con, order, reads, writers, lambda _, table, rows: on_progress(table, rows))


def _write_table(
    name: str,
    params: dict[str, Any],
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    on_progress(name, queries.build(con, name, **params))


def _given(con: duckdb.DuckDBPyConnection, settings: Settings, name: str) -> dict[str, Any]:
    return _parameters(con, settings, {column.name for column in queries.get(name).params})


def _parameters(
    con: duckdb.DuckDBPyConnection, settings: Settings, wanted: set[str]
) -> dict[str, Any]:
    """The values of `wanted` build parameters; `as_of` is read from the data."""
    known: dict[str, Any] = {
        **vars(settings.snapshots),
        **vars(settings.alerts),
        "after_days": settings.labels.after_days,
    }
    if "as_of" in wanted:
        known["as_of"] = as_of(con)
    missing = wanted - known.keys()
    if missing:
        raise BuildError(
            f"Queries ask for the parameters {sorted(missing)}.",
            f"A build knows {sorted(known)}.",
            "Add a field of that name to pipeline/settings.py, or mend the header.",
        )
    return {name: known[name] for name in wanted}


def as_of(con: duckdb.DuckDBPyConnection) -> date:
    """The day after the last day of orders: midnight, when all of it was known."""
    day: date | None = queries.scalar(con, "select max(day) + 1 from staging.orders")
    if day is None:
        raise BuildError(
            "The delivery holds no orders.",
            "At least 30 days of orders are needed for features and scores.",
            "Deliver orders, or try the sample: ringfence generate --out DIR",
        )
    return day
