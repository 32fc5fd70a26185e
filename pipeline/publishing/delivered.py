"""What was delivered: rows and first and last day of every raw table, as this build took them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.tables import store
from queries.contract import raw_tables

if TYPE_CHECKING:
    import duckdb

DELIVERED: dict[str, type[pl.DataType]] = {
    "table_name": pl.String,
    "row_count": pl.Int64,
    "clock": pl.String,
    **dict.fromkeys(("first_at", "last_at"), pl.Datetime),
}
"""Columns of `meta.delivered`; `clock` is the column whose first and last value stand there, null
for tables without one."""
_CLOCKS = ("created_at", "known_at")
"""When a row came to be, where a table has several instants; else its first one."""


_ROWS = {
    "orders": "(select created_at from staging.orders union all "
    "select created_at from staging.unpaid_orders)",
    "placeholders": "(from staging.placeholders where reason = 'delivered')",
}
"""Where the rows of a raw table stand, if not all and only in the staging table of its name."""


def write(con: duckdb.DuckDBPyConnection) -> None:
    """Make `meta.delivered` from staging, a row per table of the contract."""
    rows = [_row(con, name) for name in raw_tables()]
    store(con, "meta.delivered", pl.DataFrame(rows, schema=DELIVERED, orient="row"))


def _row(con: duckdb.DuckDBPyConnection, name: str) -> tuple[object, ...]:
    columns = queries.get(f"staging/{name}").returns
    instants = [column.name for column in columns if column.type in {"timestamp", "date"}]
    clock = next((one for one in _CLOCKS if one in instants), next(iter(instants), None))
    ends = f"cast(min({clock}) as timestamp), cast(max({clock}) as timestamp)"
    rows = _ROWS.get(name, f"staging.{name}")
    sql = f"select count(*), {ends if clock else 'null, null'} from {rows}"
    count, first, last = con.execute(sql).fetchall()[0]
    return name, count, clock, first, last
