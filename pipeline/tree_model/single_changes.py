"""The margin after every single change of a row at once.

A change of one feature is felt only by the trees that ask for it, so all of them cost
about as much as a few whole evaluations: the search for what holds a score above a line
asks for thousands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.ensemble import TreeModel

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

_SLOTS = 67
"""A prime of which 2 is a primitive root: the powers of two of 64 leaves keep apart."""


@dataclass(frozen=True, eq=False)
class Probe:
    """The masks of all trees end to end; "place" numbers the cells of all features."""

    model: TreeModel
    start: IntArray
    """(features + 1,) first place of each feature."""
    feature: IntArray
    """(places,) feature of each place."""
    tree: IntArray
    """(pairs,) a pair is one tree and one of its features."""
    column: IntArray
    """(pairs,) number of the feature among those of its tree."""
    split: IntArray
    """(pairs,) the feature."""
    first: IntArray
    """(pairs,) where the masks of the pair begin."""
    masks: NDArray[np.uint64]
    """(entries,) masks of all pairs, cell by cell."""
    pair: IntArray
    """(entries,) pair of each mask."""
    values: FloatArray
    """(trees, slots) leaf values where the bits of their masks fall."""

    @classmethod
    def of(cls, model: TreeModel) -> Probe:
        """Lay out the masks of a model."""
        cells = np.array([model.cells(one) for one in range(len(model.features))], np.int64)
        pairs = [
            (tree, column, one, alive)
            for tree, masks in enumerate(model.masks)
            for column, (one, alive) in enumerate(zip(masks.features, masks.alive, strict=True))
        ]
        sizes = np.array([alive.size for *_, alive in pairs], np.int64)
        values = np.zeros((len(model.masks), _SLOTS))
        for tree, masks in enumerate(model.masks):
            values[tree, [(1 << leaf) % _SLOTS for leaf in range(masks.leaves.size)]] = masks.leaves
        return cls(
            model,
            np.concatenate([[0], np.cumsum(cells)]),
            np.repeat(np.arange(cells.size), cells),
            np.array([tree for tree, *_ in pairs], np.int64),
            np.array([column for _, column, *_ in pairs], np.int64),
            np.array([one for _, _, one, _ in pairs], np.int64),
            np.cumsum(sizes) - sizes,
            np.concatenate([np.zeros(0, np.uint64), *(alive for *_, alive in pairs)]),
            np.repeat(np.arange(sizes.size), sizes),
            values,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Features by index."""
        return self.model.features

    def codes(self, row: FloatArray) -> IntArray:
        """(features,) cells of one row."""
        return self.model.codes(row[None, :])[:, 0].astype(np.int64)

    def cells_of(self, feature: int, values: FloatArray) -> IntArray:
        """Cells of values (n,) of one feature, none of them NaN."""
        return self.model.cells_of(feature, values).astype(np.int64)

    def margins(self, codes: IntArray) -> FloatArray:
        """(places,) margin of the row of `codes` with one feature moved to that place.

        At the place where a feature already is, that is the margin as it stands.
        """
        open_ = self._open(codes)
        now = self._worth(np.arange(open_.shape[0]), np.bitwise_and.reduce(open_, axis=1))
        rest = self._rest(open_)[self.tree, self.column]
        moved = self._worth(self.tree[self.pair], rest[self.pair] & self.masks)
        place = (
            self.start[self.split[self.pair]] + np.arange(self.pair.size) - self.first[self.pair]
        )
        after = np.bincount(place, moved, minlength=self.feature.size)
        before = np.bincount(self.split, now[self.tree], minlength=len(self.names))
        return np.asarray(now.sum() + after - before[self.feature], dtype=np.float64)

    def margins_of(self, codes: IntArray) -> FloatArray:
        """(n,) margins of whole rows of cells (features, n), however many of them changed."""
        left = np.repeat(self._every[:, :1], codes.shape[1], axis=1)
        if self.tree.size:
            open_ = self.masks[self.first[:, None] + codes[self.split]]
            begins = np.flatnonzero(np.diff(self.tree, prepend=-1))
            left[self.tree[begins]] = np.bitwise_and.reduceat(open_, begins, axis=0)
        trees = np.arange(left.shape[0])[:, None]
        return np.asarray(self._worth(trees, left).sum(axis=0), dtype=np.float64)

    def _open(self, codes: IntArray) -> NDArray[np.uint64]:
        """(trees, most features of a tree): leaves that each feature leaves open."""
        open_ = self._every.copy()
        open_[self.tree, self.column] = self.masks[self.first + codes[self.split]]
        return open_

    @cached_property
    def _every(self) -> NDArray[np.uint64]:
        """(trees, most features of a tree): all leaves."""
        wide = int(self.column.max(initial=0)) + 1
        every = np.array([(1 << masks.leaves.size) - 1 for masks in self.model.masks], np.uint64)
        return np.repeat(every[:, None], wide, axis=1)

    @staticmethod
    def _rest(open_: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """(trees, features): leaves that all the others leave open."""
        rest = np.full_like(open_, np.iinfo(open_.dtype).max)
        rest[:, 1:] = np.bitwise_and.accumulate(open_[:, :-1], axis=1)
        rest[:, :-1] &= np.bitwise_and.accumulate(open_[:, :0:-1], axis=1)[:, ::-1]
        return rest

    def _worth(self, tree: IntArray, mask: NDArray[np.uint64]) -> FloatArray:
        slot = (mask % np.uint64(_SLOTS)).astype(np.int64)
        return np.asarray(self.values[tree, slot], dtype=np.float64)
