"""Tails, intervals and rates of false discoveries against their definitions."""

from __future__ import annotations

import numpy as np
from scipy.stats import poisson

from pipeline.noticing.significance import (
    false_discovery_rates,
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


def test_false_discovery_rates_are_those_of_the_paper() -> None:
    """Benjamini and Hochberg 1995, table of 15 p: four are rejected at 5 %."""
    small = (0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344)
    p = np.array([*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert (false_discovery_rates(p) <= 0.05).sum() == 4
    few = false_discovery_rates(p[::-1][-4:], comparisons=15)
    assert np.allclose(few[::-1], false_discovery_rates(p)[:4])
