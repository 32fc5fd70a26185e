"""Bring raw tables into staging, or refuse it with every fault named.

Raw tables stay where they are: views read them in place and only what staging
keeps is written, so a large delivery is never copied twice. Because rows that break
a rule are set aside here, staging need not look for one again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.errors import InputError
from pipeline.inputs.external_scores import ENTITIES
from pipeline.inputs.faults import many
from pipeline.inputs.raw_check import Checked, examine
from pipeline.inputs.raw_views import leave_empty
from pipeline.inputs.set_aside import SCHEMA, write_set_aside
from pipeline.inputs.sources import release_source
from pipeline.tables import store
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

    from pipeline.settings.inputs import InputSettings

NOBODY = pl.DataFrame(schema=ENTITIES)
SHOWN_FAULTS = 8
"""Faults spelled out in one message: more is a list nobody reads."""


def write(
    con: duckdb.DuckDBPyConnection,
    data: Path | str | None,
    labels: pl.DataFrame | None,
    on_progress: Callable[[str, int], None],
    settings: InputSettings | None = None,
    scored: pl.DataFrame = NOBODY,
) -> None:
    """Build every `staging` table from the source `data`, with analysts' own `labels` added.

    Raises InputError as `prepare` does.
    """
    prepare(con, data, labels, settings, scored)
    for name in queries.build_order("staging"):
        on_progress(name, queries.build(con, name))
    release(con)


def prepare(
    con: duckdb.DuckDBPyConnection,
    data: Path | str | None,
    labels: pl.DataFrame | None,
    settings: InputSettings | None = None,
    scored: pl.DataFrame = NOBODY,
) -> Checked:
    """Make the views `raw.<table>` that `staging` reads, and say what they are made of.

    Without a source every raw table is empty, and the entities are those that `scored` names
    (columns `external_scores.ENTITIES`). Makes `meta.delivery` and `meta.set_aside` too. Raises
    InputError naming file, column, row count and remedy of each fault, where more rows have one
    than may be set aside.
    """
    checked = _no_raw_tables(con) if data is None else examine(con, data, settings)
    refusals = checked.refusals
    if refusals:
        first = "\n  ".join(str(fault) for fault in refusals[:SHOWN_FAULTS])
        raise InputError(
            f"{many(len(refusals), 'fault')} in {data}:\n  {first}\n",
            "Raw tables that keep the contract in queries/contracts/raw.toml were expected.",
            f"Mend them and look again: ringfence check {data}",
        )
    _write_delivery(con, checked)
    complete_raw(con, labels, scored if data is None else NOBODY)
    return checked


def complete_raw(
    con: duckdb.DuckDBPyConnection,
    labels: pl.DataFrame | None = None,
    scored: pl.DataFrame = NOBODY,
) -> None:
    """The raw views that no file of the delivery gives: verdicts of our own, scored entities."""
    _add_labels(con, labels)
    con.register("scored_entities", scored)
    con.execute("create table delivered.scored_entities as select * from scored_entities")
    con.execute("create view raw.scored_entities as select * from delivered.scored_entities")
    con.unregister("scored_entities")


def _no_raw_tables(con: duckdb.DuckDBPyConnection) -> Checked:
    """Views `raw.<table>` without rows: scores alone are shown."""
    for schema in ("delivered", "raw", SCHEMA):
        con.execute(f"create schema {schema}")
    for table in raw_tables().values():
        leave_empty(con, table)
    return Checked([], None)


def _write_delivery(con: duckdb.DuckDBPyConnection, checked: Checked) -> None:
    """`meta.set_aside`, and in `meta.delivery` the days of the delivery and what was said of it."""
    write_set_aside(con, checked.reduced)
    clock = checked.clock
    row = {
        "first_day": [clock.first_day if clock else None],
        "as_of": [clock.as_of if clock else None],
        "is_as_of_asked": [clock.is_asked if clock else False],
        "rows_set_aside": [sum(one.set_aside for one in checked.outcomes.values())],
        "rows_left_out": [sum(one.left_out for one in checked.outcomes.values())],
        "summary": [" ".join(part for part in (checked.summary(), checked.unpaid) if part)],
    }
    store(con, "meta.delivery", pl.DataFrame(row, schema_overrides=_DELIVERY))


_DELIVERY = {"first_day": pl.Date, "as_of": pl.Date}


def _add_labels(con: duckdb.DuckDBPyConnection, labels: pl.DataFrame | None) -> None:
    """Put the casebook's verdicts, which alone say how sure they are, beside the delivered ones."""
    con.execute("alter view raw.labels rename to delivered_labels")
    sql = f"select *, {DELIVERED_LABEL} from raw.delivered_labels"
    if labels is not None:
        con.register("casebook_labels", labels.select(*raw_tables()["labels"].columns, *_OURS))
        con.execute("create table delivered.casebook_labels as select * from casebook_labels")
        con.unregister("casebook_labels")
        sql += " union all select * from delivered.casebook_labels"
    con.execute(f"create view raw.labels as {sql}")


_OURS = ("weight", "withdrawn_at")
DELIVERED_LABEL = "cast(1.0 as double) as weight, cast(null as timestamp) as withdrawn_at"
"""What a delivered label has besides, beside those of the casebook."""


def release(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the views over the delivered files: a built file must stand alone."""
    con.execute("drop schema raw cascade")
    con.execute("drop schema delivered cascade")
    con.execute(f"drop schema {SCHEMA} cascade")
    release_source(con)
