"""The day of the queue in a line."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.cases.standing import Place, Standing
from dashboard.cases.states import CaseState
from dashboard.view_models.today import Today

DAY = date(2026, 9, 29)


def test_what_waits_what_is_due_and_what_came_back() -> None:
    """Cases and alerts are two counts; reviews are due on their day, not before."""
    total = {"total_count": 90, "alert_total": 314, "exposure_total": 29_300.0}
    total |= {"harm_total": 2_050.0, "minutes_total": 2_640.0, "reopened_total": 23}
    later = {
        "a:1": Standing(Place.PROPOSED, CaseState.PROPOSED, review_on=DAY),
        "a:2": Standing(Place.PROPOSED, CaseState.PROPOSED, review_on=DAY + timedelta(days=1)),
    }
    today = Today.of(pl.DataFrame([total]), later, DAY, 360.0)
    assert today.facts == (
        "90 cases, 314 alerts",
        "$29.3K and $2.05K of harm at risk",
        "44 hours of work, 6 hours of them today",
        "1 review due",
        "today is 2026-09-29",
    )
    assert today.came_back == 23


def test_an_empty_day_says_so() -> None:
    """No money is named where none is known, no day's share where all of it fits."""
    nothing = Today.of(pl.DataFrame(), {}, DAY, 360.0)
    assert nothing.facts == ("0 cases, 0 alerts", "0 minutes of work", "today is 2026-09-29")
