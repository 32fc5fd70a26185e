"""Distances that a person would agree with."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model.rank_space import RankSpace
from tests.pipeline.forest import FEATURES, rows

MATRIX = rows(80, seed=31)
EVEN = RankSpace(MATRIX, np.ones(len(FEATURES)))


def test_nobody_is_farther_than_one_and_everybody_near_oneself() -> None:
    """A distance of 0 to the same row, symmetric, at most 1."""
    apart = np.array([EVEN.distances(row) for row in MATRIX])
    assert (np.diag(apart) == 0.0).all()
    np.testing.assert_allclose(apart, apart.T, atol=1e-15)
    assert apart.max() <= 1.0


def test_units_do_not_matter() -> None:
    """Money in cents, or its logarithm, leaves every distance as it was."""
    stretched = MATRIX.copy()
    stretched[:, 2] = np.exp(3.0 * MATRIX[:, 2]) * 100.0
    other = RankSpace(stretched, np.ones(len(FEATURES)))
    for number in (0, 40):
        np.testing.assert_allclose(
            other.distances(stretched[number]), EVEN.distances(MATRIX[number])
        )


def test_unknown_is_far_from_known_and_near_to_unknown() -> None:
    """Two new shops are alike in having no history; that is not the same as a little of it."""
    matrix = np.array([[np.nan], [0.1], [0.9]])
    space = RankSpace(matrix, np.ones(1))
    assert space.distances(np.array([np.nan])).tolist() == [0.0, 1.0, 1.0]
    assert space.distances(np.array([0.1]))[0] == 1.0


def test_a_feature_without_weight_is_not_looked_at() -> None:
    """What moves the model not at all makes nobody alike."""
    weights = np.ones(len(FEATURES))
    weights[4] = 0.0
    space, odd = RankSpace(MATRIX, weights), MATRIX[0].copy()
    odd[4] = 1e9
    assert space.distances(odd)[0] == 0.0


def test_usual_is_how_far_real_entities_are_from_each_other() -> None:
    """99 of 100 have another one within it."""
    apart = np.array([EVEN.distances(row) for row in MATRIX])
    np.fill_diagonal(apart, np.inf)
    assert EVEN.usual == pytest.approx(np.quantile(apart.min(axis=1), 0.99))
    assert RankSpace(MATRIX[:1], np.ones(len(FEATURES))).usual == 0.0
