"""A share of a week's alerts, or none while the week is young."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.view_models.alert_cohorts import AlertCohorts, cohort_note, first_week

OLD, YOUNG = date(2026, 3, 2), date(2026, 3, 30)
NAMES = ("week", "opened", "confirmed", "cleared", "unjudged", "is_mature")


def rows(*weeks: tuple[object, ...]) -> pl.DataFrame:
    """Rows of the query."""
    return pl.DataFrame([dict(zip(NAMES, week, strict=True)) for week in weeks])


def test_a_young_week_has_counts_and_no_share() -> None:
    """It says what is known so far, and the sentence leaves it out."""
    view = AlertCohorts.of(rows((YOUNG, 10, 1, 0, 9, False), (OLD, 40, 20, 10, 10, True)))
    young, old = view.table.iter_rows(named=True)
    assert (young["confirmed"], young["cleared"], young["unjudged"]) == (None, None, None)
    assert young["state"] == "too young: 1 confirmed, 0 cleared so far"
    assert (old["confirmed"], old["cleared"], old["unjudged"]) == (0.5, 0.25, 0.25)
    assert view.sentence == (
        "Of 40 alerts in 1 week 50% were confirmed within 28 days, 25% cleared, 25% not judged. "
        "Too young to say: 1 week."
    )


def test_where_no_week_is_old_enough_it_says_from_when() -> None:
    """The Sunday of the week, its 28 days, and the day after."""
    view = AlertCohorts.of(rows((YOUNG, 10, 1, 0, 9, False)))
    assert view.sentence == "No week is old enough yet: no share can be given before 2026-05-04."


def test_a_quarter_of_weeks_ends_with_the_period() -> None:
    """From a Monday on; the note names what a filter leaves out."""
    assert first_week(date(2026, 3, 31)) == date(2026, 1, 12)
    assert first_week(date(2026, 3, 31)).weekday() == 0
    assert "Buyers have no category" in cohort_note({"category": ["Beauty"]})
    assert "Buyers" not in cohort_note({"category": []})
