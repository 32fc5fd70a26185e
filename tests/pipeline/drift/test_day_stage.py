"""Histograms of a tiny market become rows of every column, slice, day and comparison."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.drift import day_stage
from pipeline.drift.day_tests import day_tests
from pipeline.settings.build import DayDriftSettings

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 1, 1)
DAYS, ORDERS, LAUNCH = 60, 50, 50
READ = ("drift.bins", "drift.day_histograms", "metrics.clocks")
"""What a build and the next one make the table of."""


def orders() -> pl.DataFrame:
    """Fifty orders a day of two markets; in B a third of all pay with a new method at the end."""
    number = pl.int_range(0, DAYS * ORDERS * 2, eager=True)
    rows = pl.DataFrame({"order_id": number.cast(pl.String)}).with_columns(
        day=number // (ORDERS * 2), market=pl.Series(["A", "B"] * (DAYS * ORDERS))
    )
    new = (pl.col("market") == "B") & (pl.col("day") >= LAUNCH) & (number // 2 % 3 == 0)
    return rows.with_columns(
        day=pl.lit(FIRST) + pl.duration(days=pl.col("day")),
        cluster_id=pl.col("order_id"),
        cluster_share=1.0,
        amount_usd=(number * 37 % 101).cast(pl.Float64),
        payment_method=pl.when(new).then(pl.lit("tap")).otherwise(pl.lit("card")),
    )


def with_histograms(own: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A database with the histograms of some orders."""
    connection = duckdb.connect()
    for schema in ("drift", "metrics", "staging"):
        connection.execute(f"create schema {schema}")
    declared = [(one.name, one.type) for one in queries.get("drift/order_values").returns]
    columns = ", ".join(f"{name} {type_}" for name, type_ in declared)
    connection.execute(f"create table drift.order_values ({columns})")
    connection.register("own", own)
    connection.execute("insert into drift.order_values by name select * from own")
    connection.execute(
        "create table metrics.clocks as select market, 'UTC' as time_zone, "
        "date '2026-01-01' as first_whole_day, date '2026-03-01' as last_whole_day "
        "from (values ('A'), ('B')) as t(market)"
    )
    for name in ("columns", "bins", "day_histograms"):
        queries.build(connection, f"drift/{name}")
    return connection


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The tables of drift by day, of two columns that say something."""
    connection = with_histograms(orders())
    connection.execute(
        "create table metrics.events as select 'evt_1' as event_id, 'B' as market, "
        "timestamp '2026-02-20' as starts_at, timestamp '2026-02-21' as ends_at"
    )
    day_stage.write(connection, lambda _table, _rows: None, DayDriftSettings())
    queries.build(connection, "drift/data_alarms")
    return connection


def test_the_reference_is_of_the_days_whose_values_are_marked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The next build no longer has the values, and finds the same days."""
    marked = con.sql("select distinct day from settled_values() where is_reference").fetchall()
    assert day_stage.reference_days(con) == {row[0] for row in marked}
    assert len(marked) == 28


def test_a_cluster_counts_once_in_a_bin_however_many_orders_it_has() -> None:
    """A room with two orders by card and one by tap, and a listing sold once."""
    of_a_day = {"order_id": [*"abcd"], "day": [FIRST] * 4, "market": ["A"] * 4}
    room = {"cluster_id": ["room"] * 3 + ["listing"], "cluster_share": [1 / 3] * 3 + [1.0]}
    method = {"payment_method": ["card", "card", "tap", "card"]}
    with with_histograms(pl.DataFrame({**of_a_day, **room, **method})) as con:
        found = con.sql(
            "select level, orders, round(clusters, 6), clusters_touched "
            "from drift.day_histograms inner join drift.bins using (column_name, bin) "
            "where column_name = 'payment_method' order by level"
        ).fetchall()
    assert found == [("card", 3, 1.666667, 2), ("tap", 1, 0.333333, 1)]


