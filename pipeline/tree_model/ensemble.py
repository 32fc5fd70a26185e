"""Stored trees read back as plain arrays: margins, split points and what is known of each leaf.

A page that asks "what if" has to run the model, and must not load the library that
trained it. How the leaf of a row is looked up (QuickScorer, Lucchese et al. 2015):
docs/decisions/0015-treeshap-by-pattern.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.errors import UnreadableModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    CodeArray: TypeAlias = NDArray[np.uint16]

_ZERO = float(np.float32(1e-35))
"""LightGBM takes values this near to zero for zero."""
_BELOW_ZERO = float(np.nextafter(-_ZERO, -np.inf))
_AS_ZERO = 1
"""Missing type of a node for which zero is unknown; 2 means NaN is, 0 that NaN counts as zero."""
_FEW_CUTS = 16
"""So many comparisons of whole columns are quicker than a search for each value ..."""
_FEW_VALUES = 256
"""... unless there are so few values that each comparison costs more than it compares."""
_SLOTS = {8: 11, 16: 19, 32: 37, 64: 67}
"""Bits of a mask and a prime of which 2 is a primitive root: powers of two keep apart."""


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree as its text lists it; a child below zero is leaf `~child`."""

    feature: IntArray
    threshold: FloatArray
    decision: IntArray
    """(nodes,) LightGBM's decision_type: bit 1 unknown goes left, bits 2-3 what is unknown."""
    left: IntArray
    right: IntArray
    value: FloatArray
    """(leaves,)"""
    count: FloatArray
    """(leaves,) training rows that ended there."""

    @cached_property
    def under(self) -> list[tuple[int, int]]:
        """Per node: the leaves below its left and its right branch, as bits."""
        bits = [(0, 0)] * self.feature.size
        children = list(zip(self.left.tolist(), self.right.tolist(), strict=True))
        for node in reversed(range(len(bits))):
            left, right = (
                1 << ~child if child < 0 else bits[child][0] | bits[child][1]
                for child in children[node]
            )
            bits[node] = left, right
        return bits


