"""What holds an entity above a threshold: the fewest changes that would bring it below.

It names evidence to check and is no advice to the subject. What is searched, and what counts
as an answer: docs/decisions/0017-what-holds-a-score.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.moves import targets
from pipeline.tree_model.neighbourhoods import Ground

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.moves import Freedom, Targets
    from pipeline.tree_model.neighbourhoods import Neighbourhood, State, Subject
    from pipeline.tree_model.rank_space import RankSpace
    from pipeline.tree_model.single_changes import Probe

    FloatArray: TypeAlias = NDArray[np.float64]

_BEAM = 8
"""Half-finished answers kept."""
_CHEAPEST = 6
"""Answers of one length whose likeness to real entities is measured."""


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


def flips(
    probe: Probe,
    calibration: Calibration,
    subject: Subject,
    threshold: float,
    tries: Sequence[Freedom],
    ordinary: RankSpace,
) -> Flip | None:
    """Fewest changes to a row that bring its score below a threshold, or None.

    `probe` is the model, laid out once for all subjects. The first of `tries` with an answer
    gives it; `ordinary` entities give the values and say what is real. An answer is dropped when
    it is farther from all of them than `ordinary.usual` and than the subject itself. None also
    for a row that already is below the threshold: nothing holds it.
    """
    ground = Ground(probe, calibration, subject)
    if ground.score < threshold:
        return None
    ranks = ordinary.ranks(subject.row[None, :])[0]
    for freedom in tries:
        goals = targets(ground.probe, subject.row, freedom, ordinary)
        flip = _Search(ground, threshold, goals, freedom, ordinary, ranks).run()
        if flip is not None:
            return flip
    return None


@dataclass(frozen=True, eq=False)
class _Search:
    """One beam search."""

    ground: Ground
    threshold: float
    targets: Targets
    freedom: Freedom
    ordinary: RankSpace
    ranks: FloatArray
    """(features,) of the row as it is, among the ordinary entities."""

    def run(self) -> Flip | None:
        """Answers of one change, then of two, and so on."""
        states = [self.ground.start]
        limit = max(self.ordinary.usual, self._distance(self.ground.start))
        strange: list[set[int]] = []
        for changes in range(1, self.freedom.most + 1):
            around = self._around(states, [self._further(one) for one in states])
            for enough in self._crossing(around):
                if any(one < set(enough.changed) for one in strange):
                    continue  # what is added to it would be taken back
                shortest = self._shortest(enough)
                distance = self._distance(shortest)
                if distance <= limit:
                    return Flip(self._steps(shortest), distance)
                strange.append(set(shortest.changed))
            states = self._grown(around) if changes < self.freedom.most else []
            if not states:
                return None
        return None

    def _further(self, state: State) -> NDArray[np.bool_]:
        return self.ground.further(state, self.targets)

    def _around(
        self, states: Sequence[State], allowed: Sequence[NDArray[np.bool_]]
    ) -> list[Neighbourhood]:
        return self.ground.around(states, allowed, self.targets)

    def _moved(self, near: Neighbourhood, place: int) -> State:
        return self.ground.moved(near, place, self.targets)

    def _crossing(self, around: Sequence[Neighbourhood]) -> list[State]:
        """States below the threshold, the cheapest of each set of features, cheapest first."""
        below = [
            (one.state.cost + float(self.targets.cost[place]), near, int(place))
            for near, one in enumerate(around)
            for place in np.flatnonzero(one.allowed & (one.scores < self.threshold))
        ]
        distinct: dict[tuple[int, ...], tuple[int, int]] = {}
        for _, near, place in sorted(below):
            changed = (*around[near].state.changed, int(self.ground.probe.feature[place]))
            distinct.setdefault(tuple(sorted(changed)), (near, place))
        cheapest = list(distinct.values())[:_CHEAPEST]
        return [self._moved(around[near], place) for near, place in cheapest]

    def _grown(self, around: Sequence[Neighbourhood]) -> list[State]:
        """The most promising states with one change more: lowest score, one per feature."""
        probe, cost = self.ground.probe, self.targets.cost
        distinct: dict[frozenset[int], tuple[float, float, Neighbourhood, int]] = {}
        for near in around:
            state, places = near.state, np.flatnonzero(near.allowed)
            places = places[np.lexsort((cost[places], near.scores[places]))]
            _, first = np.unique(probe.feature[places], return_index=True)
            before = [int(probe.start[one] + state.codes[one]) for one in state.changed]
            for place in places[np.sort(first)][:_BEAM].tolist():
                reached = float(near.scores[place]), state.cost + float(cost[place]), near, place
                distinct.setdefault(frozenset([*before, place]), reached)
        ordered = sorted(distinct.values(), key=lambda one: one[:2])
        return [self._moved(near, place) for _, _, near, place in ordered[:_BEAM]]

    def _shortest(self, state: State) -> State:
        """Take back what was moved farther than is enough, or need not move at all."""
        for one in state.changed:
            allowed = np.isfinite(self.targets.cost) & (self.ground.probe.feature == one)
            [near] = self._around([state], [allowed])
            enough = near.scores < self.threshold
            enough[self.ground.probe.start[one] + state.codes[one]] = True
            below = np.flatnonzero(allowed & enough)
            state = self._moved(near, int(below[np.argmin(self.targets.cost[below])]))
        kept = tuple(
            one for one in state.changed if state.codes[one] != self.ground.start.codes[one]
        )
        return replace(state, changed=kept)

    def _distance(self, state: State) -> float:
        ranks, values = self.ranks.copy(), self.ground.values(state, self.targets)
        for one in (*state.changed, *self.ground.columns):
            ranks[one] = self.ordinary.rank(one, values[one : one + 1])[0]
        return float(self.ordinary.apart(ranks).min(initial=1.0))

    def _steps(self, state: State) -> tuple[Step, ...]:
        """The changes one after the other: by standing, then the one that lowers the score most."""
        now, left, steps = self.ground.start, list(state.changed), []
        while left:
            places = self.ground.probe.start[left] + state.codes[left]
            allowed = np.isin(np.arange(self.ground.probe.feature.size), places)
            [near] = self._around([now], [allowed])
            best = int(np.lexsort((near.scores[places], self.freedom.standing[left]))[0])
            one, place = left.pop(best), int(places[best])
            now = self._moved(near, place)
            name, was = self.ground.probe.names[one], float(self.ground.subject.row[one])
            becomes, score = float(self.targets.value[place]), float(near.scores[place])
            steps.append(Step(name, was, becomes, score))
        return tuple(steps)
