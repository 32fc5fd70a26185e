"""Weeks as verdicts came in, in words: what is known, what is expected, what nobody can know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboard.view_models.late_labels import (
    ESTIMATE_CAVEAT,
    Cohorts,
    arrival_table,
    arrivals_concerning,
    draws_sentence,
    estimate_sentences,
    lot_sentence,
)

FIRST_WEEK = date(2026, 5, 5)


def week(number: int, judged: int, bad: int, expected: float, **changed: Any) -> dict[str, Any]:
    """A mature week of `pages/model/cohorts`."""
    return {
        "as_of": FIRST_WEEK + timedelta(days=7 * number),
        "is_mature": True,
        "judged": judged,
        "bad": bad,
        "expected": expected,
        "precision": bad / judged if judged else None,
        "precision_low": 0.4,
        "precision_high": 0.9,
        "known_bad": bad + 5,
        "reached": bad,
        "recall": bad / (bad + 5),
        "recall_low": 0.3,
        "recall_high": 0.8,
        **changed,
    }


YOUNG = week(2, 3, 3, 0.9, is_mature=False, precision=None, precision_low=None,
             precision_high=None, recall=None, recall_low=None, recall_high=None)  # fmt: skip
WEEKS = pl.DataFrame([week(0, 10, 8, 0.7), week(1, 30, 15, 0.6), YOUNG])


def test_a_young_week_is_apart_and_in_no_sum() -> None:
    """23 of 40 reviews; the three young verdicts, all bad, do not make it better."""
    view = Cohorts.of(WEEKS, "precision")
    assert "57.5% of 40 reviews called bad in 2 weeks" in view.sentence
    assert "1 week still without all verdicts" in view.sentence
    assert view.weeks["value"].to_list() == [0.8, 0.5, None]
    assert "69.7% of 33 bad ones reached" in Cohorts.of(WEEKS, "recall").sentence


def test_no_mature_week_claims_nothing() -> None:
    """A sentence, no share."""
    young = Cohorts.of(WEEKS.filter(~pl.col("is_mature")), "precision")
    assert young.sentence.startswith("No verdict has come in time")
    assert "%" not in young.sentence


def test_the_estimate_says_how_far_it_was_off() -> None:
    """(7 + 18) / 40 expected, 23 / 40 bad; (0.1 * 10 + 0.1 * 30) / 40 missed."""
    band = {"entities": 553, "predicted": 0.801}
    said = estimate_sentences(WEEKS, band)
    assert "of the 553 in the first 5 % this week the scores expect 80.1% to be bad" in said[0]
    assert "expected 62.5% of the reviewed to be bad and 57.5% were" in said[1]
    assert "missed by 10 points" in said[1]
    assert said[2] == ESTIMATE_CAVEAT
    assert len(estimate_sentences(WEEKS.head(0), band)) == 2
    assert estimate_sentences(WEEKS, None) == []


@pytest.mark.parametrize("first", [0, 22])
def test_random_checks_below_speak_for_what_is_missed(first: int) -> None:
    """Of the first places only where somebody was drawn there."""
    rows = pl.DataFrame(
        {
            "is_in_first": [True, False],
            "checks": [first, 251],
            "finds": [min(first, 17), 12],
            "rate": [0.4, 0.016],
            "low": [0.2, 0.001],
            "high": [0.5, 0.039],
        }
    )
    said = lot_sentence(rows)
    assert "below the first 5 %: 12 of 251 called bad" in said
    assert "between 0.1% and 3.9% of them are" in said
    assert ("17 of 22 called bad" in said) == bool(first)
    assert "not known" in lot_sentence(rows.filter("is_in_first"))


def test_checks_that_are_left_out_are_said() -> None:
    """What the lot drew less what is left out is what the sentence before it counts."""
    draws = {"drawn": 83, "called_bad": 5, "early": 4, "early_bad": 1, "overturned": 1, "added": 0}
    assert draws_sentence(draws) == (
        "The lot drew 83 in all, 5 called bad by the first verdict: 4 (1 called bad) had no weekly "
        "score before their verdict and 1 verdict has been changed to good since."
    )
    nobody = dict.fromkeys(draws, 0) | {"drawn": 79, "called_bad": 3}
    assert draws_sentence(nobody) == ""


def test_ages_are_read_off_the_curve() -> None:
    """The first age at which half and nine in ten are there, the quickest scheme first."""
    rows = pl.DataFrame(
        [(scheme, age, share, 40, 40) for scheme, shares in
         (("T1_BRUSHING", (0.2, 0.5, 0.8, 0.9, 1.0)), ("T3_INCENTIVE_ABUSE", (0.6, 1.0)))
         for age, share in enumerate(shares)],
        schema=["typology", "age_days", "share", "labels", "old_enough"],
        orient="row",
    )  # fmt: skip
    table = arrival_table(rows).select("label", "half", "nine_tenths", "longest")
    assert table.rows() == [("Incentive abuse", 0, 1, 1), ("Brushing", 1, 3, 4)]
    other = pl.col("typology").replace("T3_INCENTIVE_ABUSE", "T2_VIEWER_INFLATION")
    inflated = rows.with_columns(other)
    assert set(arrivals_concerning(inflated, "merchant")["typology"]) == {"T1_BRUSHING"}
