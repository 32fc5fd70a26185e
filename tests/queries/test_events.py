"""What moved a metric without being an attack is told, and told once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import queries

if TYPE_CHECKING:
    import duckdb

WHOLE = {"since": date(2026, 1, 1), "until": date(2027, 1, 1), "markets": []}


def first_day(moment: datetime, market: str | None, clocks: list[tuple[str, str]]) -> date:
    """The local day on which it begins, in the first of the markets it holds for."""
    zones = [zone for name, zone in clocks if market in (None, name)]
    return min(moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() for zone in zones)


def test_carriers_policies_and_releases_are_on_the_metric_charts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Whatever the calendar, the carriers, the policies or the releases report is an event."""
    calendar = queries.run(con, "pages/metrics/calendar", **WHOLE)
    assert {"campaign", "carrier", "policy", "release"} <= set(calendar["kind"])
    days = {(row["kind"], row["market"], row["start_day"]) for row in calendar.to_dicts()}
    clocks = con.sql("select market, time_zone from metrics.clocks").fetchall()
    for kind, market, moment, table in (
        ("carrier", "market", "starts_at", "carrier_incidents"),
        ("policy", "market", "effective_at", "policy_changes"),
        ("release", "null", "released_at", "model_releases"),
    ):
        entries = con.sql(f"select {market}, {moment} from staging.{table}").fetchall()
        own = {(kind, place, first_day(at, place, clocks)) for place, at in entries}
        assert own <= days
        assert entries


def test_an_event_that_two_sources_report_is_told_once(con: duckdb.DuckDBPyConnection) -> None:
    """The calendar's own events are all there; a report adds only a new kind, market and day."""
    calendar = con.sql("select * from staging.calendar").pl()
    events = con.sql("select * from metrics.events").pl()
    added = events.join(calendar, on="event_id", how="anti")
    assert events.height == calendar.height + added.height
    twice = added.with_columns(day=added["starts_at"].dt.date()).join(
        calendar.with_columns(day=calendar["starts_at"].dt.date()),
        on=["kind", "market", "day"],
        how="inner",
        nulls_equal=True,
    )
    assert twice.is_empty()
    assert added.height > 0
