"""Stored trees read without their trainer say what the trainer says."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model import treeshap
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.errors import UnreadableModelError
from pipeline.tree_model.single_changes import Probe
from tests.pipeline.forest import FEATURES, forest, rows

SHAPES = [
    {"leaves": 4, "depth": 3},
    {"leaves": 16, "depth": 6},
    {"leaves": 31, "depth": -1},
    {"leaves": 60, "depth": 8},
    {"leaves": 16, "depth": 6, "zero_as_missing": True},
    {"leaves": 16, "depth": 6, "use_missing": False},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_margin_is_lightgbms(shape: dict[str, int]) -> None:
    """For known, unknown, zero, tiny and infinite values, within 1e-9."""
    trained, matrix = forest(**shape), rows(600, seed=9)
    odd = np.random.default_rng(4).random(matrix.shape)
    for number, value in enumerate((np.inf, -np.inf, 1e-36, -1e-36, 1e-35)):
        matrix[(odd > 0.02 * number) & (odd < 0.02 * number + 0.01)] = value
    found = TreeModel.of(trained.model_to_string()).margin(matrix)
    np.testing.assert_allclose(found, trained.predict(matrix, raw_score=True), rtol=0, atol=1e-9)


def test_values_close_to_a_split_point_fall_on_their_side() -> None:
    """A billionth below or above every threshold."""
    trained = forest()
    model = TreeModel.of(trained.model_to_string())
    matrix = np.zeros((0, len(FEATURES)))
    for name in model.features:
        points = model.thresholds(name)
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
    for right, wrong in (
        ("num_cat=0", "num_cat=1"),
        ("is_linear=0", "is_linear=1"),
        ("num_class=1", "num_class=3"),
        ("num_leaves=8", "num_leaves=80"),
    ):
        with pytest.raises(UnreadableModelError, match="found"):
            TreeModel.of(text.replace(right, wrong))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_contributions_are_lightgbms(shape: dict[str, int]) -> None:
    """Equal to the booster's own exact path, and each row adds up to its margin."""
    trained, matrix = forest(**shape), rows(300, seed=8)
    model = TreeModel.of(trained.model_to_string())
    found = treeshap.contributions(model, matrix)
    np.testing.assert_allclose(found, trained.predict(matrix, pred_contrib=True), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), model.margin(matrix), atol=1e-9)


def test_trees_too_large_for_one_table_are_explained_leaf_by_leaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both ways of looking up give the same contributions."""
    model, matrix = TreeModel.of(forest().model_to_string()), rows(100, seed=8)
    together = treeshap.contributions(model, matrix)
    monkeypatch.setattr(treeshap, "_MOST_PATTERNS", 1)
    alone = treeshap.contributions(model, matrix)
    np.testing.assert_allclose(alone, together, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_probe_knows_the_margin_after_every_single_change(shape: dict[str, int]) -> None:
    """What it says of a cell is the margin of the row with that one value replaced."""
    trained = forest(trees=15, **shape)
    model, row = TreeModel.of(trained.model_to_string()), rows(1, seed=6)[0]
    probe = Probe.of(model)
    found = probe.margins(probe.codes(row))
    for one in model.used:
        points = np.append(model.thresholds(model.features[one]), [1e9, np.nan])
        changed = np.repeat(row[None, :], points.size, axis=0)
        changed[:, one] = points
        places = probe.start[one] + model.codes(changed)[one]
        np.testing.assert_allclose(found[places], model.margin(changed), atol=1e-9)
