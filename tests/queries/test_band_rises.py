"""A cleared subject comes back above the band that it was *shown* in, not above today's guess."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import queries
from tests.laws.pricing import put

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 5, 29)
DAYS = [TODAY - timedelta(days=7 * week) for week in (4, 3, 2, 1, 0)]
WHO = {"entity_type": "buyer", "entity_id": "buy_1"}
Rise = tuple[int, str, date | None]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Judged a day after the second snapshot; today's model says High of every day."""
    with duckdb.connect() as database:
        for schema in ("alerts", "facts", "scores"):
            database.execute(f"create schema {schema}")
        judged_on = DAYS[1] + timedelta(days=1)
        put(database, "facts.verdicts", [WHO | {"known_day": judged_on, "replaced_day": None}])
        put(
            database,
            "facts.snapshots",
            [{"entity_type": "buyer", "as_of": d, "is_latest": d == TODAY} for d in DAYS],
        )
        scores(database, dict.fromkeys(DAYS, "HIGH"))
        ledger(database, {})
        yield database


def scores(con: duckdb.DuckDBPyConnection, bands: dict[date, str]) -> None:
    """What today's model says of each day."""
    put(con, "scores.scores", [WHO | {"as_of": d, "score_band": b} for d, b in bands.items()])


def ledger(con: duckdb.DuckDBPyConnection, bands: dict[tuple[int, date], str | None]) -> None:
    """Builds by number and day, and the band that each gave; None = it kept no row: Low."""
    con.execute(
        "create or replace table scores.history_builds"
        " (entity_type varchar, as_of date, build_number bigint, scored bigint)"
    )
    con.execute(
        "create or replace table scores.history (entity_type varchar, entity_id varchar,"
        " as_of date, build_number bigint, score_band varchar)"
    )
    for (number, day), band in bands.items():
        values: dict[str, Any] = {"d": day, "n": number}
        con.execute("insert into scores.history_builds values ('buyer', $d, $n, 9)", values)
        if band:
            sql = "insert into scores.history values ('buyer', 'buy_1', $d, $n, $b)"
            con.execute(sql, values | {"b": band})


def rise(con: duckdb.DuckDBPyConnection) -> Rise:
    """The row of the buyer."""
    queries.build(con, "alerts/band_rises")
    rows = con.sql("select judged_rank, judged_by, risen_on from alerts.band_rises").fetchall()
    assert len(rows) == 1
    found: Rise = rows[0]
    return found


def test_who_was_shown_low_has_risen_although_todays_model_calls_all_days_high(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The build of the day kept no row of it, so the analyst cleared somebody Low."""
    ledger(con, {(1, DAYS[1]): None})
    assert rise(con) == (0, "ledger", TODAY)


def test_who_was_shown_high_has_not_risen_although_todays_model_calls_it_low_then(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Cleared in the band that it has today: nothing is new."""
    scores(con, {day: "HIGH" if day == TODAY else "LOW" for day in DAYS})
    assert rise(con) == (0, "rescored", TODAY)
    ledger(con, {(1, DAYS[1]): "HIGH"})
    assert rise(con) == (2, "ledger", None)


def test_it_rose_in_the_build_that_first_showed_it_higher(con: duckdb.DuckDBPyConnection) -> None:
    """Builds between the verdict and today speak for their days."""
    ledger(con, {(1, DAYS[1]): "MED", (2, DAYS[2]): "MED", (3, DAYS[3]): "CRIT"})
    assert rise(con) == (1, "ledger", DAYS[3])


def test_of_two_builds_of_a_day_the_last_was_on_the_screen(con: duckdb.DuckDBPyConnection) -> None:
    """A second build of the same data, after other decisions."""
    ledger(con, {(1, DAYS[1]): None, (2, DAYS[1]): "HIGH"})
    assert rise(con) == (2, "ledger", None)


def test_a_ledger_that_begins_after_the_verdict_cannot_say(con: duckdb.DuckDBPyConnection) -> None:
    """Today's model is compared with itself, on all days."""
    scores(con, dict(zip(DAYS, ("LOW", "MED", "MED", "HIGH", "HIGH"), strict=True)))
    ledger(con, {(1, DAYS[2]): "CRIT"})
    assert rise(con) == (1, "rescored", DAYS[3])


def test_a_verdict_on_todays_build_has_no_rise_yet(con: duckdb.DuckDBPyConnection) -> None:
    """Built again on the same day: what was shown is in the ledger, and no later day is."""
    con.execute("update facts.verdicts set known_day = $day", {"day": TODAY})
    ledger(con, {(1, DAYS[0]): None, (2, TODAY): "MED"})
    assert rise(con) == (1, "ledger", None)


def test_a_build_that_scored_nobody_of_the_type_shows_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """No model, no band: it is not the same as Low."""
    ledger(con, {(1, DAYS[1]): None})
    con.execute("update scores.history_builds set scored = 0")
    assert rise(con)[1] == "rescored"
