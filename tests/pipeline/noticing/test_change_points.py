"""A change of level is found where it is; noise, a walk and a flat line have none."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.noticing.change_points import change_points


@pytest.mark.parametrize("seed", range(10))
def test_a_step_is_found_where_it_is(seed: int) -> None:
    """With its size and a p that leaves no doubt."""
    values = np.random.default_rng(seed).normal(size=90)
    values[60:] += 4.0
    (only,) = change_points(values)
    assert abs(only.position - 60) <= 2
    assert abs(only.size - 4.0) < 1.0
    assert only.p < 1e-6


@pytest.mark.parametrize("resemblance", [0.0, 0.6, 1.0])
def test_noise_that_resembles_itself_has_no_change(resemblance: float) -> None:
    """White, correlated and wandering: at most one of twenty."""
    found = 0
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(size=120)
        values = noise.copy()
        for n in range(1, noise.size):
            values[n] = resemblance * values[n - 1] + noise[n]
        found += bool(change_points(values))
    assert found <= 1


def test_several_changes_come_in_order_and_mirror() -> None:
    """Read backwards, the same series changes at the same places."""
    values = np.random.default_rng(3).normal(size=120)
    values[40:80] += 6.0
    there = [one.position for one in change_points(values)]
    back = [values.size - one.position for one in change_points(values[::-1])][::-1]
    assert len(there) == 2
    assert np.allclose(there, [40, 80], atol=2)
    assert np.allclose(there, back, atol=2)


def test_scale_and_shift_change_nothing_but_the_size() -> None:
    """Money in cents moves on the same day as money in dollars."""
    values = np.random.default_rng(4).normal(size=80)
    values[50:] += 5.0
    (one,), (hundred,) = change_points(values), change_points(100.0 * values + 7.0)
    assert (one.position, round(one.p, 12)) == (hundred.position, round(hundred.p, 12))
    assert np.isclose(hundred.size, 100.0 * one.size)


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 50, [1.0, 2.0, 3.0]])
def test_what_is_short_or_flat_has_no_change(values: list[float]) -> None:
    """And is no error."""
    assert change_points(np.array(values)) == []
