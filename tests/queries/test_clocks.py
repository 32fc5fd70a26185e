"""Whose clock the days of a market follow, and which of them the data hold whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from pipeline.inputs import ingest
from tests import raw_folder
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AS_OF = date(2026, 6, 11)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Shops of four markets, of which one delivered no time zone; ten days of orders."""
    with duckdb.connect() as connection:
        create_schemas(connection)
        connection.execute(
            """
            create table staging.merchants as
            select unnest(['US', 'ID', 'GB', 'BR']) as market, market as merchant_id;
            create table staging.creators as select 'US' as market;
            create table staging.buyers as select 'US' as market;
            create table staging.orders as
            select date '2026-06-01' as day, 'US' as merchant_id, false as is_sample
            union all select date '2026-06-02', 'BR', true;
            create table staging.markets as
            select unnest(['US', 'ID', 'GB']) as market,
                unnest(['America/Chicago', 'Asia/Jakarta', 'Europe/London']) as time_zone;
            """
        )
        queries.build(connection, "metrics/clocks", as_of=AS_OF)
        queries.build(connection, "metrics/local_days")
        yield connection


def clock(con: duckdb.DuckDBPyConnection, market: str) -> tuple[object, ...]:
    """Zone, whether it is the default, first and last whole day."""
    columns = "time_zone, is_default, first_whole_day, last_whole_day"
    sql = f"select {columns} from metrics.clocks where market = ?"
    [row] = con.execute(sql, [market]).fetchall()
    return tuple(row)


def test_a_market_that_sold_nothing_is_said_to_have_no_orders(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Free samples are no sales."""
    sql = "select market from metrics.clocks where has_orders"
    assert con.execute(sql).fetchall() == [("US",)]


@pytest.mark.parametrize(
    ("market", "zone", "first", "last"),
    [
        ("US", "America/Chicago", date(2026, 6, 1), date(2026, 6, 9)),
        ("ID", "Asia/Jakarta", date(2026, 6, 2), date(2026, 6, 10)),
        ("GB", "Europe/London", date(2026, 6, 2), date(2026, 6, 10)),
    ],
)
def test_days_cut_short_by_the_data_are_left_out(
    market: str, zone: str, first: date, last: date, con: duckdb.DuckDBPyConnection
) -> None:
    """Data from one UTC midnight to another begin and end in the middle of a local day."""
    assert clock(con, market) == (zone, False, first, last)
    sql = "select min(day), max(day), count(*) from metrics.local_days where market = ?"
    days = con.execute(sql, [market]).fetchall()
    assert days == [(first, last, (last - first).days + 1)]


def test_a_market_without_a_time_zone_has_days_in_utc(con: duckdb.DuckDBPyConnection) -> None:
    """Every day of the data is whole there, and it is marked as not told."""
    assert clock(con, "BR") == ("UTC", True, date(2026, 6, 1), date(2026, 6, 10))


def test_summer_time_is_the_zones_own(con: duckdb.DuckDBPyConnection) -> None:
    """Half past five in the morning, UTC, is the day before in Chicago in winter alone."""
    con.execute(queries.macros()["local_day"])
    sql = "select local_day(?, 'America/Chicago')"
    winter, summer = (datetime(2026, month, 10, 5, 30) for month in (1, 7))  # noqa: DTZ001 - UTC
    assert con.execute(sql, [winter]).fetchall() == [(date(2026, 1, 9),)]
    assert con.execute(sql, [summer]).fetchall() == [(date(2026, 7, 10),)]


@pytest.mark.slow
def test_markets_may_be_left_out_of_a_delivery(tmp_path: Path) -> None:
    """Then nobody told a time zone, and that is no fault."""
    folder = raw_folder.write(tmp_path, raw_folder.frames())
    (folder / "markets.parquet").unlink()
    with duckdb.connect() as own:
        ingest.write(own, folder, None, lambda *_: None)
        assert queries.row_count(own, "staging.markets") == 0
        assert queries.row_count(own, "staging.orders") > 0
