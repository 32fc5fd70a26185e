"""Since when an alert waits is what builds said on their days, recomputed here day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pytest

import queries
from tests.laws.pricing import put

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = [date(2026, 4, 3) + timedelta(days=7 * week) for week in range(5)]
NAMES = [f"mer_{number:02d}" for number in range(40)]
RANDOM = np.random.default_rng(7)
LANES = {
    name: [
        None if RANDOM.random() < 0.15 else ("unproven" if RANDOM.random() < 0.15 else "score")
        for _ in DAYS
    ]
    for name in NAMES
}
"""Of each entity the lane of its alert in each build, or None."""
RESCORED = {
    name: [day - timedelta(days=int(RANDOM.integers(0, 30))) for day in DAYS] for name in NAMES
}
"""What the model of each build says of when it opened."""
VERDICTS = {name: DAYS[0] + timedelta(days=int(RANDOM.integers(0, 27))) for name in NAMES[::3]}
"""Days on which somebody judged them."""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A ledger that is written build by build."""
    with duckdb.connect() as database:
        for schema in ("alerts", "scores", "facts"):
            database.execute(f"create schema {schema}")
        database.execute(
            "create table scores.history (entity_type varchar, entity_id varchar, as_of date,"
            " build_number bigint, lane varchar, opened_on date, opened_by varchar)"
        )
        database.execute(
            "create table scores.history_builds (entity_type varchar, as_of date,"
            " build_number bigint, scored bigint)"
        )
        put(database, "scores.models", [{"entity_type": "merchant", "calibrated_on": "folds"}])
        yield database


def openings(con: duckdb.DuckDBPyConnection, build: int) -> dict[str, tuple[date, str]]:
    """(opened_on, opened_by) of everybody with an alert in a build, which is then in the ledger."""
    day = DAYS[build]
    rows = [
        {"entity_type": "merchant", "entity_id": name, "as_of": day, "lane": lanes[build]}
        | {"opened_on": RESCORED[name][build]}
        for name, lanes in LANES.items()
        if lanes[build]
    ]
    put(con, "alerts.candidates", rows)
    put(con, "facts.snapshots", [{"entity_type": "merchant", "as_of": day}])
    put(
        con,
        "facts.verdicts",
        [
            {"entity_type": "merchant", "entity_id": name, "known_day": judged}
            for name, judged in VERDICTS.items()
            if judged < day
        ]
        or [{"entity_type": "merchant", "entity_id": "nobody", "known_day": day}],
    )
    queries.build(con, "alerts/openings")
    con.execute(
        "insert into scores.history select entity_type, entity_id, as_of, $number, lane,"
        " o.opened_on, opened_by from alerts.openings as o"
        " join alerts.candidates using (entity_type, entity_id)",
        {"number": build + 1},
    )
    con.execute(
        "insert into scores.history_builds values ('merchant', $d, $n, 9)",
        {"d": day, "n": build + 1},
    )
    table = con.sql("select entity_id, opened_on, opened_by from alerts.openings").fetchall()
    return {name: (opened_on, opened_by) for name, opened_on, opened_by in table}


def expected(name: str, build: int) -> tuple[date, str]:
    """The same by walking from the first build on, one after the other."""
    opening: tuple[date, str] | None = None
    was_unproven = False
    for number in range(build + 1):
        lane, day = LANES[name][number], DAYS[number]
        is_unproven = lane == "unproven"
        judged = VERDICTS.get(name)
        is_answered = opening is not None and judged is not None and opening[0] <= judged < day
        if lane is None:
            opening = None
        elif opening is None or is_answered or is_unproven != was_unproven:
            first = RESCORED[name][number]
            opening = (first, "rescored") if number == 0 and first < day else (day, "ledger")
        was_unproven = is_unproven
    assert opening is not None
    return opening


def test_an_alert_waits_since_the_build_that_first_had_it(con: duckdb.DuckDBPyConnection) -> None:
    """Not since the day from which a later model would have had it; a verdict ends the wait."""
    for build, _ in enumerate(DAYS):
        now: dict[str, Any] = dict(openings(con, build))
        assert now == {name: expected(name, build) for name in now}
        assert now.keys() == {name for name in NAMES if LANES[name][build]}
    assert any(opened_by == "rescored" for _, opened_by in now.values())
    assert any(opened_on < RESCORED[name][-1] for name, (opened_on, _) in now.items())
    assert any(opened_on > RESCORED[name][-1] for name, (opened_on, _) in now.items())


def test_handed_over_scores_are_nobodys_model(con: duckdb.DuckDBPyConnection) -> None:
    """Of a day before the first build their file speaks; signals are ours."""
    con.execute("delete from scores.history_builds")
    put(con, "scores.models", [{"entity_type": "merchant", "calibrated_on": "handed over"}])
    columns = {
        "entity_type": "merchant",
        "as_of": DAYS[0],
        "opened_on": DAYS[0] - timedelta(days=9),
    }
    lanes = ("score", "signals")
    put(con, "alerts.candidates", [columns | {"entity_id": lane, "lane": lane} for lane in lanes])
    put(con, "facts.snapshots", [{"entity_type": "merchant", "as_of": DAYS[0]}])
    queries.build(con, "alerts/openings")
    rows = con.sql("select entity_id, opened_by from alerts.openings").fetchall()
    assert dict(rows) == {"score": "handed", "signals": "rescored"}
