"""Causes in words: before anybody is named, and nothing claimed that was not looked at."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.view_models.cause_words import (
    NOTHING,
    beside_baseline,
    cause_lines,
    cause_sentence,
)
from queries.registry import kpis

RELEASE = {"cause": "release", "title": "One-tap wallet launches", "share": 0.9, "margin": 0.05}
REST = {"cause": "unexplained", "title": None, "share": 0.1, "margin": None}


def test_a_movement_that_was_not_explained_has_no_cause() -> None:
    """Not asked is not asked in vain."""
    assert cause_sentence([]) == ""
    assert cause_sentence([{**REST, "share": 1.0}]) == NOTHING


def test_each_cause_has_its_share_and_the_rest_stands_last() -> None:
    """With its noise where there is any."""
    lines = cause_lines([REST, RELEASE, {**RELEASE, "cause": "mix", "title": "channel"}])
    assert lines[0] == ("The release One-tap wallet launches", "90% ± 5 pp")
    assert lines[1][0].endswith("(by channel)")
    assert lines[-1] == ("Unexplained", "10%")


def test_what_is_explained_is_said_first() -> None:
    """A week beside a quarter of four weeks; a rate beside the rate of four weeks."""
    first = date(2026, 3, 1)
    days = [first + timedelta(days=i) for i in range(35)]
    daily = pl.DataFrame(
        {
            "day": days,
            "numerator": [10.0] * 28 + [15.0] * 7,
            "denominator": [100.0] * 35,
        }
    )
    of_sum = beside_baseline(kpis()["orders"], daily, days[28])
    assert of_sum == "29 Mar to 4 Apr: 105 where the four weeks before make 70: +50.0%."
    rate = beside_baseline(kpis()["refund_rate"], daily, days[28])
    assert rate == "29 Mar to 4 Apr: 15.0% where the four weeks before make 10.0%: +5.00 pp."
