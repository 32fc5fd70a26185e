"""Statements put to a marketplace, built whole or as far as its features."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.inputs import ingest
from pipeline.settings.build import Settings
from tests.schemas import FEATURES, write_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Rows of one statement."""
    found: pl.DataFrame = con.sql(sql).pl()
    return found


def count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """How many rows a statement returns."""
    return int(queries.scalar(con, f"select count(*) from ({sql})"))


@contextmanager
def features_of(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The features of a folder of raw tables, in memory."""
    with duckdb.connect() as con:
        ingest.write(con, folder, None, lambda *_: None)
        write_schemas(con, ("graph", *FEATURES), Settings())
        yield con
