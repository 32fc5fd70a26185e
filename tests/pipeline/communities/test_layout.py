"""No two members of a community are drawn over each other."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from pipeline.communities.layout import Group, pictures, spread
from tests.pipeline.communities.rings import SETTINGS


@pytest.mark.parametrize("count", [1, 3, 8, 9, 60, 400, 401, 900])
def test_no_two_nodes_overlap(count: int) -> None:
    """Gap kept, picture finite, same input same picture, for rings of any size."""
    pairs = np.array([*combinations(range(min(count, 40)), 2)], dtype=np.int64).reshape(-1, 2)
    chain = np.column_stack([np.arange(count - 1), np.arange(1, count)])
    links = np.unique(np.concatenate([pairs, chain]), axis=0)
    group = Group(count, links, np.ones(len(links)))
    (placed,) = pictures([group], SETTINGS)
    assert placed.shape == (count, 2)
    assert np.isfinite(placed).all()
    assert np.abs(placed).max() < 6000
    if count > 1:
        assert pdist(placed).min() >= SETTINGS.node_gap_px * 0.999
    several = pictures([FOUR, group, FOUR, group], SETTINGS)
    assert all(np.array_equal(placed, one) for one in list(several)[1::2])


FOUR = Group(4, np.array([(0, 1)], dtype=np.int64), np.ones(1))


def test_nodes_on_one_spot_are_pulled_apart() -> None:
    """Even forty nodes at the origin."""
    assert pdist(spread(np.zeros((40, 2)), 30.0)).min() >= 29.9
