"""Quality for the population, and a calibration error that verdicts do not fake."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluation.metrics import Quality
from pipeline.population import Population
from pipeline.settings.build import ErrorSettings


def test_quality_of_a_perfect_and_a_useless_score() -> None:
    """A perfect ranking has area 1; a constant one has the base rate."""
    is_bad = np.array([1.0] * 20 + [0.0] * 80)
    perfect = Quality(is_bad * 0.9 + 0.05, is_bad, Population(0.02), 0.01).measures
    assert perfect["auprc"] == pytest.approx(1.0)
    assert perfect["precision_at_50"] == pytest.approx(1.0)
    assert perfect["recall_at_50"] == pytest.approx(0.5)
    useless = Quality(np.full(100, 0.02), is_bad, Population(0.02), 0.01).measures
    assert useless["auprc"] == pytest.approx(0.02)
    assert useless["precision_at_50"] == pytest.approx(0.02)
    assert useless["ece"] == pytest.approx(0.0, abs=1e-9)


def test_a_right_score_is_not_blamed_for_wrong_verdicts() -> None:
    """With verdicts that err as stated a true probability has nearly no calibration error."""
    random = np.random.default_rng(8)
    chance = random.beta(0.4, 1.2, 20_000)
    truly = random.random(chance.size) < chance
    errors = ErrorSettings(sensitivity=0.85, specificity=0.95)
    right = np.where(truly, random.random(chance.size) < 0.85, random.random(chance.size) < 0.95)
    verdicts = np.where(right, truly, ~truly).astype(float)
    rate = float(chance.mean())
    corrected = Quality(chance, verdicts, Population(rate, errors), 0.05).measures["ece"]
    taken_at_their_word = Quality(chance, verdicts, Population(rate), 0.05).measures["ece"]
    assert corrected < 0.015
    assert taken_at_their_word > 0.04
