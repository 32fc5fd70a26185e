"""What the rest of a build and the app read, from the lake into the served file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot

import queries
from pipeline.engines.lake import parts
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb


def publish(
    con: duckdb.DuckDBPyConnection,
    name: str,
    folder: Path,
    types: Mapping[str, str],
    catalog: str = "",
) -> int:
    """Make the table of the query `name` of the rows in `folder`; how many there are.

    They lie in the order that the query asks for, by which a page finds its rows sooner.
    `catalog` is as for `queries.make_table`.
    """
    table = queries.get(name).table
    columns = ", ".join(
        f'cast("{column}" as {kind}) as "{column}"' for column, kind in types.items()
    )
    rows = f"select {columns} from {_source(folder, types)}"
    queries.make_table(con, table, f"{rows} {_order(name)}", catalog)
    return queries.row_count(con, table)


def rows_in(con: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """How many rows a folder of the lake holds."""
    return queries.row_count(con, _read(parts(folder))) if parts(folder) else 0


def _source(folder: Path, types: Mapping[str, str]) -> str:
    files = parts(folder)
    if files:
        return _read(files)
    nulls = ", ".join(f'cast(null as {kind}) as "{column}"' for column, kind in types.items())
    return f"(select {nulls} where false)"


def _read(files: list[Path]) -> str:
    listed = ", ".join(quoted(str(file)) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _order(name: str) -> str:
    order = sqlglot.parse_one(queries.get(name).sql, read="duckdb").args.get("order")
    return order.sql(dialect="duckdb") if order else ""
