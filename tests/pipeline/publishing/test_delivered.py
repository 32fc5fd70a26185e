"""What the page Data says was delivered: every row that came, and no row of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipeline.publishing import delivered
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The staging tables of a small delivery, a third of whose orders was never paid."""
    from pipeline.inputs import ingest

    tables = raw_folder.frames(30)
    orders = tables["orders"].with_row_index("n")
    paid = orders["n"] % 3 != 0
    tables["orders"] = orders.with_columns(
        paid_at=orders["paid_at"].zip_with(paid, orders["paid_at"].clear(30))
    ).drop("n")
    with duckdb.connect() as own:
        ingest.write(own, raw_folder.write(tmp_path, tables), None, lambda *_: None)
        yield own


def test_orders_that_were_never_paid_were_delivered_too(con: duckdb.DuckDBPyConnection) -> None:
    """They count as attempts, and as rows that came."""
    delivered.write(con)
    counts = dict(con.execute("select table_name, row_count from meta.delivered").fetchall())
    assert counts["orders"] == 30
    assert counts["buyers"] == 30
    assert con.execute("select count(*) from staging.orders").fetchall() == [(20,)]


def test_placeholders_of_the_house_were_not_delivered(con: duckdb.DuckDBPyConnection) -> None:
    """Only a marketplace's own are: the house lists many more."""
    delivered.write(con)
    counts = dict(con.execute("select table_name, row_count from meta.delivered").fetchall())
    every = con.execute("select count(*) from staging.placeholders").fetchall()[0][0]
    own = con.execute("select count(*) from staging.placeholders where reason = 'delivered'")
    assert counts["placeholders"] == own.fetchall()[0][0]
    assert counts["placeholders"] < every
