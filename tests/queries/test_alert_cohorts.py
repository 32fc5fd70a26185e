"""What became of the alerts of a week is asked of that week's own alerts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl
import pytest

import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

MONDAY = date(2026, 3, 2)
TODAY = MONDAY + timedelta(days=56)
WITHIN = 28
WEEK = timedelta(days=7)
Row = dict[str, Any]


def alert(buyer: int, opened_on: date, as_of: date | None = None, **changes: Any) -> Row:
    """What the build of `as_of` kept of an alert on a buyer."""
    own = {"entity_type": "buyer", "entity_id": f"buy_{buyer}", "as_of": as_of or opened_on}
    own |= {"lane": "score", "typology": "T1_BRUSHING", "opened_on": opened_on}
    return own | {"opened_by": "ledger"} | changes


def verdict(buyer: int, known_day: date, label: str) -> Row:
    """One verdict on a buyer."""
    own = {"entity_type": "buyer", "entity_id": f"buy_{buyer}", "known_day": known_day}
    return own | {"label_id": f"lab_{buyer}_{known_day}", "label": label}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty marketplace of today, half of whose buyers are of Malaysia."""
    with duckdb.connect() as database:
        for schema in ("scores", "facts", "graph"):
            database.execute(f"create schema {schema}")
        put(database, "scores.history_builds", [{"as_of": MONDAY}, {"as_of": TODAY}])
        entities = [
            {"entity_type": "buyer", "entity_id": f"buy_{number}", "category": None}
            | {"market": "MY" if number % 2 else "TH"}
            for number in range(400)
        ]
        put(database, "graph.entities", entities)
        yield database


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Make or replace a table."""
    con.register("_given", pl.DataFrame(rows, infer_schema_length=None))
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def cohorts(
    con: duckdb.DuckDBPyConnection, alerts: list[Row], verdicts: list[Row], **changes: Any
) -> list[Row]:
    """Rows of the query, the newest week first."""
    put(con, "scores.history", alerts)
    put(con, "facts.verdicts", verdicts)
    params: Row = {"since": MONDAY, "until": TODAY, "within_days": WITHIN, "markets": []}
    params |= {"categories": []} | changes
    return list(queries.run(con, "pages/metrics/alert_cohorts", **params).iter_rows(named=True))


def test_a_verdict_belongs_to_the_week_its_alert_opened(con: duckdb.DuckDBPyConnection) -> None:
    """Given in the sixth week about an alert of the first it is too late; in the fourth it is not.

    An alert that many builds saw is one; a verdict before it opened is not its own.
    """
    alerts = [alert(1, MONDAY, MONDAY + n * WEEK) for n in range(4)]
    alerts += [alert(2, MONDAY), alert(3, MONDAY + timedelta(days=6)), alert(4, MONDAY)]
    verdicts = [
        verdict(1, MONDAY + 4 * WEEK, "bad"),
        verdict(2, MONDAY + 5 * WEEK, "bad"),
        verdict(3, MONDAY + timedelta(days=6), "good"),
        verdict(4, MONDAY - WEEK, "bad"),
    ]
    (week,) = cohorts(con, alerts, verdicts)
    assert tuple(week.values()) == (MONDAY, 4, 1, 1, 2, True)


def test_the_first_word_counts_and_a_new_alert_is_another(con: duckdb.DuckDBPyConnection) -> None:
    """Cleared, then convicted on an appeal: cleared. Opened again later: that alert's own word."""
    alerts = [alert(1, MONDAY), alert(1, MONDAY + 2 * WEEK)]
    verdicts = [verdict(1, MONDAY + WEEK, "good"), verdict(1, MONDAY + 3 * WEEK, "bad")]
    newer, older = cohorts(con, alerts, verdicts)
    assert (older["cleared"], older["confirmed"]) == (1, 0)
    assert (newer["cleared"], newer["confirmed"]) == (0, 1)


def test_only_alerts_that_a_build_saw_open_count(con: duckdb.DuckDBPyConnection) -> None:
    """Who was judged before the first build is in no ledger: those it found are survivors."""
    others = [
        alert(2, MONDAY, opened_by="rescored"),
        alert(3, MONDAY, lane="unproven"),
        alert(4, MONDAY, lane=None),
    ]
    (week,) = cohorts(con, [alert(1, MONDAY), *others], [verdict(2, MONDAY, "bad")])
    assert (week["opened"], week["unjudged"]) == (1, 1)


@pytest.mark.parametrize(("days_ago", "is_mature"), [(36, True), (28, False)])
def test_a_week_is_mature_when_its_last_alert_had_its_days(
    con: duckdb.DuckDBPyConnection, days_ago: int, is_mature: bool
) -> None:
    """Today's verdicts are not known yet, so the last day is as old as its days and one more."""
    opened = TODAY - timedelta(days=days_ago)
    (week,) = cohorts(con, [alert(1, opened)], [verdict(1, opened, "bad")])
    assert week["is_mature"] is is_mature


def test_shares_are_what_counting_by_hand_gives(con: duckdb.DuckDBPyConnection) -> None:
    """300 alerts of eight weeks, one at a time, in one market."""
    random = np.random.default_rng(5)
    opened = [MONDAY + timedelta(days=int(day)) for day in random.integers(0, 56, 300)]
    delay = [timedelta(days=int(day)) for day in random.integers(-5, 50, 300)]
    said = ["bad" if is_bad else "good" for is_bad in random.random(300) < 0.6]
    alerts = [alert(number, day) for number, day in enumerate(opened)]
    verdicts = [
        verdict(n, day + late, word)
        for n, (day, late, word) in enumerate(zip(opened, delay, said, strict=True))
    ]
    counted: dict[date, list[int]] = {}
    for number in range(1, 300, 2):
        monday = opened[number] - timedelta(days=opened[number].weekday())
        week = counted.setdefault(monday, [0, 0, 0])
        week[0] += 1
        if 0 <= delay[number].days <= WITHIN:
            week[1 if said[number] == "bad" else 2] += 1
    rows = cohorts(con, alerts, verdicts, markets=["MY"])
    assert {row["week"]: [row["opened"], row["confirmed"], row["cleared"]] for row in rows} == (
        counted
    )
    assert all(row["opened"] == sum(row[n] for n in COUNTS) for row in rows)


COUNTS = ("confirmed", "cleared", "unjudged")
