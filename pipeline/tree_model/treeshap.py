"""Exact TreeSHAP for everybody at once: each pattern of answers is explained only once.

Values are those of Lundberg et al. 2020 with the training counts of the leaves, as LightGBM's
`pred_contrib` and `shap.TreeExplainer` return them; how they are looked up per row instead of
walked: docs/decisions/0015-treeshap-by-pattern.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.ensemble import CodeArray, Masks, Tree, TreeModel

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

_MOST_PATTERNS = 4_096
"""A tree that tells more combinations apart is explained leaf by leaf: the table would
no longer fit beside the rows in the processor's cache."""
_ROWS_AT_ONCE = 16_384
"""Rows whose sums stay in that cache."""


@dataclass(frozen=True)
class Path:
    """How one leaf is reached."""

    leaf: int
    features: tuple[int, ...]
    """Distinct features of the splits on the way, ascending."""
    shares: tuple[float, ...]
    """Per feature: share of training rows that took the way at its questions."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What the cells of one feature say about the leaves of a tree."""

    masks: NDArray[np.unsignedinteger]
    """Distinct ones."""
    of_cell: NDArray[np.int64]
    """(cells,) which of them each cell has."""


@dataclass(frozen=True)
class Unit:
    """A tree, or one leaf of a tree with too many patterns."""

    features: tuple[int, ...]
    steps: tuple[IntArray, ...]
    """Per feature (cells,): what a cell adds to the number of the pattern."""
    credit: FloatArray
    """(features, patterns) contribution of each feature under each pattern."""


