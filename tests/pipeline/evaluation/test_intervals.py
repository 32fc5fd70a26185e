"""Figures of a model with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipeline.evaluation import intervals
from pipeline.evaluation.population_curve import CurveDraws
from pipeline.population import BaseRate
from pipeline.settings.models import EvaluationSettings

SETTINGS = EvaluationSettings(capacities=(10, 40))
ENTITIES = 1_000


def draws(sure: float = 400.0, rate: float = 0.05) -> CurveDraws:
    """Half of the bad in the first hundredth, all in the first tenth, give or take."""
    random = np.random.default_rng(4)
    place = np.array([0.01, 0.04, 0.05, 0.1, 1.0])
    share = np.array([0.2, 0.6, 0.7, 1.0, 1.0])
    scale = random.gamma(sure, 1.0 / sure, size=(400, 1)) * rate
    bad = np.minimum(scale * share, place)
    return CurveDraws(place, bad, bad, ENTITIES, BaseRate(np.array([rate]), np.array([1.0])))


def figures(one: CurveDraws) -> dict[tuple[str, int | None], dict[str, Any]]:
    """Rows of the evaluation by measure and capacity."""
    return {(row["measure"], row["at_k"]): row for row in intervals.rows(one, 90, SETTINGS)}


def test_every_interval_holds_its_estimate() -> None:
    """Low <= value <= high, and nothing beats the ceiling."""
    for row in figures(draws()).values():
        assert row["low"] <= row["value"] <= row["high"], row
        assert row["entities"] == 90
        if row["ceiling"] is not None:
            assert row["value"] <= row["ceiling"] + 0.01, row


def test_the_figures_are_those_of_the_curve() -> None:
    """Worked by hand: a base rate of 5 % with a fifth of the bad in the first hundredth."""
    figure_of = figures(draws(sure=1e8))
    assert figure_of["base_rate", None]["value"] == pytest.approx(0.05, abs=1e-3)
    assert figure_of["precision_at_k", 10]["value"] == pytest.approx(1.0, abs=1e-2)
    assert figure_of["recall_at_k", 10]["value"] == pytest.approx(0.2, abs=1e-2)
    assert figure_of["precision_at_k", 40]["value"] == pytest.approx(0.75, abs=1e-2)
    assert figure_of["recall_at_k", 40]["ceiling"] == pytest.approx(0.8, abs=1e-2)


def test_what_could_be_anything_says_nothing() -> None:
    """An interval wider than half of everything is no figure; a narrow one is."""
    assert figures(draws())["precision_at_k", 40]["says_something"]
    assert not figures(draws(sure=0.5))["precision_at_k", 40]["says_something"]


def bands(score: np.ndarray) -> dict[str, dict[str, Any]]:
    """Rows of the calibration by band."""
    return {row["band"]: row for row in intervals.bands(draws(), score, 0.10, SETTINGS)}


def test_a_constant_zero_is_no_probability() -> None:
    """Where a right score passes, zero for everybody lies below every interval."""
    right = np.repeat([0.97, 0.66, 0.3, 0.0], [10, 40, 50, 900])
    for row in bands(right).values():
        assert row["low"] <= row["predicted"] <= row["high"], row
    zero = bands(np.zeros(ENTITIES))
    assert set(zero) == {"top_1", "top_5"}
    for row in zero.values():
        assert row["predicted"] < row["low"], row


def test_seventy_three_per_cent_is_not_eleven() -> None:
    """A band whose share bad is 0.70 does not pass with a score of 0.11."""
    low = np.repeat([0.11, 0.0], [50, 950])
    row = bands(low)["medium"]
    assert row["observed"] == pytest.approx(0.7, abs=0.05)
    assert row["predicted"] < row["low"]


def test_the_curve_runs_down_the_list() -> None:
    """Thresholds fall, recall rises, and the last row lists everybody."""
    rows = intervals.curve(draws(), np.linspace(0.0, 1.0, ENTITIES))
    assert [row["threshold"] for row in rows] == sorted(
        (r["threshold"] for r in rows), reverse=True
    )
    assert [row["recall"] for row in rows] == sorted(row["recall"] for row in rows)
    assert rows[-1]["recall"] == pytest.approx(1.0)
    assert rows[-1]["precision"] == pytest.approx(0.05, abs=0.01)
