"""Single wrong clocks move neither the day of the build nor its first day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.inputs.clocks import Clock, clock_of
from pipeline.settings.inputs import InputSettings
from tests import raw_folder
from tests.pipeline.inputs.deliveries import examined

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 3, 2)
ROWS = 200


def clock(days: dict[date, int], settings: InputSettings | None = None) -> Clock:
    """The clock of a marketplace with so many orders paid on each day."""
    rows = [(datetime.combine(d, time(9)),) for d, count in days.items() for _ in range(count)]
    frame = pl.DataFrame(rows, schema=["paid_at"], orient="row").with_columns(created_at="paid_at")
    with duckdb.connect() as con:
        con.execute("create schema raw")
        con.register("frame", frame)
        con.execute("create table raw.orders as from frame")
        made = clock_of(con, settings or InputSettings())
    assert made
    return made


def steady(orders: int, days: int = 60, every: int = 1) -> dict[date, int]:
    """So many orders on every day, or on every so many."""
    return {FIRST + timedelta(days=n): orders for n in range(0, days, every)}


LAST = FIRST + timedelta(days=59)


@pytest.mark.parametrize("orders", [1, 3, 40, 900])
@pytest.mark.parametrize("stray", [{}, {date(2099, 1, 1): 1}, {date(1995, 5, 5): 1}])
def test_the_day_of_the_build_follows_the_last_orders(orders: int, stray: dict[date, int]) -> None:
    """Of a large marketplace and of a small one, whatever one order says."""
    made = clock(steady(orders) | stray)
    assert (made.first_day, made.as_of) == (FIRST, LAST + timedelta(days=1))


@pytest.mark.parametrize("ahead", [2, 3, 9, 40, 400])
def test_a_stray_order_a_few_days_ahead_is_one_too(ahead: int) -> None:
    """Days without an order lie between: nothing could be said of them."""
    made = clock(steady(100) | {LAST + timedelta(days=ahead): 1})
    assert made.as_of == LAST + timedelta(days=1)
    assert made.has_tail


def test_several_stray_orders_are_no_marketplace() -> None:
    """Half a dozen wrong clocks on as many days, before and after."""
    stray = {date(2027 + n, 1, 1): 1 for n in range(6)} | {
        date(1996 + n, 1, 1): 1 for n in range(6)
    }
    made = clock(steady(100) | stray)
    assert (made.first_day, made.as_of) == (FIRST, LAST + timedelta(days=1))


@pytest.mark.parametrize(("share", "shift"), [(1.0, 1), (0.3, 1), (0.06, 1), (0.01, 0)])
def test_a_day_cut_short_counts_as_soon_as_it_holds_anything_to_speak_of(
    share: float, shift: int
) -> None:
    """An export of the morning has part of a day; a minute after midnight is none."""
    made = clock(steady(200) | {LAST + timedelta(days=1): int(200 * share)})
    assert made.as_of == LAST + timedelta(days=1 + shift)


def test_a_marketplace_may_begin_small_and_rest_for_a_week() -> None:
    """A few orders a week, a pause, and a hundred a day since: all of it is its history."""
    young = {FIRST - timedelta(days=n): 2 for n in range(10, 60, 7)}
    rest = {day: count for day, count in steady(100).items() if not 20 < (day - FIRST).days < 28}
    made = clock(young | rest)
    assert made.first_day == min(young)
    assert made.as_of == LAST + timedelta(days=1)


def test_a_named_day_is_the_day(tmp_path: Path) -> None:
    """What came later is left out of every table, and states of later are not known yet."""
    tables = raw_folder.frames(ROWS)
    day = date(2026, 6, 21)
    found = examined(raw_folder.write(tmp_path, tables), InputSettings(as_of=day))
    assert found.checked.faults == []
    assert found.set_aside.height == 0
    orders = found.kept["orders"]
    assert 0 < orders.height < ROWS
    midnight = datetime(2026, 6, 21)  # noqa: DTZ001 - UTC without a zone, as stored
    for name, frame in found.kept.items():
        table = found.checked.tables[name].table
        for column in table.columns.values():
            if column.type == "timestamp" and not column.may_lie_ahead:
                assert frame.filter(pl.col(column.name) >= midnight).height == 0, (
                    name,
                    column.name,
                )
    for name in ("shipments", "refunds", "settlements", "commissions"):
        assert set(found.kept[name]["order_id"]) <= set(orders["order_id"])
        assert found.kept[name].height > 0
    assert found.checked.summary().startswith("Rows left out, after the day of the build:")


def stamped(folder: Path, table: str, column: str, moment: datetime) -> Path:
    """A delivery with one time in one row."""
    tables = raw_folder.around(table, ROWS)
    values = tables[table][column].to_list()
    values[4] = moment
    tables[table] = tables[table].with_columns(pl.Series(column, values))
    return raw_folder.write(folder, tables)


ODD = datetime(2999, 1, 1, 10)  # noqa: DTZ001 - UTC without a zone, as stored
OLD = datetime(1970, 1, 1)  # noqa: DTZ001


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "column", "moment", "found"),
    [
        (
            "orders",
            "created_at",
            ODD,
            "lies after the data end: the last day of orders is 2026-06-30",
        ),
        ("orders", "cancelled_at", ODD, "lies after the data end"),
        ("reviews", "created_at", ODD, "lies after the data end"),
        ("labels", "known_at", ODD, "lies after the data end"),
        ("shipments", "delivered_at", ODD, "lies after the data end"),
        ("staff_access", "happened_at", OLD, "time before 1990-01-01"),
        ("buyers", "registered_at", OLD, "time before 1990-01-01"),
        ("video_days", "day", date(2999, 1, 1), "lies after the data end"),
        ("creator_days", "day", date(1970, 1, 1), "time before 1990-01-01"),
    ],
)
def test_one_wrong_clock_is_set_aside_and_named(
    tmp_path: Path, table: str, column: str, moment: datetime, found: str
) -> None:
    """The day of the build stays, and so does everybody else."""
    result = examined(stamped(tmp_path, table, column, moment))
    assert result.said("refused") == []
    own = [row for row in result.said("set aside") if row[1] == column and found in row[3]]
    assert [row[2] for row in own] == [1]
    assert result.checked.clock
    assert result.checked.clock.as_of == date(2026, 7, 1)
    assert result.kept[table].height == ROWS - 1


@pytest.mark.slow
def test_an_order_long_before_every_other_is_set_aside(tmp_path: Path) -> None:
    """Twenty years of snapshots are not made for one row."""
    early = datetime(2006, 6, 1)  # noqa: DTZ001
    tables = raw_folder.frames(ROWS)
    for table in ("buyers", "merchants", "creators"):
        tables[table] = tables[table].with_columns(registered_at=pl.lit(early))
    tables["products"] = tables["products"].with_columns(listed_at=pl.lit(early))
    for name, column in (("live_sessions", "started_at"), ("vouchers", "starts_at")):
        tables[name] = tables[name].with_columns(pl.lit(early).alias(column))
    first = pl.col("order_id") == "order_id_4"
    tables["orders"] = tables["orders"].with_columns(
        pl.when(first).then(early + timedelta(days=1)).otherwise(name).alias(name)
        for name in ("created_at", "paid_at", "cancelled_at")
    )
    result = examined(raw_folder.write(tmp_path, tables))
    assert result.said("refused") == []
    found = [row[3] for row in result.said("set aside") if row[0] == "orders"]
    assert found == ["lies long before every other order (they begin 2026-06-11)"]
    assert result.checked.clock
    assert result.checked.clock.first_day == date(2026, 6, 11)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["infinity", "-infinity", "290000-01-01", "10000-01-01"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("orders", "paid_at"), ("campaigns", "ends_at"), ("reviews", "created_at")],
)
def test_a_time_that_no_program_holds_is_a_fault(
    tmp_path: Path, table: str, column: str, moment: str
) -> None:
    """Not a stack trace, wherever it stands; a plan for ever may say 9999-12-31."""
    folder = raw_folder.write(tmp_path, raw_folder.around(table, ROWS))
    path = folder / f"{table}.parquet"
    with duckdb.connect() as con:
        key = raw_folder.raw_tables()[table].key[0]
        stamp = f"case when {key} = '{key}_4' then timestamp '{moment}' else {column} end"
        con.execute(
            f"copy (select * replace ({stamp} as {column}) from '{path}') "
            f"to '{tmp_path}/new.parquet'"
        )
    (tmp_path / "new.parquet").rename(path)
    result = examined(folder)
    assert result.said("refused") == []
    assert (table, column, 1) in [row[:3] for row in result.said("set aside")]


@pytest.mark.slow
def test_a_plan_may_lie_ahead(tmp_path: Path) -> None:
    """Campaigns end when they end, and a payout is due when it is due."""
    far = datetime(9999, 12, 31)  # noqa: DTZ001
    tables = raw_folder.frames()
    tables["campaigns"] = tables["campaigns"].with_columns(ends_at=pl.lit(far))
    tables["settlements"] = tables["settlements"].with_columns(
        eligible_at=pl.lit(far),
        settled_at=pl.lit(None, pl.Datetime("us")),
        clawed_back_at=pl.lit(None, pl.Datetime("us")),
    )
    assert examined(raw_folder.write(tmp_path, tables)).checked.faults == []


@pytest.mark.slow
def test_labels_of_the_days_after_the_orders_are_said(tmp_path: Path) -> None:
    """They teach nothing yet and stay; whoever delivered them learns why."""
    tables = raw_folder.frames()
    tables["labels"] = tables["labels"].with_columns(pl.col("known_at") + timedelta(days=4))
    found = examined(raw_folder.write(tmp_path, tables))
    assert [row[:3] for row in found.said("note")] == [("labels", "known_at", 3)]
    assert found.kept["labels"].height == 3


@pytest.mark.slow
def test_orders_of_a_day_that_barely_began_wait_for_the_next_build(tmp_path: Path) -> None:
    """One order of the night is no day: it is left out, with what refers to it, and counted."""
    tables = raw_folder.frames(ROWS * 4)
    late = datetime(2026, 7, 1, 0, 5)  # noqa: DTZ001
    first = pl.col("order_id") == "order_id_4"
    tables["orders"] = tables["orders"].with_columns(
        pl.when(first).then(late).otherwise(name).alias(name)
        for name in ("created_at", "paid_at", "cancelled_at")
    )
    for name in (
        "shipments",
        "refunds",
        "reviews",
        "settlements",
        "commissions",
        "disputes",
        "complaints",
        "declined_payments",
    ):
        tables[name] = tables[name].filter(pl.col("order_id") != "order_id_4")
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.checked.faults == []
    assert found.checked.summary() == "Rows left out, after the day of the build: 1 of orders."
    assert found.checked.clock
    assert found.checked.clock.as_of == date(2026, 7, 1)


@pytest.mark.slow
@pytest.mark.parametrize("after", [3, 29, 58])
def test_what_follows_the_orders_of_an_extract_is_left_out(tmp_path: Path, after: int) -> None:
    """Refunds and reviews come weeks later: no fault, no question, one line."""
    tables = raw_folder.frames(ROWS)
    for table, column in (("refunds", "requested_at"), ("reviews", "created_at")):
        late = pl.col(column) + pl.duration(
            days=pl.when(pl.col(column).dt.day() == 30).then(after).otherwise(0)
        )
        tables[table] = tables[table].with_columns(late.alias(column))
    tables["refunds"] = tables["refunds"].with_columns(
        pl.lit(None, pl.Datetime("us")).alias(name)
        for name in tables["refunds"].columns
        if name.endswith("_at") and name != "requested_at"
    )
    found = examined(raw_folder.write(tmp_path, tables))
    assert [str(fault) for fault in found.checked.faults] == []
    assert found.checked.clock
    assert found.checked.clock.as_of == date(2026, 7, 1)
    summary = "Rows left out, after the day of the build: 10 of refunds, 10 of reviews."
    assert found.checked.summary() == summary


def cut_at_midnight(began: timedelta) -> dict[str, pl.DataFrame]:
    """A delivery whose room of the last day began so long before midnight and has no end."""
    tables = raw_folder.frames(ROWS)
    last = datetime(2026, 6, 30, 12)  # noqa: DTZ001 - UTC without a zone, as delivered
    rooms = tables["live_sessions"]
    running = rooms.filter(pl.col("started_at") < last)["live_session_id"][-1]
    is_it, none = pl.col("live_session_id") == running, pl.lit(None, pl.Datetime("us"))
    midnight = datetime(2026, 7, 1)  # noqa: DTZ001 - UTC without a zone, as delivered
    tables["live_sessions"] = rooms.with_columns(
        started_at=pl.when(is_it).then(midnight - began).otherwise("started_at"),
        ended_at=pl.when(is_it).then(none).otherwise("ended_at"),
    )
    named = pl.lit(running).alias("live_session_id")
    for table in ("orders", "live_comments", "engagement_minutes"):
        own = tables[table]
        tables[table] = pl.concat([own.head(-1), own.tail(1).with_columns(named)])
    return tables


def test_a_room_that_runs_at_midnight_is_not_known_yet(tmp_path: Path) -> None:
    """Its row waits for its end, its orders stay and name no room, what was said there waits."""
    tables = cut_at_midnight(timedelta(hours=2))
    running = tables["orders"]["live_session_id"][-1]
    found = examined(raw_folder.write(tmp_path, tables))
    assert [str(fault) for fault in found.checked.faults] == []
    for table in ("live_sessions", "live_comments", "engagement_minutes", "orders"):
        assert running not in found.kept[table]["live_session_id"].to_list(), table
    assert found.kept["orders"].height == tables["orders"].height
    assert "of live_sessions" in found.checked.summary()


def test_a_room_without_an_end_of_an_earlier_day_is_a_fault(tmp_path: Path) -> None:
    """Two days later it has ended, and somebody knows when."""
    found = examined(raw_folder.write(tmp_path, cut_at_midnight(timedelta(days=2))))
    assert ("live_sessions", "ended_at", 1, "value is missing") in found.said("set aside")