def test_bins_are_the_same_everywhere_and_nothing_is_lost(con: duckdb.DuckDBPyConnection) -> None:
    """Every order is in one bin of every column that is settled; a new level is unseen."""
    sums = con.sql(
        "select column_name, sum(orders) as orders from drift.day_histograms group by column_name"
    ).pl()
    whole = DAYS * ORDERS * 2
    of_amount = sums.filter(column_name="amount_usd")["orders"].item()
    assert of_amount == whole
    late = con.sql(
        "select max(day) from drift.day_histograms where column_name = 'refund_reason'"
    ).fetchall()
    assert late == [(date(2026, 2, 8),)]
    unseen = con.sql(
        "select min(day), string_agg(distinct market) from drift.day_histograms where bin = -1"
    ).fetchall()
    assert unseen == [(FIRST + timedelta(days=LAUNCH), "B")]


def test_columns_are_those_declared(con: duckdb.DuckDBPyConnection) -> None:
    """One row per column, slice, day and comparison."""
    rows = con.sql("select * from drift.data_days").pl()
    assert rows.schema == pl.Schema(day_stage.COLUMNS)
    key = ["column_name", "market", "day", "against"]
    assert rows.select(key).is_duplicated().sum() == 0
    assert set(rows["market"]) == {"all", "A", "B"}
    assert rows["day"].min() == FIRST + timedelta(days=28)


def test_the_launch_is_the_only_alarm_and_names_its_event(con: duckdb.DuckDBPyConnection) -> None:
    """The new method in B, from its first day on, with the event of that day beside it."""
    alarms = con.sql("select * from drift.data_alarms order by day, market").pl()
    assert set(alarms["column_name"]) == {"payment_method"}
    assert set(alarms["market"]) == {"all", "B"}
    assert set(alarms["kind"]) <= {"unseen", "level"}
    first = alarms.filter(market="B").row(0, named=True)
    assert (first["day"], first["event_id"]) == (FIRST + timedelta(days=LAUNCH), "evt_1")
    assert abs(first["share"] - first["share_before"]) == pytest.approx(1 / 3, abs=0.02)


@pytest.fixture(scope="module")
def earlier(con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build a day earlier left: nothing of the last day, otherwise the same counts."""
    path = tmp_path_factory.mktemp("earlier") / "earlier.duckdb"
    last = FIRST + timedelta(days=DAYS - 1)
    with duckdb.connect(str(path)) as other:
        for table in READ:
            rows = con.sql(f"from {table}").pl()
            other.register("own", rows.filter(pl.col("day") < last) if "day" in rows else rows)
            queries.make_table(other, table, "from own")
        day_stage.write(other, lambda _table, _rows: None, DayDriftSettings())
    return path


def data_days(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> pl.DataFrame:
    """The table in one order."""
    key = ["column_name", "market", "day", "against"]
    return day_stage.data_days(con, DayDriftSettings(), earlier).sort(key)


def test_a_new_day_is_all_that_is_compared(
    con: duckdb.DuckDBPyConnection, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are those of a build from nothing, bit for bit; only the new day is tested."""
    whole, tested = data_days(con, None), []
    monkeypatch.setattr(
        day_stage, "day_tests", lambda *asked: tested.append(asked[2]) or day_tests(*asked)
    )
    assert data_days(con, earlier).equals(whole)
    assert {day for days in tested for day in days} == {DAYS - 1}


def test_a_late_order_reopens_the_days_that_it_touches(
    con: duckdb.DuckDBPyConnection, earlier: Path
) -> None:
    """One count of one day differs: every comparison that reads the day is made anew."""
    with duckdb.connect() as late:
        for table in READ:
            late.register("own", con.sql(f"from {table}").pl())
            queries.make_table(late, table, "from own")
        for day in (FIRST + timedelta(days=3), FIRST + timedelta(days=40)):
            late.execute(
                "update drift.day_histograms set orders = orders + 5 where day = $day and bin = 3",
                {"day": day},
            )
        whole = data_days(late, None)
        assert data_days(late, earlier).equals(whole)
        assert not whole.equals(data_days(con, None))
