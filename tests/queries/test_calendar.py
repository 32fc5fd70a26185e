"""A mark of the calendar stands on the days of the clock whose numbers it explains."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import queries
from tests.laws.pricing import put

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES = {"JP": "Asia/Tokyo", "US": "America/Los_Angeles", "GB": "UTC"}
JUNE = {"since": date(2026, 6, 1), "until": date(2026, 6, 30)}


def at(day: int, hour: int = 0) -> datetime:
    """A moment of June, UTC."""
    return datetime(2026, 6, day, hour)  # noqa: DTZ001 - UTC without a zone, as stored


EVENTS = {
    "sale": ("JP", at(9, 15), at(10, 15)),  # the whole 10 June in Tokyo
    "outage": ("US", at(11, 3), at(11, 5)),  # the evening of 10 June in Los Angeles
    "release": (None, at(12, 6), at(12, 6)),  # in the night to 12 June in Los Angeles
    "eve": ("US", at(1, 5), at(1, 6)),  # the last evening of May
    "june": ("JP", at(30, 16), at(30, 18)),  # the first hours of July
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three markets, and events at hours at which their days differ."""
    with duckdb.connect() as database:
        database.execute("create schema metrics")
        clocks = [{"market": market, "time_zone": zone} for market, zone in ZONES.items()]
        put(database, "metrics.clocks", clocks)
        columns = ("market", "starts_at", "ends_at")
        put(
            database,
            "metrics.events",
            [
                {"event_id": name, "kind": "campaign", "title": name}
                | dict(zip(columns, event, strict=True))
                for name, event in EVENTS.items()
            ],
        )
        yield database


def marks(con: duckdb.DuckDBPyConnection, **params: Any) -> dict[str, tuple[int, int]]:
    """Day of the month on which each mark begins, and on which it ends."""
    rows = queries.run(con, "pages/metrics/calendar", **params)
    return {row["event_id"]: (row["start_day"].day, row["end_day"].day) for row in rows.to_dicts()}


def test_metrics_marks_are_of_the_days_of_their_market(con: duckdb.DuckDBPyConnection) -> None:
    """A sale of one whole local day is one day; what lies outside June there is left out."""
    assert marks(con, **JUNE, markets=[]) == {
        "sale": (10, 10),
        "outage": (10, 10),
        "release": (11, 12),
    }


def test_an_event_of_every_market_has_the_days_of_those_shown(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """One market, one clock, one day."""
    assert marks(con, **JUNE, markets=["JP"]) == {"sale": (10, 10), "release": (12, 12)}
    assert marks(con, **JUNE, markets=["GB"]) == {"release": (12, 12)}


def test_an_entitys_marks_are_of_the_days_of_its_own_market(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Tokyo has nothing of the other markets; what ends at midnight has not touched July."""
    longer = {**JUNE, "until": date(2026, 7, 1)}
    own = marks(con, **longer, markets=["JP"])
    assert own == {"sale": (10, 10), "release": (12, 12), "june": (1, 1)}
    american = marks(con, **longer, markets=["US"])
    assert american == {"outage": (10, 10), "release": (11, 11)}