def contributions(model: TreeModel, matrix: FloatArray) -> FloatArray:
    """TreeSHAP values on the margin, (n, features + 1); the last column is the base."""
    paths = [_paths(tree) for tree in model.trees]
    units = _units(model, paths)
    sums = np.zeros((len(model.features) + 1, matrix.shape[0]))
    sums[-1] = sum(
        float(tree.value[path.leaf]) * prod(path.shares)
        for tree, ways in zip(model.trees, paths, strict=True)
        for path in ways
    )
    for start in range(0, matrix.shape[0], _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        _add(units, model.codes(matrix[rows]), sums[:, rows])
    return sums.T


def _add(units: Iterable[Unit], codes: CodeArray, sums: FloatArray) -> None:
    """Add the contributions of rows to `sums` (features + 1, n)."""
    for unit in units:
        if not unit.features:
            continue
        pattern = unit.steps[0].take(codes[unit.features[0]])
        for feature, step in zip(unit.features[1:], unit.steps[1:], strict=True):
            pattern += step.take(codes[feature])
        for feature, credit in zip(unit.features, unit.credit, strict=True):
            sums[feature] += credit.take(pattern)


def _paths(tree: Tree) -> list[Path]:
    """The way to every leaf."""
    if not tree.feature.size:
        return [Path(0, (), ())]
    below = _counts(tree)
    paths, waiting = [], [(0, dict[int, float]())]
    while waiting:
        node, shares = waiting.pop()
        feature, total = int(tree.feature[node]), below[node].sum()
        for child, rows in zip((tree.left[node], tree.right[node]), below[node], strict=True):
            share = shares.get(feature, 1.0) * (rows / total if total else 0.0)
            so_far = shares | {feature: share}
            if child >= 0:
                waiting.append((int(child), so_far))
            else:
                ordered = tuple(sorted(so_far))
                paths.append(Path(~int(child), ordered, tuple(so_far[one] for one in ordered)))
    return paths


def _counts(tree: Tree) -> FloatArray:
    """(nodes, 2) training rows that went left and right."""
    rows = np.zeros((tree.feature.size, 2))
    for node in reversed(range(tree.feature.size)):
        for side, child in enumerate((tree.left[node], tree.right[node])):
            rows[node, side] = tree.count[~child] if child < 0 else rows[child].sum()
    return rows


def _units(model: TreeModel, paths: Sequence[Sequence[Path]]) -> list[Unit]:
    every = [(number, path) for number, ways in enumerate(paths) for path in ways if path.features]
    credits_ = _leaf_credits(
        [path for _, path in every],
        np.array([model.trees[number].value[path.leaf] for number, path in every]),
    )
    of_tree: list[list[tuple[Path, FloatArray]]] = [[] for _ in model.trees]
    for (number, path), credit in zip(every, credits_, strict=True):
        of_tree[number].append((path, credit))
    units: list[Unit] = []
    for masks, leaves in zip(model.masks, of_tree, strict=True):
        units += _tree_units(masks, leaves)
    return units


def _tree_units(masks: Masks, leaves: Sequence[tuple[Path, FloatArray]]) -> list[Unit]:
    """One unit of a tree, or one for each leaf where the tree has too many patterns."""
    answers = _answers(masks)
    if prod(one.masks.size for one in answers) <= _MOST_PATTERNS:
        return [_unit(masks.features, answers, leaves)]
    return [
        _unit(path.features, _answers(_only(masks, path)), [(path, credit)])
        for path, credit in leaves
    ]


def _answers(masks: Masks) -> list[Answers]:
    """Per feature of a tree."""
    return [Answers(*np.unique(alive, return_inverse=True)) for alive in masks.alive]


def _only(masks: Masks, path: Path) -> Masks:
    """What the features of one path say about its leaf alone."""
    alive = [
        table & table.dtype.type(1 << path.leaf)
        for feature, table in zip(masks.features, masks.alive, strict=True)
        if feature in path.features
    ]
    return type(masks)(path.features, tuple(alive), masks.leaves)


def _unit(
    features: tuple[int, ...],
    answers: Sequence[Answers],
    leaves: Sequence[tuple[Path, FloatArray]],
) -> Unit:
    """Number the patterns of some masks and add up what their leaves credit to each."""
    strides = np.cumprod([1, *(one.masks.size for one in answers)])
    patterns = np.arange(strides[-1])
    each = list(zip(answers, strides, strict=False))
    steps = tuple(one.of_cell * stride for one, stride in each)
    open_ = np.array([one.masks[patterns // stride % one.masks.size] for one, stride in each])
    credit = np.zeros((len(features), patterns.size))
    for path, credits_ in leaves:
        rows = [features.index(feature) for feature in path.features]
        yes = (open_[rows] >> open_.dtype.type(path.leaf) & 1).astype(np.int64)
        credit[rows] += credits_[:, (1 << np.arange(len(rows))) @ yes]
    return Unit(features, steps, credit)


def _leaf_credits(paths: Sequence[Path], value: FloatArray) -> list[FloatArray]:
    """Per leaf (features, 2^features): credit of each feature for each set of yes answers."""
    depth = np.array([len(path.features) for path in paths], dtype=np.int64)
    credits_: list[FloatArray] = [np.zeros(0)] * len(paths)
    for size in np.unique(depth):
        places = np.flatnonzero(depth == size)
        shares = np.array([paths[int(one)].shares for one in places])
        credit = _equally_deep(shares, value[places])
        for place, one in enumerate(places):
            credits_[one] = credit[place]
    return credits_


def _equally_deep(shares: FloatArray, value: FloatArray) -> FloatArray:
    """(leaves, size, 2^size) Shapley values of leaves whose paths ask `size` features.

    A leaf is worth its value times, for each feature, 1 or 0 (the row's answer) inside the
    coalition and the training share outside. The coalitions of one size sum to a coefficient
    of a polynomial, and Shapley's weight depends on the size alone.
    """
    leaves, size = shares.shape
    yes = (np.arange(2**size) >> np.arange(size)[:, None] & 1).astype(np.float64)
    weight = np.array([factorial(k) * factorial(size - 1 - k) for k in range(size)])
    credit = np.zeros((leaves, size, 2**size))
    for one in range(size):
        sums = np.zeros((size, leaves, 2**size))
        sums[0] = 1.0
        for other in (place for place in range(size) if place != one):
            joined = sums[:-1] * yes[other]
            sums *= shares[:, other, None]
            sums[1:] += joined
        worth = np.tensordot(weight / factorial(size), sums, axes=1)
        credit[:, one] = value[:, None] * (yes[one] - shares[:, one, None]) * worth
    return credit
