"""Shapley values in points and between two rows: additive, symmetric, nothing for nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.shapley import (
    Credits,
    base_score,
    baseline,
    changes,
    family_change,
    family_points,
)
from pipeline.tree_model.treeshap import contributions
from tests.pipeline.forest import FAMILIES, FEATURES, forest, rows

CALIBRATION = Calibration(1.3, -1.5)
MATRIX = rows(60, seed=12)
BACKGROUND = rows(24, seed=13)


@pytest.fixture(scope="module")
def model() -> TreeModel:
    """Interactions between features of different families."""
    return TreeModel.of(forest().model_to_string())


def score(model: TreeModel, row: np.ndarray) -> float:
    """Calibrated score of one row."""
    return float(CALIBRATION.score(model.margin(row[None, :]))[0])


def by_name(credit: Credits) -> dict[str, float]:
    """What each name earns."""
    return dict(zip(credit.names, credit.amounts.tolist(), strict=True))


def changed_rows(number: int) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """A row, the same with five features otherwise, and which."""
    touched = [0, 1, 3, 5, 9]
    row, other = MATRIX[number], MATRIX[number].copy()
    other[touched] = MATRIX[number + 1, touched]
    return row, other, touched


def test_base_and_points_are_the_score(model: TreeModel) -> None:
    """To rounding of doubles, on the scale an analyst reads."""
    base = base_score(model, CALIBRATION, BACKGROUND)
    for row in MATRIX[:20]:
        points = family_points(model, CALIBRATION, row, BACKGROUND, FAMILIES)
        assert base + points.amounts.sum() == pytest.approx(score(model, row), abs=1e-12)


def test_family_points_are_averages_over_all_orders(model: TreeModel) -> None:
    """The definition itself: what a family adds when it joins, over all 24 orders."""
    row, names = MATRIX[3], sorted(set(FAMILIES))
    earned = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        mixed, before = BACKGROUND.copy(), base_score(model, CALIBRATION, BACKGROUND)
        for family in order:
            columns = [n for n, one in enumerate(FAMILIES) if one == family]
            mixed[:, columns] = row[columns]
            after = base_score(model, CALIBRATION, mixed)
            earned[family] += (after - before) / 24
            before = after
    points = by_name(family_points(model, CALIBRATION, row, BACKGROUND, FAMILIES))
    assert points == pytest.approx(earned, abs=1e-12)


def test_equal_families_earn_equally() -> None:
    """Two families whose features are interchangeable in the trees share their points evenly."""
    head, _, tree = forest(trees=1, leaves=2).model_to_string().partition("Tree=0")
    tree = tree.partition("end of trees")[0]
    split = next(text_ for text_ in tree.splitlines() if text_.startswith("split_feature"))
    stumps = [f"Tree={n}{tree.replace(split, f'split_feature={10 + n}')}" for n in (0, 1)]
    both = TreeModel.of(f"{head}{''.join(stumps)}end of trees")
    row, other = np.full(12, 5.0), np.full((3, 12), -5.0)
    families = ["none"] * 10 + ["left", "right"]
    points = by_name(family_points(both, CALIBRATION, row, other, families))
    assert abs(points["left"]) > 1e-6
    assert points["left"] == pytest.approx(points["right"], abs=1e-15)


def test_credits_of_a_change_add_up_to_it(model: TreeModel) -> None:
    """margin(row) - margin(other), for near and far pairs."""
    for number in range(20):
        row, other, _ = changed_rows(number)
        for far in (other, MATRIX[number + 30]):
            moved = model.margin(np.stack([row, far]))
            credit = baseline(model, row, far).amounts.sum()
            assert credit == pytest.approx(moved[0] - moved[1], abs=1e-12)


def test_credits_of_a_change_are_averages_over_all_orders(model: TreeModel) -> None:
    """Again the definition: replace the changed features one by one in all 120 orders."""
    row, other, touched = changed_rows(4)
    earned = np.zeros(len(FEATURES))
    for order in permutations(touched):
        now = other.copy()
        for one in order:
            before = model.margin(now[None, :])[0]
            now[one] = row[one]
            earned[one] += (model.margin(now[None, :])[0] - before) / 120
    np.testing.assert_allclose(changes(model, row, other), earned, atol=1e-12)


def test_what_did_not_change_gets_no_credit(model: TreeModel) -> None:
    """Exactly 0, and no row; nothing at all between a row and itself."""
    for number in range(20):
        row, other, touched = changed_rows(number)
        still = [one for one in range(len(FEATURES)) if one not in touched]
        assert (changes(model, row, other)[still] == 0.0).all()
        assert set(baseline(model, row, other).names) <= {FEATURES[one] for one in touched}
        assert baseline(model, row, row).names == ()


def test_a_difference_of_two_explanations_blames_the_unchanged(model: TreeModel) -> None:
    """Why we do not subtract: here 56 % of the credit would fall on what is equal in both.

    Only one feature of a pair that acts together differs between the rows.
    """
    blamed = whole = 0.0
    for number in range(40):
        row, other = MATRIX[number], MATRIX[number].copy()
        other[2] = MATRIX[number + 1, 2]
        shap = contributions(model, np.stack([row, other]))[:, :-1]
        gap = np.abs(shap[0] - shap[1])
        whole += gap.sum()
        blamed += np.delete(gap, 2).sum()
        assert (np.delete(changes(model, row, other), 2) == 0.0).all()
    assert blamed / whole > 0.5


def test_swapping_the_rows_flips_the_signs(model: TreeModel) -> None:
    """From there to here is here to there, turned round."""
    row, other, _ = changed_rows(7)
    np.testing.assert_allclose(changes(model, row, other), -changes(model, other, row), atol=1e-15)


def test_family_change_is_the_change_of_the_score(model: TreeModel) -> None:
    """Adds up to it; a family in which both are alike has exactly nothing."""
    row, other = MATRIX[5], MATRIX[5].copy()
    still = FAMILIES[0]
    moved = [n for n, family in enumerate(FAMILIES) if family != still]
    other[moved] = MATRIX[6, moved]
    points = family_change(model, CALIBRATION, row, other, FAMILIES)
    moved_by = score(model, row) - score(model, other)
    assert points.amounts.sum() == pytest.approx(moved_by, abs=1e-12)
    assert by_name(points)[still] == 0.0
