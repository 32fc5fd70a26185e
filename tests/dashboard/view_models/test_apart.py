"""Points pushed apart: far enough, no farther than needed, and at rest once they are."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.view_models.apart import SLACK, pushed_apart


def crowd(number: int) -> np.ndarray:
    """Points of which many lie on another's circle, the same every time."""
    return np.random.default_rng(7).normal(size=(number, 2)) * [150.0, 80.0]


def reach(number: int) -> np.ndarray:
    """What every two of the crowd keep between them: circles of many sizes."""
    radii = 3.0 + np.random.default_rng(8).exponential(4.0, size=number)
    return np.asarray(radii[:, None] + radii[None, :])


def gaps(points: np.ndarray) -> np.ndarray:
    """The distance of every two points, of one to itself none."""
    between = points[:, None, :] - points[None, :, :]
    length = np.hypot(between[..., 0], between[..., 1])
    return np.asarray(length + np.diag(np.full(len(points), np.inf)))


def test_a_crowd_comes_to_rest_long_before_patience_ends() -> None:
    """Rounding once kept the last few pushing each other for every round that there was."""
    points, wanted = crowd(120), reach(120)
    placed = pushed_apart(points, wanted, iterations=200)
    assert (placed == pushed_apart(points, wanted, iterations=20_000)).all()
    assert (gaps(placed) >= wanted * (1.0 - SLACK)).all()
    assert not (gaps(points) >= wanted).all()


def test_points_with_room_stay_where_they_are() -> None:
    """To a thousandth, by which those on one spot are told from each other."""
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    assert pushed_apart(points, 9.0, iterations=50) == pytest.approx(points, abs=2e-3)


def test_two_on_one_spot_part_evenly() -> None:
    """Each gives half of the way; nobody else is moved."""
    points = np.array([[0.0, 0.0], [0.0, 0.0], [50.0, 0.0]])
    placed = pushed_apart(points, 8.0, iterations=50)
    assert np.hypot(*(placed[0] - placed[1])) == pytest.approx(8.0, rel=1e-3)
    assert placed[:2].mean(axis=0) == pytest.approx([0.0, 0.0], abs=2e-3)
    assert placed[2] == pytest.approx([50.0, 0.0], abs=2e-3)


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_and_one_alone_have_nothing_to_part_from(number: int) -> None:
    """Nothing to push, and no error."""
    assert pushed_apart(np.zeros((number, 2)), 5.0, iterations=5).shape == (number, 2)
