"""What holds an entity above a line: the fewest changes that would bring it below.

A beam search over the cells between split points, because inside a cell no tree sees a
difference. Only what the subject could have otherwise is changed, only to values that
ordinary entities really have and away from the suspicious end, and an answer that resembles
no real entity is thrown away. It names evidence to check; it is no advice to the subject.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.single_changes import Probe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.rank_space import Crowd
    from queries.catalogue import Feature

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    _Looked: TypeAlias = tuple["_State", FloatArray, NDArray[np.bool_]]

FIXED, DOWN, UP, EITHER = 0, -1, 1, 2
"""Where a feature may move."""
_MOST = 6
"""More changes than that are another entity, not a reason."""
_BEAM = 8
"""Half-finished answers kept: more of them shortened no answer in the sample."""
_TRIED = 12
"""Cheapest answers of a step whose likeness to real entities is measured."""


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
    """The smallest set of changes found."""

    steps: tuple[Step, ...]
    """Largest effect first."""
    distance: float
    """From the changed entity to the nearest real one, 0..1."""


def moves_of(catalogue: Mapping[str, Feature], features: Sequence[str]) -> IntArray:
    """(features,) where each may move: away from its suspicious end, or not at all.

    A feature that the catalogue does not know is fixed, and so is one without a suspicious
    end: that it were otherwise would argue nothing.
    """
    away = {"high": DOWN, "low": UP, "none": FIXED}
    known = (catalogue.get(name) for name in features)
    return np.array([away[one.direction] if one and one.changeable else FIXED for one in known])


def flips(
    model: TreeModel,
    calibration: Calibration,
    row: FloatArray,
    line: float,
    moves: IntArray,
    crowd: Crowd,
) -> Flip | None:
    """Fewest changes to `row` (features,) that bring its score below `line`, or None.

    `moves` says where each feature may go (`moves_of`), `crowd` holds ordinary entities: it
    gives the values and says what is real. An answer is dropped when it is farther from all of
    them than `crowd.usual` and than the subject itself. At most six changes. None also for a
    row that already is below the line: nothing holds it.
    """
    if calibration.score(model.margin(row[None, :]))[0] < line:
        return None
    probe = Probe.of(model)
    targets = _targets(probe, row, moves, crowd)
    return _Search(probe, calibration, row, line, targets, crowd).run()


@dataclass(frozen=True, eq=False)
class _State:
    """A row with some of its features changed."""

    codes: IntArray
    """(features,) cells."""
    changed: tuple[int, ...]
    cost: float
    """Sum of the moves, in ranks."""


@dataclass(frozen=True, eq=False)
class _Targets:
    """Per cell of every feature, in the places of `Probe`: may it be moved to, and as what."""

    value: FloatArray
    """A real value of the cell; NaN where it is no target."""
    cost: FloatArray
    """Length of the move in ranks; infinite where it is no target."""


def _targets(probe: Probe, row: FloatArray, moves: IntArray, crowd: Crowd) -> _Targets:
    value = np.full(probe.feature.size, np.nan)
    cost = np.full(probe.feature.size, np.inf)
    own = probe.codes(row)
    for one in np.flatnonzero((moves != FIXED) & ~np.isnan(row)):
        known = crowd.matrix[:, one][~np.isnan(crowd.matrix[:, one])]
        known = known[_may_go(int(moves[one]), known, row[one])]
        order = np.argsort(np.abs(known - row[one]), kind="stable")
        cells, first = np.unique(probe.cells_of(int(one), known[order]), return_index=True)
        kept, near = cells != own[one], known[order][first]
        places = probe.start[one] + cells[kept]
        value[places] = near[kept]
        ranks = crowd.rank(int(one), np.append(near[kept], row[one]))
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
    line: float
    targets: _Targets
    crowd: Crowd

    @cached_property
    def own(self) -> IntArray:
        """(features,) cells of the row as it is."""
        return self.probe.codes(self.row)

    @cached_property
    def ranks(self) -> FloatArray:
        """(features,) ranks of the row as it is among the crowd."""
        ranks: FloatArray = self.crowd.ranks(self.row[None, :])[0]
        return ranks

    def run(self) -> Flip | None:
        """Answers of one change, then of two, and so on."""
        states = [_State(self.own, (), 0.0)]
        limit = max(self.crowd.usual, self._distance(states[0]))
        for _ in range(_MOST):
            looked = [(state, *self._looks(state)) for state in states]
            for found in self._crossing(looked):
                kept = self._shortest(found)
                distance = self._distance(kept)
                if distance <= limit:
                    return Flip(self._steps(kept), distance)
            states = self._grown(looked)
        return None

    def scores(self, codes: IntArray) -> FloatArray:
        """(cells,) score when one feature is moved to a cell."""
        return self.calibration.score(self.probe.margins(codes))

    def _looks(self, state: _State) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Score of every single further change, and which of them are allowed."""
        allowed = np.isfinite(self.targets.cost)
        allowed &= ~np.isin(self.probe.feature, state.changed)
        allowed[self.probe.start[:-1] + state.codes] = False
        return self.scores(state.codes), allowed

    def _crossing(self, looked: Sequence[_Looked]) -> list[_State]:
        """States below the line, cheapest first."""
        found = [
            self._moved(state, int(place))
            for state, scores, allowed in looked
            for place in np.flatnonzero(allowed & (scores < self.line))
        ]
        return sorted(found, key=lambda state: state.cost)[:_TRIED]

    def _grown(self, looked: Sequence[_Looked]) -> list[_State]:
        """The most promising states with one change more: lowest score, one per feature."""
        found: dict[tuple[tuple[int, int], ...], tuple[float, _State]] = {}
        for state, scores, allowed in looked:
            places = np.flatnonzero(allowed)
            places = places[np.lexsort((self.targets.cost[places], scores[places]))]
            _, first = np.unique(self.probe.feature[places], return_index=True)
            for place in places[np.sort(first)][:_BEAM]:
                grown = self._moved(state, int(place))
                key = tuple(sorted((one, int(grown.codes[one])) for one in grown.changed))
                found.setdefault(key, (float(scores[place]), grown))
        ordered = sorted(found.values(), key=lambda one: (one[0], one[1].cost))
        return [state for _, state in ordered[:_BEAM]]

    def _moved(self, state: _State, place: int) -> _State:
        one, codes = int(self.probe.feature[place]), state.codes.copy()
        codes[one] = place - self.probe.start[one]
        here = self.probe.start[one] + state.codes[one]
        cost = state.cost - float(self.targets.cost[here]) + float(self.targets.cost[place])
        changed = tuple(sorted({*state.changed, one}))
        return _State(codes, changed, cost)

    def _shortest(self, state: _State) -> _State:
        """Take back what was moved farther than the line asks, or need not move at all."""
        for one in state.changed:
            places = np.arange(self.probe.start[one], self.probe.start[one + 1])
            below = places[self.scores(state.codes)[places] < self.line]
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
            ranks[one] = self.crowd.rank(one, values[one : one + 1])[0]
        return float(self.crowd.apart(ranks).min(initial=1.0))

    def _steps(self, state: _State) -> tuple[Step, ...]:
        """The changes one after the other, each time the one that lowers the score most."""
        codes, values, left = self.own.copy(), self._values(state), list(state.changed)
        steps = []
        while left:
            places = self.probe.start[left] + state.codes[left]
            scores = self.scores(codes)[places]
            best = int(np.argmin(scores))
            one = left.pop(best)
            codes[one] = state.codes[one]
            name = self.probe.names[one]
            steps.append(Step(name, float(self.row[one]), float(values[one]), float(scores[best])))
        return tuple(steps)
