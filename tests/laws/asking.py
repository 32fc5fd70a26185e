"""One statement put to a built marketplace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Rows of one statement."""
    found: pl.DataFrame = con.sql(sql).pl()
    return found


def count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """How many rows a statement returns."""
    return int(queries.scalar(con, f"select count(*) from ({sql})"))
