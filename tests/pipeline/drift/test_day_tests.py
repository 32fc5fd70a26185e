"""A day like the others is calm, a moved one is found, and one crowd is not a movement."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from pipeline.drift.day_tests import (
    Bins,
    DayCounts,
    DayTests,
    day_tests,
    independent_cuts,
)
from pipeline.settings.build import DayDriftSettings

SETTINGS = DayDriftSettings()
NUMBERS = Bins.of_number(range(12), np.ones(11))
LEVELS = Bins.of_levels([-1, 0, 1, 2, 3])
DAYS = 29
"""Four weeks and the day in question, the last."""


def drawn(shares: list[float], orders: int = 120, markets: int = 3) -> np.ndarray:
    """Orders by market, day and bin, every day from the same shares."""
    random = np.random.default_rng(11)
    return random.multinomial(orders, shares, size=(markets, DAYS)).astype(float)


def counts(orders: np.ndarray) -> DayCounts:
    """Each order a cluster of its own."""
    return DayCounts(orders, orders, orders)


def last_day(orders: DayCounts, bins: Bins) -> DayTests:
    """The last day against all before it."""
    return day_tests(orders, bins, [DAYS - 1], [range(DAYS - 1)], SETTINGS)


def found(orders: DayCounts, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
    """P and effect of the last day, all markets first."""
    tested = last_day(orders, bins)
    return tested.p_value[0], tested.effect[0]


def test_a_window_against_itself_moves_nothing() -> None:
    """A day that repeats the others exactly has no distance, no effect and no p below one."""
    day = drawn([0.02, *[0.098] * 10, 0.0])[:, :1]
    same = np.repeat(day, DAYS, axis=1)
    tested = last_day(counts(same), NUMBERS)
    for distance in (tested.psi, tested.ks, tested.wasserstein, tested.jensen_shannon):
        assert distance == pytest.approx(np.zeros((1, 4)), abs=1e-6)
    assert np.abs(tested.effect).max() < 0.1
    assert tested.p_value.min() > 0.1


def test_wasserstein_of_a_step_is_its_length() -> None:
    """Everything moves from one bin of width 1 to the one two further: 2."""
    orders = np.zeros((1, DAYS, 12))
    orders[:, :-1, 4], orders[:, -1, 6] = 100.0, 100.0
    tested = last_day(counts(orders), NUMBERS)
    assert tested.wasserstein[0] == pytest.approx([2.0, 2.0])
    assert tested.ks[0] == pytest.approx([1.0, 1.0])


def test_chance_is_no_alarm() -> None:
    """Of 28 calm days of four slices hardly any p is small: they are at most uniform."""
    orders = counts(drawn([0.02, *[0.098] * 10, 0.0]))
    others = [[one for one in range(DAYS) if one != day] for day in range(DAYS)]
    p = day_tests(orders, NUMBERS, range(DAYS), others, SETTINGS).p_value
    assert p.shape == (DAYS, 4)
    assert np.mean(p < 0.05) <= 0.05


def test_days_at_once_are_each_alone() -> None:
    """To the last bit: a build that adds one day has the rows of one that made them all."""
    random = np.random.default_rng(5)
    orders = counts(random.poisson(4.0, size=(3, DAYS, 12)).astype(float))
    days, others = [26, 27, 28], [range(20), range(1, 21), range(2, 22)]
    together = day_tests(orders, NUMBERS, days, others, SETTINGS)
    for place, (day, own) in enumerate(zip(days, others, strict=True)):
        alone = day_tests(orders, NUMBERS, [day], [own], SETTINGS)
        for field in fields(DayTests):
            both = [getattr(one, field.name) for one in (together, alone)]
            assert np.array_equal(both[0][place], both[1][0], equal_nan=True)


def test_a_share_that_moves_in_one_market_is_found_there() -> None:
    """38 to 70 % at or below an edge, in the second of three markets."""
    orders = drawn([0.0, *[0.38 / 5] * 5, *[0.62 / 6] * 6])
    orders[1, -1] = np.array([0.0, *[0.7 / 5] * 5, *[0.3 / 6] * 6]) * 120
    p, effect = found(counts(orders), NUMBERS)
    assert p[2] < 1e-6
    assert effect[2] > 0.5
    assert p[1] > 0.01
    assert p[3] > 0.01


@pytest.mark.parametrize(
    ("bins", "before", "now"),
    [
        (NUMBERS, [0.02, *[0.098] * 10, 0.0], [0.20, *[0.08] * 10, 0.0]),
        (NUMBERS, [0.0, *[0.0999] * 10, 0.001], [0.0, *[0.098] * 10, 0.02]),
        (LEVELS, [0.0, 0.0, 0.6, 0.3, 0.1], [0.0, 0.0, 0.4, 0.5, 0.1]),
        (LEVELS, [0.0, 0.0, 0.6, 0.3, 0.1], [0.03, 0.0, 0.6, 0.27, 0.1]),
    ],
)
def test_a_fault_is_found(bins: Bins, before: list[float], now: list[float]) -> None:
    """Missing 2 to 20 %, 2 % to the tail, a mix of levels, a level never seen."""
    orders = drawn(before)
    orders[:, -1] = np.round(np.array(now) * 120)
    p, effect = found(counts(orders), bins)
    assert p[0] < 1e-4
    assert abs(effect[0]) > SETTINGS.least_effect


def test_one_crowd_is_no_movement() -> None:
    """Eighty orders of one live room in one bin are one more cluster."""
    orders = drawn([0.0, *[0.1] * 10, 0.0])
    clusters, touched = orders.copy(), orders.copy()
    orders[0, -1, 3] += 80.0
    clusters[0, -1, 3] += 1.0
    touched[0, -1, 3] += 1.0
    p, _ = found(DayCounts(orders, clusters, touched), NUMBERS)
    assert p[1] > 0.01


def test_days_that_scatter_need_more() -> None:
    """The same step is less of a finding where days part from each other anyway."""
    calm = drawn([0.0, 0.0, 0.5, 0.3, 0.2])
    rough = calm.copy()
    sway = np.round(25.0 * np.sin(np.arange(DAYS - 1)))
    rough[:, :-1, 2] = np.maximum(rough[:, :-1, 2] + sway, 0.0)
    rough[:, :-1, 3] = np.maximum(rough[:, :-1, 3] - sway, 0.0)
    for orders in (calm, rough):
        orders[:, -1] = np.array([0.0, 0.0, 84.0, 12.0, 24.0])
    assert found(counts(rough), LEVELS)[0][1] > 100.0 * found(counts(calm), LEVELS)[0][1]


def test_too_little_sold_says_nothing() -> None:
    """Fewer clusters than `least_clusters`: no p."""
    p, _ = found(counts(drawn([0.0, 0.0, 0.5, 0.3, 0.2], orders=9)), LEVELS)
    assert np.isnan(p[1:]).all()


def test_correlated_questions_count_less() -> None:
    """Nested shares are worth fewer than there are, never more."""
    sizes = np.array([0.0, *[10.0] * 11])
    cuts = NUMBERS.cuts[:, : -NUMBERS.rare]
    never = np.array([0.0, *[110.0] * 1, *[0.0] * 10])
    worth = independent_cuts(np.array([sizes, never]), cuts)
    assert 1.0 < worth[0] < cuts.shape[1]
    assert worth[1] == cuts.shape[1]


def test_what_always_goes_together_is_one_question() -> None:
    """Three levels of which two have everything: one share says the other's, the third is new."""
    worth = independent_cuts(np.array([[0.0, 0.0, 70.0, 30.0, 0.0]]), LEVELS.cuts[:, :-2])
    assert worth == pytest.approx([2.0])
