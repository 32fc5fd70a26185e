"""Money is worth the same however many decimals its currency has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.inputs import ingest
from queries.contract import currencies
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("minor", "currency", "rate", "usd"),
    [
        (1200, "USD", 1.0, 12.0),
        (1200, "IDR", 0.0001, 0.0012),  # sen exist on paper, and in ISO 4217
        (1200, "JPY", 0.0066, 7.92),
        (1200, "jpy", 0.0066, 7.92),
        (250_000, "VND", 0.00004, 10.0),
        (12_345, "KWD", 3.25, 40.12125),
        (12_345, "CLF", 40.0, 49.38),
    ],
)
def test_minor_units_are_those_of_the_currency(
    minor: int, currency: str, rate: float, usd: float
) -> None:
    """No currency is worth a hundred times more or less than it is."""
    with duckdb.connect() as con:
        for name in ("minor_per_unit", "usd"):
            con.execute(queries.macros()[name])
        parts = {"minor": minor, "currency": currency, "rate": rate}
        assert queries.scalar(con, "select usd($minor, $currency, $rate)", parts) == (
            pytest.approx(usd)
        )


def test_minor_units_are_told_of_currencies_that_there_are() -> None:
    """Whoever mistypes a code among those without cents, or drops one from the list, is told."""
    named = re.findall(r"'([A-Z]+)'", queries.macros()["minor_per_unit"])
    assert len(named) > 20
    assert len(set(named)) == len(named)
    assert set(named) <= currencies()


@pytest.mark.slow
def test_a_marketplace_in_yen_is_worth_what_it_is_in_dollars(tmp_path: Path) -> None:
    """Every sum of staging: the same money delivered in whole yen."""
    in_dollars = raw_folder.frames()
    money = {name: frame for name, frame in in_dollars.items() if "usd_per_unit" in frame.columns}
    for name, frame in money.items():
        minor = [column for column in frame.columns if column.endswith("_minor")]
        in_dollars[name] = frame.with_columns(
            pl.lit("USD").alias("currency"),
            pl.lit(1.0).alias("usd_per_unit"),
            *(pl.lit(12_300, pl.Int64).alias(column) for column in minor),
        )
    orders = in_dollars["orders"]
    paid = pl.when(pl.int_range(orders.height) > 0).then("paid_at")
    in_dollars["orders"] = orders.with_columns(paid_at=paid)  # one was never paid
    in_yen = {
        name: frame.with_columns(
            pl.lit("JPY").alias("currency"),
            pl.lit(0.01).alias("usd_per_unit"),
        )
        if name in money
        else frame
        for name, frame in in_dollars.items()
    }
    sums = [
        sums_in(raw_folder.write(tmp_path / name, tables))
        for name, tables in (("usd", in_dollars), ("jpy", in_yen))
    ]
    assert sums[0] == pytest.approx(sums[1])
    assert min(sums[0].values()) > 0


def sums_in(folder: Path) -> dict[str, float]:
    """Every amount of staging in USD, by table and column, summed."""
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, folder, None, lambda *_: None)
        return {
            f"{table}.{column}": queries.scalar(con, f"select sum({column}) from staging.{table}")
            for table, column in con.execute(
                "select table_name, column_name from duckdb_columns() "
                "where schema_name = 'staging' and column_name like '%\\_usd' escape '\\'"
            ).fetchall()
        }


def test_no_query_counts_minor_units_by_itself() -> None:
    """One macro says how many there are in a unit."""
    by_itself = re.compile(r"_minor\b[^,\n]*/")
    assert [name for name in queries.names() if by_itself.search(queries.get(name).sql)] == []