@dataclass(frozen=True, eq=False)
class _Splits:
    """The splits of all trees of a model, arrays (splits,), tree after tree."""

    tree: IntArray
    feature: IntArray
    threshold: FloatArray
    decision: IntArray
    left: NDArray[np.uint64]
    """Leaves that a value which goes left leaves open, as bits."""
    right: NDArray[np.uint64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> _Splits:
        sizes = [tree.feature.size for tree in trees]
        every = [(1 << tree.value.size) - 1 for tree in trees]
        open_ = [
            (whole ^ right, whole ^ left)
            for whole, tree in zip(every, trees, strict=True)
            for left, right in tree.under
        ]
        left, right = np.array(open_, dtype=np.uint64).reshape(-1, 2).T
        return cls(
            np.repeat(np.arange(len(sizes)), sizes),
            np.concatenate([np.zeros(0, np.int64), *(tree.feature for tree in trees)]),
            np.concatenate([np.zeros(0), *(tree.threshold for tree in trees)]),
            np.concatenate([np.zeros(0, np.int64), *(tree.decision for tree in trees)]),
            left,
            right,
        )

    def on(self, feature: int) -> _Splits:
        """Those that ask one feature."""
        own = self.feature == feature
        return _Splits(*(column[own] for column in vars(self).values()))

    @property
    def missing(self) -> IntArray:
        """What counts as unknown."""
        return self.decision >> 2

    def alive(self, cut: FloatArray) -> tuple[IntArray, NDArray[np.uint64]]:
        """Trees, and (trees, cells) the leaves that a value of each cell leaves open in each.

        Of splits on one feature; `cut` are the points that make its cells.
        """
        tree, first = np.unique(self.tree, return_index=True)
        open_ = np.where(self._goes_left(cut), self.left[:, None], self.right[:, None])
        return tree, np.bitwise_and.reduceat(open_, first, axis=0)

    def _goes_left(self, cut: FloatArray) -> NDArray[np.bool_]:
        """(splits, cells) whether the values of a cell take the left branch, as LightGBM decides.

        The thresholds are among the points; the last cell is "unknown".
        """
        to_left = (self.decision & 2) > 0
        left = np.arange(cut.size + 2) <= np.searchsorted(cut, self.threshold)[:, None]
        first, last = np.searchsorted(cut, [_BELOW_ZERO, _ZERO])
        zero = np.flatnonzero(self.missing == _AS_ZERO)
        left[zero, first + 1 : last + 1] = to_left[zero, None]
        left[:, -1] = np.where(self.missing > 0, to_left, self.threshold >= 0.0)
        return left


@dataclass(frozen=True, eq=False)
class Masks:
    """What each feature of one tree rules out."""

    features: tuple[int, ...]
    """Distinct features of the tree, ascending."""
    alive: tuple[NDArray[np.unsignedinteger], ...]
    """Per feature (cells,): bits of the leaves that a value of that cell leaves open."""
    leaves: FloatArray
    """(leaves,) value of each leaf."""

    def worth(self, mask: NDArray[np.unsignedinteger]) -> FloatArray:
        """Values of the leaves that masks with a single bit name."""
        slot = mask if mask.itemsize == 1 else mask % mask.dtype.type(self.slots.size)
        return self.slots.take(slot)

    @cached_property
    def slots(self) -> FloatArray:
        """Leaf values where `worth` looks them up: by mask for bytes, else by its remainder."""
        bits = mask_bits(self.leaves.size)
        slots = np.zeros(256 if bits == min(_SLOTS) else _SLOTS[bits])
        slots[[(1 << leaf) % slots.size for leaf in range(self.leaves.size)]] = self.leaves
        return slots


@dataclass(frozen=True, eq=False)
class TreeModel:
    """The trees of a stored model, with nothing of its trainer."""

    features: tuple[str, ...]
    """Columns of the matrices it takes, in order."""
    trees: tuple[Tree, ...]
    further_cuts: Mapping[str, FloatArray] = field(default_factory=dict)
    """By feature, points that make cells although no tree splits there (`with_cuts`)."""

    @classmethod
    def of(cls, text: str) -> TreeModel:
        """Read LightGBM's model text.

        Raises UnreadableModelError for a text with categorical splits, linear leaves, several
        classes or more than 64 leaves in a tree: none of these is ours, and a silent
        misreading would explain a score that nobody has.
        """
        head, *parts = text.partition("end of trees")[0].split("\nTree=")
        fields = _fields(head)
        trees = tuple(_tree(_fields(part)) for part in parts)
        if "feature_names" not in fields or fields.get("num_class") != "1":
            raise UnreadableModelError(
                f"A model text with {fields.get('num_class', 'no')} classes was found.",
                "One margin per row of named features is expected.",
                "Store a LightGBM model with a binary objective in scores.model_files.",
            )
        return cls(tuple(fields["feature_names"].split(" ")), trees)

    def with_cuts(self, cuts: Mapping[str, FloatArray]) -> TreeModel:
        """The same model with finer cells, where something else sees a difference inside one."""
        return replace(self, further_cuts=cuts)

    def margin(self, matrix: FloatArray) -> FloatArray:
        """Log odds before calibration, (n,), of rows (n, features) with NaN where unknown."""
        return self.margin_of(self.codes(matrix))

    @cached_property
    def used(self) -> IntArray:
        """Indices of the features that some tree splits on, ascending."""
        return np.unique(self._splits.feature)

    def cells(self, feature: int) -> int:
        """Number of cells of a feature, by index; the last one is "unknown"."""
        return self.cuts[feature].size + 2

    def codes(self, matrix: FloatArray) -> CodeArray:
        """(features, n): the cell of each value; column by column, as the trees read it."""
        code = np.zeros((len(self.features), matrix.shape[0]), dtype=np.uint16)
        for feature in np.flatnonzero([cut.size for cut in self.cuts]):
            code[feature] = self.cells_of(int(feature), matrix[:, feature])
        return code

    def cells_of(self, feature: int, values: FloatArray) -> NDArray[np.integer]:
        """(n,) cells of values of one feature, by its index."""
        cut = self.cuts[feature]
        if cut.size > _FEW_CUTS or values.size < _FEW_VALUES:
            cell = cut.searchsorted(values, side="left")
        else:
            cell = np.zeros(values.size, dtype=np.uint16)
            for point in cut:
                cell += values > point
        return np.where(np.isnan(values), cut.size + 1, cell)

    def margin_of(self, codes: CodeArray) -> FloatArray:
        """Log odds before calibration, (n,), of cells as `codes` makes them."""
        margin = np.zeros(codes.shape[1])
        for masks in self.masks:
            margin += _leaf_values(masks, codes)
        return margin

    @cached_property
    def masks(self) -> tuple[Masks, ...]:
        """Per tree: what each cell of its features rules out."""
        alive: list[dict[int, NDArray[np.unsignedinteger]]] = [{} for _ in self.trees]
        types = [np.dtype(f"uint{mask_bits(tree.value.size)}") for tree in self.trees]
        for feature in self.used.tolist():
            for tree, cells in zip(
                *self._splits.on(feature).alive(self.cuts[feature]), strict=True
            ):
                alive[tree][feature] = cells.astype(types[tree])
        return tuple(
            Masks(tuple(own), tuple(own.values()), tree.value)
            for own, tree in zip(alive, self.trees, strict=True)
        )

    @cached_property
    def _splits(self) -> _Splits:
        return _Splits.of(self.trees)

    @cached_property
    def cuts(self) -> tuple[FloatArray, ...]:
        """Per feature: distinct thresholds, with the edges of zero where zero is unknown."""
        cuts = [self.further_cuts.get(name, np.zeros(0)) for name in self.features]
        for feature in self.used.tolist():
            own = self._splits.on(feature)
            zero = [_BELOW_ZERO, _ZERO] if (own.missing == _AS_ZERO).any() else []
            cuts[feature] = np.concatenate([cuts[feature], own.threshold, zero])
        return tuple(np.unique(points) for points in cuts)


def with_common_cells(models: Sequence[TreeModel]) -> tuple[TreeModel, ...]:
    """The same models of the same features, so that `codes` of one are the codes of each.

    Models whose trainers sorted values into the same bins split at the same points, so a value
    has to be looked up once and not once a model.
    """
    cuts = {
        name: np.concatenate([model.cuts[feature] for model in models])
        for feature, name in enumerate(models[0].features)
    }
    return tuple(model.with_cuts(cuts) for model in models)


def mask_bits(leaves: int) -> int:
    """Bits of the smallest mask that has one for each leaf."""
    return next(size for size in _SLOTS if leaves <= size)


def _leaf_values(masks: Masks, codes: CodeArray) -> FloatArray:
    """(n,) value of the leaf in which each row ends."""
    if not masks.features:
        return np.full(codes.shape[1], masks.leaves[0])
    mask = masks.alive[0].take(codes[masks.features[0]])
    for feature, alive in zip(masks.features[1:], masks.alive[1:], strict=True):
        mask &= alive.take(codes[feature])
    return masks.worth(mask)


def _fields(lines: str) -> dict[str, str]:
    pairs = (row.partition("=") for row in lines.splitlines())
    return {key: value for key, _, value in pairs}


def _tree(fields: dict[str, str]) -> Tree:
    leaves = int(fields["num_leaves"])
    if fields["num_cat"] != "0" or fields.get("is_linear", "0") != "0" or leaves > max(_SLOTS):
        raise UnreadableModelError(
            f"A tree with {leaves} leaves, {fields['num_cat']} categorical splits and "
            f"is_linear={fields.get('is_linear', '0')} was found.",
            f"Numeric splits, constant leaves and at most {max(_SLOTS)} leaves are expected.",
            "Train with num_leaves <= 64, linear_tree=false and numeric features.",
        )
    counts = fields.get("leaf_count", "").split() or ["1"] * leaves
    return Tree(
        _ints(fields.get("split_feature", "").split()),
        np.array(fields.get("threshold", "").split(), dtype=np.float64),
        _ints(fields.get("decision_type", "").split()),
        _ints(fields.get("left_child", "").split()),
        _ints(fields.get("right_child", "").split()),
        np.array(fields["leaf_value"].split(), dtype=np.float64),
        np.array(counts, dtype=np.float64),
    )


def _ints(words: Sequence[str]) -> IntArray:
    return np.array([int(word) for word in words], dtype=np.int64)
