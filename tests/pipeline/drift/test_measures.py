"""A window against itself is zero, a moved one is seen, chance is not drift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from pipeline.drift.measures import (
    Sample,
    jensen_shannon,
    level_distances,
    number_distances,
    shift,
)
from pipeline.settings.build import DriftSettings

DRIFT = DriftSettings()
values = st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=60).map(np.array)


@settings(max_examples=60, deadline=None)
@given(values)
def test_a_window_against_itself_is_zero(window: np.ndarray) -> None:
    """Exactly zero, whatever the values, unknown ones included."""
    sample = Sample.of(window.astype(float))
    moved = shift(sample, sample, DRIFT)
    assert moved.distances.psi == 0.0
    assert moved.distances.ks in (0.0, None)
    assert moved.distances.wasserstein in (0.0, None)
    assert moved.distances.jensen_shannon == 0.0
    assert moved.verdict(DRIFT) == "stable"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_ks_and_wasserstein_equal_scipy(data: st.DataObject) -> None:
    """To 1e-9 for values with ties, of any sizes, whatever is unknown."""
    number = st.integers(-9, 9).map(float) | st.floats(-1e3, 1e3)
    one, other = (np.array(data.draw(st.lists(number, min_size=2, max_size=50))) for _ in range(2))
    ours = number_distances(Sample.of(np.append(one, np.nan)), Sample.of(other), DRIFT)
    assert ours.ks == pytest.approx(ks_2samp(one, other, method="asymp").statistic, abs=1e-9)
    assert ours.wasserstein == pytest.approx(wasserstein_distance(one, other), abs=1e-9)


def test_large_samples_equal_scipy() -> None:
    """To 1e-9 at 20,000 rows of money too."""
    random = np.random.default_rng(8)
    one, other = (random.lognormal(3.0, spread, size=20_000).round(2) for spread in (1.0, 1.1))
    ours = number_distances(Sample.of(one), Sample.of(other), DRIFT)
    assert ours.ks == pytest.approx(ks_2samp(one, other).statistic, abs=1e-9)
    assert ours.wasserstein == pytest.approx(wasserstein_distance(one, other), abs=1e-9)


counts = st.lists(st.integers(0, 40), min_size=2, max_size=8).filter(sum)


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_jensen_shannon_equals_scipy(one: list[int], other: list[int]) -> None:
    """To 1e-9, empty bins included."""
    size = min(len(one), len(other))
    before, now = (np.array(counts[:size], dtype=float) for counts in (one, other))
    if not before.sum() or not now.sum():
        return
    theirs = jensenshannon(before, now, base=2)
    ours = jensen_shannon(before / before.sum(), now / now.sum())
    # A rounding error below zero is NaN in scipy; squares, since a root magnifies it near zero.
    assert ours**2 == pytest.approx(np.nan_to_num(theirs) ** 2, abs=1e-9)


def test_levels_by_hand() -> None:
    """A quarter goes to a level that was never seen, a tenth is unknown."""
    found = level_distances({"card": 80, "bank": 20}, {"card": 65, "tap": 25, None: 10}, 1e-4)
    assert found.unseen == 0.25
    assert found.missing == 0.10
    assert found.ks is None
    assert found.wasserstein is None
    same = level_distances({"card": 8, None: 2}, {None: 1, "card": 4}, 1e-4)
    assert (same.psi, same.jensen_shannon, same.unseen) == (0.0, 0.0, 0.0)


def test_tail_is_what_lies_beyond_the_reference() -> None:
    """Twenty of a thousand values go where none was before."""
    calm = np.linspace(0.0, 1.0, 1000)
    found = number_distances(Sample.of(calm), Sample.of(np.append(calm[:980], [9.0] * 20)), DRIFT)
    assert found.tail == pytest.approx(0.021)


def test_ks_equals_scipy() -> None:
    """The distance is that of `scipy.stats.ks_2samp`."""
    random = np.random.default_rng(5)
    one, other = random.normal(size=300), random.normal(0.3, 1.2, size=410)
    ours = shift(Sample.of(one), Sample.of(other), DRIFT)
    theirs = ks_2samp(one, other, method="asymp")
    assert ours.distances.ks == pytest.approx(theirs.statistic)


def test_psi_of_two_bins_by_hand() -> None:
    """Half zeros against three quarters zeros: 0.25 ln(1.5) + (-0.25) ln(0.5)."""
    before, now = np.repeat([0.0, 1.0], [500, 500]), np.repeat([0.0, 1.0], [750, 250])
    expected = 0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5)
    moved = shift(Sample.of(before), Sample.of(now), DRIFT)
    assert moved.distances.psi == pytest.approx(expected)
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
    assert moved.distances.psi > DRIFT.psi_watch
    assert moved.verdict(DRIFT) == "stable"
