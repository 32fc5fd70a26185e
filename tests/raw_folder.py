"""A tiny legal delivery: a few rows of every raw table, made from the contract.

Tests that break one rule start from this folder, change one frame and look at
what is said about it, so each test names only the column that matters.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from queries.contract import VECTOR, RawColumn, RawTable, raw_tables

if TYPE_CHECKING:
    from pathlib import Path

CORE = ("merchants", "products", "buyers", "orders")
"""The tables without which nothing can be built."""
ROWS = 3
MARKETS = ROWS
"""Most rows of `markets`: a build compares each announced change with every market."""
DAYS = 20
"""Days over which the rows of a table are spread."""
START = datetime(2026, 6, 1)  # noqa: DTZ001 - instants of the contract are UTC without zone
TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "varchar": pl.String,
    "boolean": pl.Boolean,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "date": pl.Date,
    "timestamp": pl.Datetime("us"),
    VECTOR: pl.List(pl.Float64),
}
LATER = {"registered_at": 0, "published_at": 2, "listed_at": 1, "started_at": 2, "starts_at": 0}


def frames(rows: int = ROWS) -> dict[str, pl.DataFrame]:
    """Every raw table with some legal rows, row i of one referring to row i of another."""
    return {table.name: _frame(table, rows) for table in raw_tables().values()}


def around(name: str, rows: int = ROWS) -> dict[str, pl.DataFrame]:
    """The core, one table more, those that refer to it, and all that these refer to.

    A whole delivery takes three times as long to check.
    """
    contracts = raw_tables()
    followers = {table.name for table in contracts.values() if name in _owners(table)}
    own = {*CORE, name, *followers}
    while more := {owner for one in own for owner in _owners(contracts[one])} - own:
        own |= more
    return {table.name: _frame(table, rows) for table in contracts.values() if table.name in own}


def write(folder: Path, tables: dict[str, pl.DataFrame]) -> Path:
    """Write the tables as Parquet into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """A table as CSV can hold it: lists as text."""
    lists = [name for name, type_ in frame.schema.items() if isinstance(type_, pl.List)]
    return frame.with_columns(pl.Series(name, map(str, frame[name].to_list())) for name in lists)


def _owners(table: RawTable) -> set[str]:
    """The tables that a table refers to."""
    columns = table.columns.values()
    return {one.references.partition(".")[0] for one in columns if one.references}


def _frame(table: RawTable, count: int) -> pl.DataFrame:
    columns = table.columns.values()
    most = {"display_currency": 1, "markets": MARKETS}.get(table.name, count)  # pages show one
    own = range(min(count, most))
    rows = [{column.name: _value(table, column, i) for column in columns} for i in own]
    return pl.DataFrame(rows, schema={c.name: TYPES[c.type] for c in columns}, orient="row")


def _value(table: RawTable, column: RawColumn, i: int) -> Any:
    if column.type == "varchar":
        return _word(table, column, i)
    if column.type == "date":
        return date(2026, 6, 10) + timedelta(days=i % DAYS)
    if column.type == "timestamp":
        return START + timedelta(days=10 + i % DAYS, minutes=_place(table, column))
    if column.type in ("boolean", VECTOR):
        return [1.0, float(i), -0.5] if column.type == VECTOR else False
    if column.name == "usd_per_unit":
        return 1.0
    return max(column.min or 0, 0) if column.max else 10


def _word(table: RawTable, column: RawColumn, i: int) -> str:
    if column.is_time_zone:
        return "Asia/Jakarta"
    if column.is_currency:
        return "USD"
    if column.one_of:
        return column.one_of[0]
    if column.entity_type_in:
        return f"{table.columns[column.entity_type_in].one_of[0]}_id_{i}"
    name = column.references.partition(".")[2] or column.name
    return f"{name}_{i % MARKETS if name == 'market' else i}"


def _place(table: RawTable, column: RawColumn) -> int:
    """Minutes after the row's start: later columns later, tables after their owners."""
    if column.name in LATER:
        return 60 * LATER[column.name]
    place = list(table.columns).index(column.name)
    if "order_id" in table.columns and table.name != "orders":
        return 60 * 17 + 20 * place
    return 60 * (3 + place)
