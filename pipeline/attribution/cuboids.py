"""Sums of evidence for every element: each value of each combination of so many dimensions.

A cuboid is a choice of dimensions, an element one value of each: `channel=live&market=TH`.
The sums are made once: where the leaves fill enough of the space, all cuboids are rolled up
from one array, axis by axis, else each is one pass of `bincount`. When a cause has been
explained away, only its leaves are subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.attribution.evidence import Evidence
    from pipeline.attribution.noise import FloatArray

    Codes = NDArray[np.int64]

SPARSE = 4
"""A cuboid with more cells than this many a leaf is kept by the cells that occur."""
DENSE = 16
"""A space with more cells than this many a leaf is not rolled up as a whole."""
MOST_CELLS = 8_000_000
"""Nor is one with more than this: three numbers a cell are 200 MB."""


class Element(NamedTuple):
    """Values (as codes) of some dimensions (as places); empty = the whole."""

    dimensions: tuple[int, ...]
    values: tuple[int, ...]

    @property
    def parents(self) -> list[Element]:
        """The elements with one dimension fewer."""
        return [
            Element(
                self.dimensions[:at] + self.dimensions[at + 1 :],
                self.values[:at] + self.values[at + 1 :],
            )
            for at in range(len(self.dimensions))
        ]


@dataclass(frozen=True, eq=False)
class Space:
    """The leaves' values as codes."""

    codes: Sequence[Codes]
    """By dimension: (leaves,) codes from 0."""
    sizes: Sequence[int]
    """By dimension: how many codes there are."""
    unnamed: Sequence[int | None]
    """By dimension: the code of a missing value, which is no element."""

    def key(self, dimensions: Sequence[int], leaves: slice | Codes) -> Codes:
        """A number for each leaf's values of some dimensions, the last one running fastest."""
        key = np.zeros(self.codes[0][leaves].size, dtype=np.int64)
        for at in dimensions:
            key *= self.sizes[at]
            key += self.codes[at][leaves]
        return key

    def leaves_of(self, element: Element) -> NDArray[np.bool_]:
        """(leaves,) whether each is of the element."""
        mask = np.ones(self.codes[0].size, dtype=np.bool_)
        for dimension, value in zip(*element, strict=True):
            mask &= self.codes[dimension] == value
        return mask


class Sums(NamedTuple):
    """Of one element, or arrays of (elements,)."""

    leaves: FloatArray
    precision: FloatArray
    weighted: FloatArray
    """Of precision times shift."""

    @property
    def gain(self) -> FloatArray:
        """Nats by which a shift of its own explains the element better than none."""
        known = np.maximum(2.0 * self.precision, np.finfo(float).tiny)
        return np.asarray(self.weighted**2 / known)


class Cuboid:
    """The sums of every element of one choice of dimensions."""

    def __init__(self, dimensions: tuple[int, ...], space: Space) -> None:
        self.dimensions = dimensions
        self._space = space
        self._sizes = [space.sizes[at] for at in dimensions]
        self._size = prod(self._sizes)
        self._cells: Codes | None = None
        if self._size > SPARSE * space.codes[0].size:
            cells = np.unique(self._key(slice(None)))
            self._cells, self._size = cells, cells.size
        self.is_element = np.ones(self._size, dtype=np.bool_)
        for at, dimension in enumerate(dimensions):
            if space.unnamed[dimension] is not None:
                values = self._values(np.arange(self._size))[at]
                self.is_element &= values != space.unnamed[dimension]
        self.sums = Sums(*(np.zeros(self._size) for _ in Sums._fields))

    def fill(self, evidence: Evidence, rolled_up: FloatArray | None) -> None:
        """Make the sums; `rolled_up` has the three of each cell of the cuboid, if it is known."""
        if rolled_up is not None:
            of_cells = rolled_up if self._cells is None else rolled_up[:, self._cells]
            self.sums = Sums(*of_cells.copy())
            return
        at = self._index(slice(None))
        columns = _columns(evidence, slice(None))
        self.sums = Sums(*(weighed(at, column, self._size) for column in columns))

    def remove(self, evidence: Evidence, leaves: Codes) -> None:
        """Take these leaves out of the sums."""
        at, columns = self._index(leaves), _columns(evidence, leaves)
        pairs = zip(self.sums, columns, strict=True)
        self.sums = Sums(*(had - weighed(at, column, self._size) for had, column in pairs))

    def element(self, cell: int) -> Element:
        """The element of a place in the sums."""
        values = self._values(np.array([cell]))
        return Element(self.dimensions, tuple(int(column[0]) for column in values))

    def cell(self, element: Element) -> int:
        """The place of an element in the sums; it must have leaves."""
        key = 0
        for size, value in zip(self._sizes, element.values, strict=True):
            key = key * size + value
        return key if self._cells is None else int(np.searchsorted(self._cells, key))

    def _values(self, cells: Codes) -> list[Codes]:
        keys = cells if self._cells is None else self._cells[cells]
        columns = []
        for size in reversed(self._sizes):
            keys, value = np.divmod(keys, size)
            columns.append(value)
        return columns[::-1]

    def _key(self, leaves: slice | Codes) -> Codes:
        return self._space.key(self.dimensions, leaves)

    def _index(self, leaves: slice | Codes) -> Codes:
        key = self._key(leaves)
        return key if self._cells is None else np.searchsorted(self._cells, key).astype(np.int64)


def weighed(places: Codes, weights: FloatArray, size: int) -> FloatArray:
    """(size,) sums of the weights by place."""
    return np.asarray(np.bincount(places, weights, size), dtype=np.float64)


def cuboids(space: Space, most_dimensions: int) -> dict[tuple[int, ...], Cuboid]:
    """Every cuboid of at most so many dimensions; the first, of none, is the whole."""
    places = range(len(space.codes))
    return {
        chosen: Cuboid(chosen, space)
        for number in range(min(most_dimensions, len(places)) + 1)
        for chosen in combinations(places, number)
    }


def fill(every: Mapping[tuple[int, ...], Cuboid], space: Space, evidence: Evidence) -> None:
    """Make the sums of all of them."""
    cells = prod(space.sizes)
    rolled_up: dict[tuple[int, ...], FloatArray] = {}
    if cells <= min(MOST_CELLS, DENSE * space.codes[0].size):
        # The largest dimension is summed away first: what follows is the smaller for it.
        axes = sorted(range(len(space.sizes)), key=lambda at: -space.sizes[at])
        key = space.key(axes, slice(None))
        whole = np.stack([weighed(key, one, cells) for one in _columns(evidence, slice(None))])
        shaped = whole.reshape(-1, *(space.sizes[at] for at in axes))
        _roll_up(shaped, axes, max(map(len, every)), rolled_up)
    for key_, cuboid in every.items():
        cuboid.fill(evidence, rolled_up.get(key_))


def _roll_up(
    sums: FloatArray,
    axes: list[int],
    most: int,
    into: dict[tuple[int, ...], FloatArray],
    start: int = 0,
) -> None:
    """Every group of at most `most` axes, each reached once: axes fall away in their order."""
    if len(axes) <= most:
        order = np.argsort(axes)
        turned = sums.transpose(0, *(order + 1))
        into[tuple(sorted(axes))] = turned.reshape(len(sums), -1)
    for at in range(start, len(axes)):
        _roll_up(sums.sum(axis=at + 1), axes[:at] + axes[at + 1 :], most, into, at)


def _columns(evidence: Evidence, leaves: slice | Codes) -> list[FloatArray]:
    precision = evidence.precision[leaves]
    return [np.ones_like(precision), precision, precision * evidence.shift[leaves]]
