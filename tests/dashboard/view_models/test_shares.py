"""Intervals and exact tests of shares, against scipy and by how often they hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact

from dashboard.view_models.shares import LEAST, chance, middle, share

SEEDS = (1, 2, 3, 101, 102)
"""The last two were not looked at while the module was written."""


def test_the_exact_test_is_that_of_scipy() -> None:
    """Over a walk of tables, one with nobody bad and one with nobody good among them."""
    for a, n, b, m in [
        (3, 10, 9, 12),
        (0, 14, 5, 30),
        (7, 7, 20, 40),
        (0, 5, 0, 9),
        (60, 90, 30, 400),
    ]:
        expected = fisher_exact([[a, n - a], [b, m - b]]).pvalue
        assert chance(share(a, n), share(b, m)) == pytest.approx(expected, rel=1e-6)


def test_nobody_differs_from_nobody() -> None:
    """An empty group is no evidence of anything."""
    assert chance(share(0, 0), share(3, 10)) == 1.0
    assert share(0, 0).value is None


def test_a_share_of_few_is_not_said() -> None:
    """Nine cases would say who they were."""
    assert share(3, LEAST - 1).said == "–"
    assert share(3, LEAST).said == "30% (11 to 60)"


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_of_shares_hold_as_often_as_they_say(seed: int) -> None:
    """Wilson's over sizes and rates: nine times in ten in each cell, 95 in 100 over all."""
    rng, held = np.random.default_rng(seed), []
    for size in (10, 30, 120):
        for rate in (0.05, 0.3, 0.6):
            drawn = [share(int(k), size) for k in rng.binomial(size, rate, 400)]
            held.append(np.mean([one.low <= rate <= one.high for one in drawn]))
    assert min(held) >= 0.88
    assert np.mean(held) == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_of_medians_hold_as_often_as_they_say(seed: int) -> None:
    """Times of decisions are far from normal."""
    rng, held = np.random.default_rng(seed), []
    for size in (10, 25, 100):
        drawn = [middle(rng.lognormal(5.0, 0.8, size).tolist()) for _ in range(400)]
        held.append(np.mean([one.low <= np.exp(5.0) <= one.high for one in drawn]))
    assert min(held) >= 0.92


def test_the_ninth_decile_is_one_of_the_numbers() -> None:
    """Of one to ten it is nine."""
    assert middle([float(one) for one in range(1, 11)]).p90 == 9.0
    assert middle([]).whole == 0
