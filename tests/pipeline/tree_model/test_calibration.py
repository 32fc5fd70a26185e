"""A calibrated margin is the probability that a known world gives it."""

from __future__ import annotations

import numpy as np

from pipeline.settings.build import LabelSettings
from pipeline.tree_model.calibration import calibrate

LABELS = LabelSettings()


def test_calibration_recovers_population_probabilities() -> None:
    """Margins from a sample of half bad ones become probabilities at a 5 % base rate."""
    random = np.random.default_rng(1)
    is_bad = np.repeat([1.0, 0.0], 4000)
    evidence = random.normal(2.0 * is_bad, 1.0)
    calibration = calibrate(3.0 * evidence - 1.0, is_bad, 0.05)
    # two normals one apart by 2: log likelihood ratio = 2 x - 2
    truth = 1.0 / (1.0 + np.exp(-(2.0 * evidence - 2.0 + np.log(0.05 / 0.95))))
    assert np.abs(calibration.score(3.0 * evidence - 1.0) - truth).max() < 0.05


def test_calibration_sees_through_errors_of_the_verdicts() -> None:
    """With verdicts that err as stated it finds nearly what true ones would give."""
    random = np.random.default_rng(1)
    is_bad = np.repeat([1.0, 0.0], 4000)
    margin = random.normal(2.0 * is_bad, 1.0)
    errors, draw = LABELS.errors, random.random(is_bad.size)
    right = np.where(is_bad > 0, draw < errors.sensitivity, draw < errors.specificity)
    verdicts = np.where(right, is_bad, 1.0 - is_bad)
    best = calibrate(margin, is_bad, 0.05).score(margin)
    rates = {"sensitivity": errors.sensitivity, "specificity": errors.specificity}
    corrected = calibrate(margin, verdicts, 0.05, **rates).score(margin)
    taken_at_their_word = calibrate(margin, verdicts, 0.05).score(margin)
    assert np.abs(corrected - best).max() < 0.1
    assert np.abs(taken_at_their_word - best).max() > 0.2


def test_a_model_worse_than_chance_scores_the_base_rate() -> None:
    """A falling slope is cut to a constant."""
    is_bad = np.array([1.0, 1.0, 0.0, 0.0] * 10)
    calibration = calibrate(-is_bad, is_bad, 0.03)
    assert calibration.slope == 0.0
    np.testing.assert_allclose(calibration.score(np.array([-5.0, 5.0])), 0.03, atol=1e-3)
