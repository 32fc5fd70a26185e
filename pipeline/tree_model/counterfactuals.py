"""What holds an entity above a threshold: the fewest changes that would bring it below.

It names evidence to check and is no advice to the subject. What is searched, and what counts
as an answer: docs/decisions/0017-what-holds-a-score.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from pipeline.tree_model.single_changes import Probe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.rank_space import RankSpace

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

FIXED, DOWN, UP, EITHER = 0, -1, 1, 2
"""Where a feature may move."""
MOST_CHANGES = 6
"""More would be another entity, not a reason."""
_BEAM = 8
"""Half-finished answers kept."""
_CHEAPEST = 12
"""Answers of one length whose likeness to real entities is measured."""


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


@dataclass(frozen=True)
class Step:
    """One feature that would have to be otherwise."""

    feature: str
    was: float
    becomes: float
    """The value nearest to `was` that would do and that an ordinary entity has."""
    score: float
    """Calibrated score after this step and those before it."""


@dataclass(frozen=True)
class Flip:
    """The smallest set of changes that is enough."""

    steps: tuple[Step, ...]
    """By standing, then the largest effect first."""
    distance: float
    """From the changed entity to the nearest real one, 0..1."""


def moves_of(catalogue: Mapping[str, Movable], features: Sequence[str]) -> IntArray:
    """(features,) where each may move: away from its suspicious end, or not at all.

    A feature that the catalogue does not know is fixed, and so is one without a suspicious
    end: that it were otherwise would argue nothing.
    """
    away = {"high": DOWN, "low": UP, "none": FIXED}
    entries = (catalogue.get(name) for name in features)
    return np.array([away[one.direction] if one and one.changeable else FIXED for one in entries])


def flips(
    model: TreeModel,
    calibration: Calibration,
    row: FloatArray,
    threshold: float,
    tries: Sequence[Freedom],
    ordinary: RankSpace,
) -> Flip | None:
    """Fewest changes to `row` (features,) that bring its score below a threshold, or None.

    The first of `tries` with an answer gives it; `ordinary` entities give the values and say what
    is real. An answer is dropped when it is farther from all of them than `ordinary.usual` and
    than the subject itself. None also for a row that already is below the threshold: nothing
    holds it.
    """
    if calibration.score(model.margin(row[None, :]))[0] < threshold:
        return None
    probe = Probe.of(model)
    for freedom in tries:
        targets = _targets(probe, row, freedom, ordinary)
        search = _Search(probe, calibration, row, threshold, targets, ordinary, freedom)
        flip = search.run()
        if flip is not None:
            return flip
    return None


@dataclass(frozen=True, eq=False)
class _State:
    """A row with some of its features changed."""

    codes: IntArray
    """(features,) cells."""
    changed: tuple[int, ...]
    cost: float
    """Sum of the moves, in ranks."""


@dataclass(frozen=True, eq=False)
class _Neighbourhood:
    """Every single further change of a state."""

    state: _State
    scores: FloatArray
    """(places,) score after it."""
    allowed: NDArray[np.bool_]
    """(places,)"""


@dataclass(frozen=True, eq=False)
class _Targets:
    """Per cell of every feature, in the places of `Probe`: may it be moved to, and as what."""

    value: FloatArray
    """A real value of the cell; NaN where it is no target."""
    cost: FloatArray
    """Length of the move in ranks; infinite where it is no target."""


def _targets(probe: Probe, row: FloatArray, freedom: Freedom, ordinary: RankSpace) -> _Targets:
    value = np.full(probe.feature.size, np.nan)
    cost = np.full(probe.feature.size, np.inf)
    own = probe.codes(row)
    for one in np.flatnonzero((freedom.moves != FIXED) & ~np.isnan(row)):
        real = ordinary.matrix[:, one][~np.isnan(ordinary.matrix[:, one])]
        real = real[_may_go(int(freedom.moves[one]), real, row[one])]
        real = real[np.abs(real - row[one]) >= freedom.least[one]]
        order = np.argsort(np.abs(real - row[one]), kind="stable")
        cells, first = np.unique(probe.cells_of(int(one), real[order]), return_index=True)
        kept, near = cells != own[one], real[order][first]
        places = probe.start[one] + cells[kept]
        value[places] = near[kept]
        ranks = ordinary.rank(int(one), np.append(near[kept], row[one]))
        cost[places] = np.abs(ranks[:-1] - ranks[-1])
    here = probe.start[:-1] + own
    value[here], cost[here] = row, 0.0
    return _Targets(value, cost)


def _may_go(move: int, values: FloatArray, start: float) -> NDArray[np.bool_]:
    if move == EITHER:
        return np.ones(values.size, dtype=bool)
    return values < start if move == DOWN else values > start


@dataclass(frozen=True, eq=False)
class _Search:
    """One beam search."""

    probe: Probe
    calibration: Calibration
    row: FloatArray
    threshold: float
    targets: _Targets
    ordinary: RankSpace
    freedom: Freedom

    @cached_property
    def own(self) -> IntArray:
        """(features,) cells of the row as it is."""
        return self.probe.codes(self.row)

    @cached_property
    def ranks(self) -> FloatArray:
        """(features,) ranks of the row as it is among the ordinary entities."""
        ranks: FloatArray = self.ordinary.ranks(self.row[None, :])[0]
        return ranks

    def run(self) -> Flip | None:
        """Answers of one change, then of two, and so on."""
        states = [_State(self.own, (), 0.0)]
        limit = max(self.ordinary.usual, self._distance(states[0]))
        for _ in range(self.freedom.most):
            around = [self._neighbourhood(state) for state in states]
            for enough in self._crossing(around):
                shortest = self._shortest(enough)
                distance = self._distance(shortest)
                if distance <= limit:
                    return Flip(self._steps(shortest), distance)
            states = self._grown(around)
        return None

    def scores(self, codes: IntArray) -> FloatArray:
        """(cells,) score when one feature is moved to a cell."""
        return self.calibration.score(self.probe.margins(codes))

    def _neighbourhood(self, state: _State) -> _Neighbourhood:
        allowed = np.isfinite(self.targets.cost)
        allowed &= ~np.isin(self.probe.feature, state.changed)
        allowed[self.probe.start[:-1] + state.codes] = False
        return _Neighbourhood(state, self.scores(state.codes), allowed)

    def _crossing(self, around: Sequence[_Neighbourhood]) -> list[_State]:
        """States below the threshold, cheapest first."""
        below = [
            self._moved(one.state, int(place))
            for one in around
            for place in np.flatnonzero(one.allowed & (one.scores < self.threshold))
        ]
        return sorted(below, key=lambda state: state.cost)[:_CHEAPEST]

    def _grown(self, around: Sequence[_Neighbourhood]) -> list[_State]:
        """The most promising states with one change more: lowest score, one per feature."""
        distinct: dict[tuple[tuple[int, int], ...], tuple[float, _State]] = {}
        for near in around:
            places = np.flatnonzero(near.allowed)
            places = places[np.lexsort((self.targets.cost[places], near.scores[places]))]
            _, first = np.unique(self.probe.feature[places], return_index=True)
            for place in places[np.sort(first)][:_BEAM]:
                grown = self._moved(near.state, int(place))
                key = tuple(sorted((one, int(grown.codes[one])) for one in grown.changed))
                distinct.setdefault(key, (float(near.scores[place]), grown))
        ordered = sorted(distinct.values(), key=lambda one: (one[0], one[1].cost))
        return [state for _, state in ordered[:_BEAM]]

    def _moved(self, state: _State, place: int) -> _State:
        one, codes = int(self.probe.feature[place]), state.codes.copy()
        codes[one] = place - self.probe.start[one]
        here = self.probe.start[one] + state.codes[one]
        cost = state.cost - float(self.targets.cost[here]) + float(self.targets.cost[place])
        changed = tuple(sorted({*state.changed, one}))
        return _State(codes, changed, cost)

    def _shortest(self, state: _State) -> _State:
        """Take back what was moved farther than is enough, or need not move at all."""
        for one in state.changed:
            places = np.arange(self.probe.start[one], self.probe.start[one + 1])
            below = places[self.scores(state.codes)[places] < self.threshold]
            place = int(below[np.argmin(self.targets.cost[below])])
            state = self._moved(state, place)
        kept = tuple(one for one in state.changed if state.codes[one] != self.own[one])
        return replace(state, changed=kept)

    def _values(self, state: _State) -> FloatArray:
        places = self.probe.start[:-1] + state.codes
        return np.asarray(self.targets.value[places], dtype=np.float64)

    def _distance(self, state: _State) -> float:
        ranks, values = self.ranks.copy(), self._values(state)
        for one in state.changed:
            ranks[one] = self.ordinary.rank(one, values[one : one + 1])[0]
        return float(self.ordinary.apart(ranks).min(initial=1.0))

    def _steps(self, state: _State) -> tuple[Step, ...]:
        """The changes one after the other: by standing, then the one that lowers the score most."""
        codes, values, left = self.own.copy(), self._values(state), list(state.changed)
        steps = []
        while left:
            places = self.probe.start[left] + state.codes[left]
            scores = self.scores(codes)[places]
            best = int(np.lexsort((scores, self.freedom.standing[left]))[0])
            one = left.pop(best)
            codes[one] = state.codes[one]
            name = self.probe.names[one]
            steps.append(Step(name, float(self.row[one]), float(values[one]), float(scores[best])))
        return tuple(steps)
