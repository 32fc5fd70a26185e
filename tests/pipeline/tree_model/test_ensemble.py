"""Stored trees read without their trainer say what the trainer says."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model import treeshap
from pipeline.tree_model.ensemble import TreeModel, with_common_cells
from pipeline.tree_model.errors import UnreadableModelError
from tests.pipeline.forest import FEATURES, SHAPES, forest, rows


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_margin_is_lightgbms(shape: dict[str, int]) -> None:
    """For known, unknown, zero, tiny and infinite values, within 1e-9."""
    trained, matrix = forest(**shape), rows(600, seed=9)
    odd = np.random.default_rng(4).random(matrix.shape)
    for number, value in enumerate((np.inf, -np.inf, 1e-36, -1e-36, 1e-35)):
        matrix[(odd > 0.02 * number) & (odd < 0.02 * number + 0.01)] = value
    margin = TreeModel.of(trained.model_to_string()).margin(matrix)
    np.testing.assert_allclose(margin, trained.predict(matrix, raw_score=True), rtol=0, atol=1e-9)


def test_common_cells_change_no_margin() -> None:
    """Rows are looked up once for several models, and each says the same to the bit."""
    models = [TreeModel.of(forest(**shape).model_to_string()) for shape in SHAPES]
    matrix = rows(600, seed=3)
    matrix[::7, 0] = 0.0
    common = with_common_cells(models)
    codes = common[0].codes(matrix)
    for own, shared in zip(models, common, strict=True):
        np.testing.assert_array_equal(shared.margin_of(codes), own.margin(matrix))


def test_values_close_to_a_split_point_fall_on_their_side() -> None:
    """A billionth below or above every threshold."""
    trained = forest()
    model = TreeModel.of(trained.model_to_string())
    matrix = np.zeros((0, len(FEATURES)))
    for name in model.features:
        points = model.cuts[model.features.index(name)]
        about = np.concatenate([points - 1e-9, points + 1e-9])
        block = rows(about.size, seed=5)
        block[:, model.features.index(name)] = about
        matrix = np.concatenate([matrix, block])
    assert matrix.shape[0] > 100
    expected = trained.predict(matrix, raw_score=True)
    np.testing.assert_allclose(model.margin(matrix), expected, rtol=0, atol=1e-9)


def test_a_model_that_learnt_nothing_is_one_leaf() -> None:
    """Trees without a split give everybody the same margin and credit nobody."""
    trained = forest(trees=2, min_data_in_leaf=10_000)
    model, matrix = TreeModel.of(trained.model_to_string()), rows(5, seed=1)
    np.testing.assert_allclose(model.margin(matrix), trained.predict(matrix, raw_score=True))
    assert model.used.size == 0
    assert (treeshap.contributions(model, matrix)[:, :-1] == 0.0).all()


def test_a_text_that_would_be_misread_is_refused() -> None:
    """Categorical splits, several classes and over 64 leaves are named, not guessed."""
    text = forest(trees=1).model_to_string()
    for right, unreadable in (
        ("num_cat=0", "num_cat=1"),
        ("is_linear=0", "is_linear=1"),
        ("num_class=1", "num_class=3"),
        ("num_leaves=8", "num_leaves=80"),
    ):
        with pytest.raises(UnreadableModelError, match="found"):
            TreeModel.of(text.replace(right, unreadable))
