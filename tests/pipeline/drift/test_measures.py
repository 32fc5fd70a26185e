"""A window against itself is zero, a moved one is seen, chance is not drift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from pipeline.drift.measures import Sample, shift
from pipeline.settings.build import DriftSettings

DRIFT = DriftSettings()
values = st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=60).map(np.array)


@settings(max_examples=60, deadline=None)
@given(values)
def test_a_window_against_itself_is_zero(window: np.ndarray) -> None:
    """Exactly zero, whatever the values, unknown ones included."""
    sample = Sample.of(window.astype(float))
    moved = shift(sample, sample, DRIFT)
    assert moved.psi == 0.0
    assert moved.ks in (0.0, None)
    assert moved.verdict(DRIFT) == "stable"


def test_ks_equals_scipy() -> None:
    """The distance is that of `scipy.stats.ks_2samp`, the p-value its limit."""
    random = np.random.default_rng(5)
    one, other = random.normal(size=300), random.normal(0.3, 1.2, size=410)
    ours = shift(Sample.of(one), Sample.of(other), DRIFT)
    theirs = ks_2samp(one, other, method="asymp")
    assert ours.ks == pytest.approx(theirs.statistic)
    assert ours.ks_pvalue == pytest.approx(theirs.pvalue, rel=0.2)


def test_psi_of_two_bins_by_hand() -> None:
    """Half zeros against three quarters zeros: 0.25 ln(1.5) + (-0.25) ln(0.5)."""
    before, now = np.repeat([0.0, 1.0], [500, 500]), np.repeat([0.0, 1.0], [750, 250])
    expected = 0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5)
    moved = shift(Sample.of(before), Sample.of(now), DRIFT)
    assert moved.psi == pytest.approx(expected)
    assert moved.verdict(DRIFT) == "shifted"


def test_values_going_missing_is_drift() -> None:
    """The unknown ones have a bin of their own: KS cannot see them, PSI does."""
    whole = np.random.default_rng(2).normal(size=1000)
    holes = np.where(np.arange(1000) % 2 == 0, np.nan, whole)
    moved = shift(Sample.of(whole), Sample.of(holes), DRIFT)
    assert moved.verdict(DRIFT) == "shifted"


def test_chance_is_not_drift() -> None:
    """Two small samples of one population differ, but not beyond chance."""
    random = np.random.default_rng(4)
    moved = shift(Sample.of(random.normal(size=40)), Sample.of(random.normal(size=40)), DRIFT)
    assert moved.psi > DRIFT.psi_watch
    assert moved.verdict(DRIFT) == "stable"
