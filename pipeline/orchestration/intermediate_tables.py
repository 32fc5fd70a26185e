"""Where the tables lie that only other tables are made of: in a file that ends with the build.

A step finds them under their own names, as views. So the served file never holds their blocks,
and nothing is copied to be rid of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.orchestration.served_tables import served_steps, sql_steps
from queries.literals import quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.settings.build import Settings

CATALOG = "intermediate"


def catalogs(settings: Settings) -> dict[str, str]:
    """The catalog of each SQL step whose table the served file does not hold."""
    if settings.keeps_every_table:
        return {}
    return {step: CATALOG for step in sql_steps() if step not in served_steps()}


def attach(con: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Open the file of these tables beside the database `work`, with the schema of every step.

    Two steps that make the same schema at once would end each other.
    """
    con.execute(f"attach {quoted(str(_file(work)))} as {CATALOG}")
    for schema in sorted({step.partition("/")[0] for step in sql_steps()}):
        con.execute(f"create schema {CATALOG}.{schema}")


def leave_out(con: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Drop the views of these tables, and their file."""
    views = "select schema_name, view_name from duckdb_views() where not internal"
    for schema, view in con.execute(views).fetchall():
        con.execute(f"drop view {schema}.{view}")
    con.execute(f"detach {CATALOG}")
    _file(work).unlink()


def _file(work: Path) -> Path:
    return work.with_name(f"{work.name}.{CATALOG}")
