"""A change of score says who says what it was before."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.view_models.score_history import caption, change, said_on

LAST = date(2026, 5, 1)


def trend(score: float | None, band: str, basis: str) -> pl.DataFrame:
    """A history of five weeks ago and today, where the score is 0.5."""
    rows = [(LAST - timedelta(days=35), score, band, basis), (LAST, 0.5, "HIGH", "then")]
    return pl.DataFrame(rows, schema=["as_of", "score", "score_band", "basis"], orient="row")


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        ((0.2, "MED", "then"), "+0.300 in 35 days, as scored then"),
        ((0.2, "MED", "rescored"), "+0.300 in 35 days, rescored with today's model"),
        ((None, "LOW", "low"), "Low 35 days ago, as scored then"),
    ],
)
def test_a_change_says_whose_it_is(old: tuple[float | None, str, str], sentence: str) -> None:
    """A score that nobody kept gives no difference."""
    assert change(trend(*old)) == sentence


def test_every_day_of_a_chart_is_accounted_for() -> None:
    """Days with a point of either kind, and days without one."""
    assert caption(trend(0.2, "MED", "then")) == "2 days as scored then (filled)."
    assert "1 day Low then, score not kept (no point)" in caption(trend(None, "LOW", "low"))


def test_what_was_shown_is_quoted_beside_a_comparison() -> None:
    """The day itself, not the last one, which is today's."""
    history = trend(0.2, "MED", "then")
    assert said_on(history, history["as_of"][0]).startswith(
        "As scored then, on 27 Mar 2026: 0.200, Medium."
    )
    assert said_on(history, LAST) == ""
