"""A delivery says in which currency pages show money, with a rate that is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.inputs.raw_check import check
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

CORE = ("merchants", "products", "buyers", "orders")


def faults(folder: Path, *rows: tuple[str, float | None]) -> list[str]:
    """What is said of a delivery whose orders are in yen."""
    tables = {name: frame for name, frame in raw_folder.frames().items() if name in CORE}
    yen = {"currency": pl.lit("JPY"), "usd_per_unit": pl.lit(0.0067)}
    tables["orders"] = tables["orders"].with_columns(**yen)
    columns = {"currency": pl.String, "usd_per_unit": pl.Float64}
    tables["display_currency"] = pl.DataFrame(list(rows), schema=columns, orient="row")
    with duckdb.connect() as con:
        return [
            str(fault)
            for fault in check(con, raw_folder.write(folder, tables))
            if "display_currency" in fault.file
        ]


@pytest.mark.parametrize("row", [("JPY", None), ("EUR", 1.1), ("USD", None)])
def test_a_currency_with_a_rate_passes(row: tuple[str, float | None], tmp_path: Path) -> None:
    """The rate of its own orders, one delivered, or dollars, which need none."""
    assert faults(tmp_path, row) == []


def test_what_pages_cannot_show_is_refused(tmp_path: Path) -> None:
    """Two of them, one without a rate, or no currency at all: each with its remedy."""
    (two,) = faults(tmp_path / "two", ("JPY", None), ("EUR", 1.1))
    assert "more than one currency to show money in (EUR, JPY)" in two
    (none,) = faults(tmp_path / "none", ("EUR", None))
    assert "no order is in EUR. Deliver usd_per_unit" in none
    (unknown,) = faults(tmp_path / "unknown", ("ZZZ", 1.0))
    assert "ZZZ" in unknown


@pytest.mark.parametrize(
    ("delivered", "rate", "day"), [(None, 0.008, date(2026, 9, 29)), (0.5, 0.5, None)]
)
def test_the_rate_is_of_the_last_day_with_an_order(
    delivered: float | None, rate: float, day: date | None
) -> None:
    """The median of that day, unless one was delivered; decimals are those of ISO 4217."""
    with duckdb.connect() as con:
        con.execute("create schema raw")
        con.execute("create schema staging")
        con.execute(
            "create table raw.display_currency as select 'JPY' as currency, "
            "cast($rate as double) as usd_per_unit",
            {"rate": delivered},
        )
        con.execute(
            "create table raw.orders as select * from (values "
            "('JPY', 0.005, timestamp '2026-09-28 23:00'), "
            "('JPY', 0.007, timestamp '2026-09-29 01:00'), "
            "('JPY', 0.008, timestamp '2026-09-29 02:00'), "
            "('JPY', 0.009, timestamp '2026-09-29 03:00'), "
            "('USD', 1.0, timestamp '2026-09-30 01:00')"
            ") as orders (currency, usd_per_unit, created_at)"
        )
        queries.build(con, "staging/display_currency")
        (row,) = queries.run(con, "pages/data/currency").rows(named=True)
    assert row["code"] == "JPY"
    assert row["decimals"] == 0
    assert row["per_usd"] == pytest.approx(1 / rate)
    assert row["rate_day"] == day
