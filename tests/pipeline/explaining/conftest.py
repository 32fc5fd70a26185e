"""One explained marketplace for every test of this folder; they only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.explaining import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import polars as pl


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Scored and explained."""
    with explained.build() as connection:
        yield connection


@pytest.fixture(scope="session")
def parts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every contribution."""
    rows: pl.DataFrame = con.sql("select * from explanations.contributions").pl()
    return rows
