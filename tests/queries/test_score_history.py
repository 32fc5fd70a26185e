"""A score of an old day is what a build said then, or says that today's model speaks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 5, 1)
DAYS = [TODAY - timedelta(days=7 * week) for week in (3, 2, 1, 0)]
WHO = {"entity_type": "buyer", "entity_id": "buy_1"}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Today's model says 0.5 of every day; one build of two weeks ago, two of one week ago."""
    with duckdb.connect() as database:
        database.execute("create schema scores")
        put(
            database,
            "scores.scores",
            [WHO | {"as_of": day, "score": 0.5, "score_band": "HIGH"} for day in DAYS],
        )
        put(database, "scores.models", [{"entity_type": "buyer", "calibrated_on": "folds"}])
        builds = ((1, DAYS[1]), (2, DAYS[2]), (3, DAYS[2]), (4, TODAY))
        put(
            database,
            "scores.history_builds",
            [
                {"build_number": number, "as_of": day, "entity_type": "buyer", "scored": 9}
                for number, day in builds
            ],
        )
        put(
            database, "scores.history", [kept(2, DAYS[2], 0.2, "MED"), kept(3, DAYS[2], 0.3, "MED")]
        )
        yield database


def kept(number: int, day: date, score: float | None, band: str | None) -> dict[str, Any]:
    """What a build said of the buyer."""
    return WHO | {"build_number": number, "as_of": day, "score": score, "score_band": band}


def put(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Make or replace a table."""
    con.register("_given", pl.DataFrame(rows, infer_schema_length=None))
    con.execute(f"create or replace table {table} as select * from _given")
    con.unregister("_given")


def days(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The history of the buyer."""
    keys = [":".join(WHO.values()), "buyer:somebody_else"]
    told = queries.run(con, "pages/investigate/score_history", keys=keys)
    assert set(told["entity_key"]) <= set(keys[:1])
    return told.drop("entity_key").rows()


def test_each_day_says_who_speaks_of_it(con: duckdb.DuckDBPyConnection) -> None:
    """No build: today's model. No row of one: Low. A row: the last build of that day."""
    assert days(con) == [
        (DAYS[0], 0.5, "HIGH", "rescored"),
        (DAYS[1], None, "LOW", "low"),
        (DAYS[2], 0.3, "MED", "then"),
        (TODAY, 0.5, "HIGH", "then"),
    ]


def test_a_build_without_a_model_says_nothing_of_a_score(con: duckdb.DuckDBPyConnection) -> None:
    """Whoever no model scored then was not Low."""
    con.execute("update scores.history_builds set scored = 0 where build_number = 1")
    assert days(con)[1] == (DAYS[1], 0.5, "HIGH", "rescored")


def test_a_day_of_a_build_that_is_no_snapshot_any_more_is_kept(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """What was said stays said although today's tables do not look at that day."""
    con.execute("delete from scores.scores where as_of = $day", {"day": DAYS[2]})
    assert days(con)[2] == (DAYS[2], 0.3, "MED", "then")


def test_a_handed_over_score_is_not_rescored(con: duckdb.DuckDBPyConnection) -> None:
    """Old days of somebody else's scores are in their file: no model of ours speaks of them."""
    con.execute("update scores.models set calibrated_on = 'handed over'")
    assert [basis for *_, basis in days(con)] == ["handed", "low", "then", "then"]
