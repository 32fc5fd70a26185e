"""Contributions are those of the trainer, whichever way they are looked up."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model import treeshap
from pipeline.tree_model.ensemble import TreeModel
from tests.pipeline.forest import SHAPES, forest, rows


@pytest.mark.slow  # fits models
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_contributions_are_lightgbms(shape: dict[str, int]) -> None:
    """Equal to the booster's own exact path, and each row adds up to its margin."""
    trained, matrix = forest(**shape), rows(300, seed=8)
    model = TreeModel.of(trained.model_to_string())
    parts = treeshap.contributions(model, matrix)
    np.testing.assert_allclose(parts, trained.predict(matrix, pred_contrib=True), atol=1e-9)
    np.testing.assert_allclose(parts.sum(axis=1), model.margin(matrix), atol=1e-9)


def test_trees_too_large_for_one_table_are_explained_leaf_by_leaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both ways of looking up give the same contributions."""
    model, matrix = TreeModel.of(forest().model_to_string()), rows(100, seed=8)
    together = treeshap.contributions(model, matrix)
    monkeypatch.setattr(treeshap, "_MOST_PATTERNS", 1)
    alone = treeshap.contributions(model, matrix)
    np.testing.assert_allclose(alone, together, atol=1e-12)
