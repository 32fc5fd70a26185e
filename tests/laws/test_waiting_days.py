"""Who waited on a day is what the build of that day had in its queue, whatever later ones think."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

import queries
from tests.laws.pricing import put

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = date(2026, 4, 3)
ONE = timedelta(days=1)
BUILDS = [FIRST, FIRST + 3 * ONE, FIRST + 4 * ONE]
"""Two days without a build lie between the first two."""
OPENED = {"old": FIRST - 5 * ONE, "left": FIRST - 2 * ONE, "judged": FIRST, "new": BUILDS[1]}
QUEUES = [("old", "left", "judged"), ("old", "new"), ("new",)]
"""Whose alerts each build has: what later models leave out waited all the same."""
VERDICT = FIRST + ONE
"""Day of that on `judged`, after the first build and before the second one."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three builds, the last of them the present one."""
    with duckdb.connect() as database:
        for schema in ("alerts", "scores", "facts", "graph", "staging"):
            database.execute(f"create schema {schema}")
        put(database, "graph.entities", [of(name, market="ID") for name in OPENED])
        put(database, "facts.verdicts", [of("judged", known_day=VERDICT)])
        database.execute(
            "create table staging.labels (entity_type varchar, entity_id varchar, source varchar,"
            " observed_at timestamp, decided_at timestamp)"
        )
        yield database


def of(name: str, **values: object) -> dict[str, object]:
    """A row of a shop."""
    return {"entity_type": "merchant", "entity_id": name, **values}


def waited(con: duckdb.DuckDBPyConnection, build: int) -> dict[date, set[tuple[str, int]]]:
    """By day who waited and how long already, as a build of these says."""
    day = BUILDS[build]
    put(con, "facts.snapshots", [{"entity_type": "merchant", "as_of": day}])
    for table in ("scores.history", "scores.history_builds"):
        con.execute(f"drop table if exists {table}")
    earlier = range(build + 1)  # its own row is of a build of the same day
    history = [
        of(name, as_of=BUILDS[one], build_number=one, lane="score", opened_on=OPENED[name])
        for one in earlier
        for name in QUEUES[one]
    ]
    put(con, "scores.history", [*history, of("low", as_of=day, build_number=build, lane=None)])
    builds = [
        {"entity_type": "merchant", "as_of": BUILDS[n], "build_number": n, "scored": 9}
        for n in earlier
    ]
    put(con, "scores.history_builds", builds)
    alerts = [of(name, as_of=day, opened_on=OPENED[name]) for name in QUEUES[build]]
    put(con, "alerts.alerts", alerts)
    queries.build(con, "alerts/waiting_days")
    found: dict[date, set[tuple[str, int]]] = {}
    for at, name, age in con.execute(
        "select day, entity_id, age_days from alerts.waiting_days where market = 'ID'"
    ).fetchall():
        found.setdefault(at, set()).add((name, age))
    return found


def test_the_days_of_a_build_are_told_by_its_own_queue(con: duckdb.DuckDBPyConnection) -> None:
    """With whom a verdict came for left out from that day on; each day counts the wait anew."""
    found = waited(con, 2)
    assert found == {
        FIRST - 6 * ONE: {("old", 0)},
        FIRST - 5 * ONE: {("old", 1)},
        FIRST - 4 * ONE: {("old", 2)},
        FIRST - 3 * ONE: {("old", 3), ("left", 0)},
        FIRST - 2 * ONE: {("old", 4), ("left", 1)},
        FIRST - ONE: {("old", 5), ("left", 2), ("judged", 0)},
        FIRST: {("old", 6), ("left", 3), ("judged", 1)},
        FIRST + ONE: {("old", 7), ("left", 4)},
        FIRST + 2 * ONE: {("old", 8), ("new", 0)},
        FIRST + 3 * ONE: {("new", 1)},
    }


def test_a_day_once_built_does_not_change(con: duckdb.DuckDBPyConnection) -> None:
    """What the next build says of it is the same, save whom a verdict came for meanwhile."""
    first, second, third = (waited(con, build) for build in range(3))
    assert max(first) == FIRST - ONE
    assert {day: second[day] for day in first} == first
    assert {day: third[day] for day in second} == second
