"""Tails and intervals against their definitions."""

from __future__ import annotations

import numpy as np
from scipy.stats import poisson

from pipeline.noticing.significance import (
    interval,
    p_values,
    sigmas,
)


def test_without_dispersion_the_tail_is_poissons() -> None:
    """Both tails, doubled."""
    one = np.ones(2)
    p = p_values(np.array([31.0, 9.0]), 20.0 * one, one)
    assert np.allclose(p, [2.0 * poisson.sf(30, 20.0), 2.0 * poisson.cdf(9, 20.0)])


def test_wider_scatter_makes_the_same_count_less_odd() -> None:
    """Monotone in the dispersion, and in the distance."""
    p = p_values(np.full(3, 60.0), np.full(3, 30.0), np.array([1.0, 3.0, 9.0]))
    assert p[0] < p[1] < p[2]
    assert np.all(np.diff(sigmas(p)) < 0.0)


def test_what_is_said_to_lie_inside_does() -> None:
    """Of gamma-Poisson counts of that dispersion, nineteen in twenty."""
    random, mean, dispersion = np.random.default_rng(1), 80.0, 4.0
    rate = random.gamma(mean / (dispersion - 1.0), dispersion - 1.0, 20_000)
    low, high = interval(np.array([mean]), np.array([dispersion]), 0.05)
    drawn = random.poisson(rate)
    assert abs(np.mean((drawn >= low) & (drawn <= high)) - 0.95) < 0.01
