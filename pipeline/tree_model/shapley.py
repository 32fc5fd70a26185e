"""Shapley values in the units people read: points of the score by family, and what a change did.

A difference of two SHAP vectors answers neither: docs/decisions/0016-families-in-points.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.ensemble import Masks, TreeModel

    FloatArray: TypeAlias = NDArray[np.float64]
    BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Credits:
    """What each of some players earns of a difference, strongest first."""

    names: tuple[str, ...]
    """Families or features."""
    amounts: FloatArray
    """(names,)"""

    def first(self, count: int) -> Credits:
        """The strongest `count` of them."""
        return Credits(self.names[:count], self.amounts[:count])

    @classmethod
    def ranked(cls, names: Sequence[str], amounts: FloatArray) -> Credits:
        """By absolute amount; of equals the one that stands first in `names`."""
        order = np.argsort(-np.abs(amounts), kind="stable")
        return cls(tuple(names[place] for place in order), amounts[order])


def family_points(
    model: TreeModel,
    calibration: Calibration,
    row: FloatArray,
    background: FloatArray,
    families: Sequence[str],
) -> Credits:
    """Points of each family in the score of `row` (features,), strongest first.

    The worth of a coalition is the mean calibrated score of the background rows (b, features)
    when they take the values of its families from `row`. So `base_score` + sum of points is
    the score. `families` names the family of each feature; one without a split is left out,
    since it moves nothing. Points are on the scale of the score, 0..1.
    """
    players, inside = _coalitions(model, families)
    of_row, of_others = model.codes(row[None, :]), model.codes(background)
    mixed = np.where(inside[:, :, None], of_row[:, None, :], of_others[:, None, :])
    margin = model.margin_of(mixed.reshape(len(model.features), -1))
    worth = calibration.score(margin).reshape(inside.shape[1], -1).mean(axis=1)
    return _shapley_values(players, worth)


def base_score(model: TreeModel, calibration: Calibration, background: FloatArray) -> float:
    """What `family_points` starts from: the mean calibrated score of the background rows."""
    return float(calibration.score(model.margin(background)).mean())


def family_change(
    model: TreeModel,
    calibration: Calibration,
    row: FloatArray,
    other: FloatArray,
    families: Sequence[str],
) -> Credits:
    """Points of each family in score(row) - score(other), strongest first.

    Exactly 0 for a family none of whose features differ; adds up to the difference.
    """
    return family_points(model, calibration, row, other[None, :], families)


def baseline(model: TreeModel, row: FloatArray, other: FloatArray) -> Credits:
    """Credit of each feature that differs in margin(row) - margin(other), strongest first.

    Exact interventional Shapley values with `other` as the one baseline: they add up to the
    difference. A feature is left out, that is no credit, when no tree can tell its two values
    apart; above all when it did not change.
    """
    credit = changes(model, row, other)
    moved = np.flatnonzero(credit)
    return Credits.ranked([model.features[one] for one in moved], credit[moved])


def changes(model: TreeModel, row: FloatArray, other: FloatArray) -> FloatArray:
    """The same credits as an array (features,)."""
    codes = model.codes(np.stack([row, other]))
    credit = np.zeros(len(model.features))
    differ = codes[:, 0] != codes[:, 1]
    for masks in model.masks:
        if differ[list(masks.features)].any():
            _credit_tree(masks, codes, credit)
    return credit


def _credit_tree(masks: Masks, codes: NDArray[np.uint16], credit: FloatArray) -> None:
    """Add the credits of one tree.

    A leaf needs some features from the row (m of them) and some from the other (n). In
    m! n! / (m + n)! of all orders its needs are met at one moment, when the last of the m
    arrives, or the first of the n ends it: each of the m earns (m - 1)! n! / (m + n)! of its
    value and each of the n loses m! (n - 1)! / (m + n)!.
    """
    bit = np.arange(masks.leaves.size, dtype=masks.alive[0].dtype)
    open_ = [alive[codes[one]] for one, alive in zip(masks.features, masks.alive, strict=True)]
    answers = (np.array(open_)[:, :, None] >> bit & 1).astype(bool)
    of_row, of_others = answers[:, 0], answers[:, 1]
    met = (of_row | of_others).all(axis=0)
    needs, refuses = of_row & ~of_others & met, of_others & ~of_row & met
    earns, loses = _weights(len(open_))[:, needs.sum(axis=0), refuses.sum(axis=0)]
    gain = needs @ (masks.leaves * earns) - refuses @ (masks.leaves * loses)
    credit[list(masks.features)] += gain


@cache
def _weights(most: int) -> FloatArray:
    """(2, most + 1, most + 1): (m - 1)! n! / (m + n)! and m! (n - 1)! / (m + n)!, 0 for none."""
    table = np.zeros((2, most + 1, most + 1))
    for m in range(most + 1):
        for n in range(most + 1):
            whole = factorial(m + n)
            table[0, m, n] = factorial(m - 1) * factorial(n) / whole if m else 0.0
            table[1, m, n] = factorial(m) * factorial(n - 1) / whole if n else 0.0
    return table


def _coalitions(model: TreeModel, families: Sequence[str]) -> tuple[list[str], BoolArray]:
    """Families that the trees use; which features (features, 2^families) each coalition holds."""
    players = sorted({families[one] for one in model.used})
    number = {name: place for place, name in enumerate(players)}
    place = np.array([number.get(name, 0) for name in families])
    return players, (np.arange(2 ** len(players)) >> place[:, None] & 1).astype(bool)


def _shapley_values(players: Sequence[str], worth: FloatArray) -> Credits:
    """Shapley values of a game given by the worth of every coalition, (2^players,)."""
    size, coalition = len(players), np.arange(worth.size)
    members = np.array([int(one).bit_count() for one in coalition])
    weight = np.array([factorial(k) * factorial(size - 1 - k) for k in range(size)], float)
    points = np.zeros(size)
    for place in range(size):
        without = coalition[(coalition >> place & 1) == 0]
        gain = worth[without | 1 << place] - worth[without]
        points[place] = (weight[members[without]] * gain).sum() / factorial(size)
    return Credits.ranked(players, points)
