"""Neighbours really are the nearest, with what separates them."""

from __future__ import annotations

import numpy as np

from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.nearest import nearest
from pipeline.tree_model.rank_space import RankSpace
from pipeline.tree_model.shapley import changes
from tests.pipeline.forest import FEATURES, forest, rows

MATRIX = rows(80, seed=31)
EVEN = RankSpace(MATRIX, np.ones(len(FEATURES)))


def test_neighbours_are_the_nearest_with_what_separates_them() -> None:
    """Of those named, by distance, with the features that earn most of the gap in margin."""
    model = TreeModel.of(forest().model_to_string())
    row, among = rows(1, seed=77)[0], np.arange(0, 80, 2)
    neighbours = nearest(model, row, EVEN, among, 5)
    order = among[np.argsort(EVEN.distances(row)[among], kind="stable")[:5]]
    assert [one.place for one in neighbours] == order.tolist()
    assert [one.distance for one in neighbours] == EVEN.distances(row)[order].tolist()
    for one in neighbours:
        credit = changes(model, row, MATRIX[one.place])
        best = [FEATURES[n] for n in np.argsort(-np.abs(credit), kind="stable")[:3]]
        assert list(one.separating.names) == best
        expected = [credit[FEATURES.index(name)] for name in best]
        assert one.separating.amounts.tolist() == expected


def test_nobody_to_compare_with_is_no_neighbour() -> None:
    """An empty answer; fewer than asked for where there are fewer."""
    model = TreeModel.of(forest().model_to_string())
    assert nearest(model, MATRIX[0], EVEN, np.arange(0), 5) == ()
    assert len(nearest(model, MATRIX[0], EVEN, np.arange(3), 5)) == 3
