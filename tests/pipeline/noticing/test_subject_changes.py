"""Since when a subject does more of something: planted steps, bursts, and too little to say."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.noticing.subject_changes import share_changes, sum_changes

DAYS = 120


def _poisson(mean: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, DAYS).astype(np.float64)


@pytest.mark.parametrize("seed", range(10))
def test_a_tripling_is_named_within_a_day(seed: int) -> None:
    """Of eight orders a day; the levels are what the days had."""
    values = _poisson(8.0, seed)
    values[60:] = np.random.default_rng(100 + seed).poisson(24.0, DAYS - 60)
    (one,) = sum_changes(values)
    assert abs(one.position - 60) <= 1
    assert one.before == pytest.approx(values[: one.position].mean())
    assert one.after == pytest.approx(values[one.position :].mean())


def test_a_quiet_subject_has_no_change() -> None:
    """Forty shops of three, ten and fifty orders a day: not one of them."""
    for mean in (3.0, 10.0, 50.0):
        assert not any(sum_changes(_poisson(mean, seed)) for seed in range(40))


def test_a_burst_is_no_new_level() -> None:
    """One good live session of eighty orders, and a weekend of twenty."""
    values = _poisson(5.0, 3)
    values[50] = 80.0
    values[80:82] = 20.0
    assert sum_changes(values) == []


def test_what_the_whole_market_had_is_nobodys_change() -> None:
    """Ten days of a sale that doubles every shop; asked without it, they are a change."""
    season = np.ones(DAYS)
    season[60:75] = 2.5
    values = np.random.default_rng(4).poisson(20.0 * season).astype(np.float64)
    assert sum_changes(values, season) == []
    assert sum_changes(values)


def test_money_is_followed_like_orders() -> None:
    """In units of a usual day: cents or millions make no difference."""
    rng = np.random.default_rng(5)
    orders = rng.poisson(np.where(np.arange(DAYS) < 60, 6.0, 24.0))
    money = orders * rng.gamma(4.0, 5.0, DAYS)
    for unit in (0.013, 1.0, 1e6):
        (one,) = sum_changes(money * unit)
        assert abs(one.position - 60) <= 2


def test_a_share_moves_by_the_days_that_have_orders() -> None:
    """Refunds from 5 to 40 % at day 70; days without an order are no zeros."""
    rng = np.random.default_rng(6)
    below = rng.poisson(8.0, DAYS).astype(np.float64)
    below[10:14] = 0.0
    rate = np.where(np.arange(DAYS) < 70, 0.05, 0.40)
    top = rng.binomial(below.astype(int), rate).astype(np.float64)
    (one,) = share_changes(top, below)
    assert abs(one.position - 70) <= 1
    assert one.before == pytest.approx(top[: one.position].sum() / below[: one.position].sum())


def test_a_share_of_nothing_has_no_change() -> None:
    """However the number of orders moves, none of them is none of them."""
    below = np.concatenate([np.full(60, 2.0), np.full(60, 90.0)])
    assert share_changes(np.zeros(DAYS), below) == []


def test_too_little_is_too_little() -> None:
    """Three weeks of days, nine days with anything, nothing at all."""
    few = np.zeros(DAYS)
    few[60:69] = 5.0
    for values in (_poisson(9.0, 1)[:21], few, np.zeros(DAYS), np.array([])):
        assert sum_changes(values) == []
    assert share_changes(np.ones(20), np.ones(20)) == []
