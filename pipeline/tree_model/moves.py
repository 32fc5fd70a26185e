"""What a search may change: which features, which way, by how much, and to which real values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.rank_space import RankSpace
    from pipeline.tree_model.single_changes import Probe

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

FIXED, DOWN, UP, EITHER = 0, -1, 1, 2
"""Where a feature may move."""
MOST_CHANGES = 6
"""More would be another entity, not a reason."""


class Movable(Protocol):
    """What a catalogue says of a feature that may have to move."""

    @property
    def direction(self) -> str:
        """Its suspicious end: high, low or none."""

    @property
    def changeable(self) -> bool:
        """Whether the subject could have it otherwise."""


@dataclass(frozen=True, eq=False)
class Freedom:
    """What an answer may be made of."""

    moves: IntArray
    """(features,) where each may go (`moves_of`)."""
    least: FloatArray
    """(features,) the smallest change that counts, in the unit of the feature."""
    standing: IntArray
    """(features,) whose step comes first: lowest first, then the largest effect."""
    most: int = MOST_CHANGES
    """Changes."""

    @classmethod
    def of(cls, moves: IntArray) -> Freedom:
        """Any change, however small, of whatever may move."""
        return cls(moves, np.zeros(moves.size), np.zeros(moves.size, np.int64))


def moves_of(catalogue: Mapping[str, Movable], features: Sequence[str]) -> IntArray:
    """(features,) where each may move: away from its suspicious end, or not at all.

    A feature that the catalogue does not know is fixed, and so is one without a suspicious
    end: that it were otherwise would argue nothing.
    """
    away = {"high": DOWN, "low": UP, "none": FIXED}
    entries = (catalogue.get(name) for name in features)
    return np.array([away[one.direction] if one and one.changeable else FIXED for one in entries])


@dataclass(frozen=True, eq=False)
class Targets:
    """Per cell of every feature, in the places of `Probe`: may it be moved to, and as what."""

    value: FloatArray
    """A real value of the cell; NaN where it is no target."""
    cost: FloatArray
    """Length of the move in ranks; infinite where it is no target."""


def targets(probe: Probe, row: FloatArray, freedom: Freedom, ordinary: RankSpace) -> Targets:
    """Where each feature of `row` (features,) may go: the nearest real value of every cell."""
    value = np.full(probe.feature.size, np.nan)
    cost = np.full(probe.feature.size, np.inf)
    own = probe.codes(row)
    for one in np.flatnonzero((freedom.moves != FIXED) & ~np.isnan(row)):
        real = ordinary.ascending[one]
        real = real[_may_go(int(freedom.moves[one]), real, row[one])]
        real = real[np.abs(real - row[one]) >= freedom.least[one]]
        cells = probe.cells_of(int(one), real)
        last, first = np.diff(cells, append=-1) != 0, np.diff(cells, prepend=-1) != 0
        nearest = np.where(real < row[one], last, first) & (cells != own[one])
        places = probe.start[one] + cells[nearest]
        value[places] = real[nearest]
        ranks = ordinary.rank(int(one), np.append(real[nearest], row[one]))
        cost[places] = np.abs(ranks[:-1] - ranks[-1])
    here = probe.start[:-1] + own
    value[here], cost[here] = row, 0.0
    return Targets(value, cost)


def _may_go(move: int, values: FloatArray, start: float) -> NDArray[np.bool_]:
    if move == EITHER:
        return np.ones(values.size, dtype=bool)
    return values < start if move == DOWN else values > start
