"""The raw tables on an engine: Parquet where it lies, anything else as Parquet in the lake.

The contract check has looked at every row by then, on the builder's machine, and its views type
the columns and lack what was set aside. The engine gets the same rows, counted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

import queries
from pipeline.engines.lake import address, parts
from pipeline.engines.translation import translated, view_name
from pipeline.errors import BuildError, InputError

if TYPE_CHECKING:
    import duckdb

    from pipeline.engines.lake import Lake
    from pipeline.inputs.raw_check import Checked
    from pipeline.inputs.raw_views import Delivered

PLAIN_TYPES = frozenset(
    ("varchar", "boolean", "integer", "bigint", "double", "date", "timestamp"),
)
"""Types of a Parquet column that every engine reads alike."""
_VIEWS = "select view_name, sql from duckdb_views() where schema_name = 'raw' order by view_name"


def open_on_engine(con: duckdb.DuckDBPyConnection, checked: Checked, lake: Lake) -> None:
    """Make every `raw` view of `con` readable on the engine, with the same rows.

    Raises InputError where there is no order, BuildError where the engine reads other rows than
    were checked.
    """
    for name, text in con.execute(_VIEWS).fetchall():
        body = sqlglot.parse_one(text, read="duckdb").expression
        delivered = checked.tables.get(name)
        if delivered and lies_plain(body, delivered) and not repeats_partition(con, delivered):
            _open_in_place(con, lake, body, delivered)
        else:
            lake.copy(con, f"raw.{name}")
        _refuse_other_rows(con, lake, name)


def lies_plain(body: exp.Expr, delivered: Delivered) -> bool:
    """Whether a typed view is a select of one table of Parquet on a path, of plain types."""
    sources = {f"{one.db}.{one.name}" for one in body.find_all(exp.Table)}
    is_parquet = delivered.source.format == "parquet" and Path(delivered.source.place).exists()
    is_plain = PLAIN_TYPES.issuperset(delivered.types.values())
    return is_parquet and is_plain and sources == {f"delivered.{delivered.name}"}


def repeats_partition(con: duckdb.DuckDBPyConnection, delivered: Delivered) -> bool:
    """Whether files hold the column that their folders are named by: Sail would have it twice."""
    place = Path(delivered.source.place)
    part = next(iter(parts(place)), None)
    if part is None:
        return False
    folders = {one.partition("=")[0] for one in part.relative_to(place).parts[:-1] if "=" in one}
    rows = con.execute("select name from parquet_schema($file)", {"file": str(part)}).fetchall()
    return bool(folders & {row[0] for row in rows})


def _open_in_place(
    con: duckdb.DuckDBPyConnection, lake: Lake, body: exp.Expr, delivered: Delivered
) -> None:
    """By the reader of files, which finds the partitions; a table would have none at first."""
    name, place = delivered.name, Path(delivered.source.place).resolve()
    files = lake.session.read.parquet(address(place))
    files.createOrReplaceTempView(view_name(f"delivered.{name}"))
    described = con.execute(f"describe raw.{name}").fetchall()
    types = {row[0]: row[1].lower() for row in described}
    schema = {"delivered": {name: delivered.types}}
    typed = translated(f"raw.{name}", body.sql(dialect="duckdb"), schema, types, {})[-1]
    lake.session.sql(typed.sql).createOrReplaceTempView(typed.view)


def _refuse_other_rows(con: duckdb.DuckDBPyConnection, lake: Lake, name: str) -> None:
    checked = queries.row_count(con, f"raw.{name}")
    read = lake.session.table(view_name(f"raw.{name}")).count()
    if read != checked:
        raise BuildError(
            f"The engine reads {read:,} rows of {name}, the contract check {checked:,}.",
            "Both were expected to see the same files.",
            "Put the raw tables where builder and engine see them under one path, and let "
            "nobody write to them while they are built from.",
        )
    if name == "orders" and not read:
        raise InputError(
            "The delivery holds no orders.",
            "At least 30 days of orders were expected.",
            "Name the folder that holds them: ringfence build --data DIR",
        )
