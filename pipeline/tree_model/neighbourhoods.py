"""Every single further change of a half-changed row: its score, and the columns that follow.

Columns that count signals change with the facts that the signals ask for
(`pipeline.tree_model.signal_columns`), so a change of one feature may move three.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.calibration import Calibration
    from pipeline.tree_model.moves import Targets
    from pipeline.tree_model.signal_columns import Derived
    from pipeline.tree_model.single_changes import Probe

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]


_FEW = 100
"""So many changes are quicker evaluated as rows than with all the others of their state."""


@dataclass(frozen=True, eq=False)
class Subject:
    """Who is asked about."""

    row: FloatArray
    """(features,)"""
    derived: Derived | None = None
    """The columns that change with its facts; None = each stands for itself. They are never offered
    as a change, so let `Freedom.moves` name none of them."""


@dataclass(frozen=True, eq=False)
class Follows:
    """Which signals fire in some rows, and what the columns are that count them."""

    fires: NDArray[np.bool_]
    """(n, signals)"""
    values: FloatArray
    """(n, columns)"""
    cells: IntArray
    """(n, columns)"""

    def take(self, numbers: IntArray) -> Follows:
        """Some of the rows."""
        return Follows(self.fires[numbers], self.values[numbers], self.cells[numbers])


@dataclass(frozen=True, eq=False)
class State:
    """A row with some of its features changed."""

    codes: IntArray
    """(features,) cells."""
    changed: tuple[int, ...]
    cost: float
    """Sum of the moves, in ranks."""
    follows: Follows
    """(1, ...) what follows from them."""


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Every single further change of a state."""

    state: State
    allowed: NDArray[np.bool_]
    """(places,)"""
    scores: FloatArray
    """(places,) score after it, where it is allowed."""
    asked: IntArray
    """(n,) allowed places of features that others follow from, ascending ..."""
    follows: Follows
    """... and what follows."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What changes of one subject are measured by."""

    probe: Probe
    calibration: Calibration
    subject: Subject

    @cached_property
    def start(self) -> State:
        """The row as it is."""
        codes, derived = self.probe.codes(self.subject.row), self.subject.derived
        fires = np.zeros(0, bool) if derived is None else derived.fires
        values = self.subject.row[self.columns]
        follows = Follows(fires[None, :], values[None, :], codes[self.columns][None, :])
        return State(codes, (), 0.0, follows)

    @cached_property
    def score(self) -> float:
        """Of the row as it is."""
        return float(self.calibration.score(self.probe.margins_of(self.start.codes[:, None]))[0])

    @cached_property
    def columns(self) -> IntArray:
        """(columns,) those that follow from others."""
        derived = self.subject.derived
        return np.zeros(0, np.int64) if derived is None else derived.places

    @cached_property
    def asked(self) -> NDArray[np.bool_]:
        """(features,) that others follow from."""
        derived = self.subject.derived
        nothing = np.zeros(self.subject.row.size, dtype=bool)
        return nothing if derived is None else np.asarray(derived.asks.any(axis=0))

    def further(self, state: State, targets: Targets) -> NDArray[np.bool_]:
        """(places,) one change more."""
        open_ = np.ones(state.codes.size, dtype=bool)
        open_[[*state.changed, *self.columns]] = False
        allowed = np.isfinite(targets.cost) & open_[self.probe.feature]
        allowed[self.probe.start[:-1] + state.codes] = False
        return allowed

    def values(self, state: State, targets: Targets) -> FloatArray:
        """(features,) of the row."""
        values = np.asarray(targets.value[self.probe.start[:-1] + state.codes])
        values[self.columns] = state.follows.values[0]
        return values

    def moved(self, near: Neighbourhood, place: int, targets: Targets) -> State:
        """The state after one of its changes."""
        state, one = near.state, int(self.probe.feature[place])
        follows, number = state.follows, np.searchsorted(near.asked, [place])
        if place in near.asked[number[number < near.asked.size]]:
            follows = near.follows.take(number)
        codes = state.codes.copy()
        codes[one] = place - self.probe.start[one]
        codes[self.columns] = follows.cells[0]
        here = self.probe.start[one] + state.codes[one]
        cost = state.cost - float(targets.cost[here]) + float(targets.cost[place])
        changed = tuple(sorted({*state.changed, one}))
        return State(codes, changed, cost, follows)

    def around(
        self,
        states: Sequence[State],
        allowed: Sequence[NDArray[np.bool_]],
        targets: Targets,
    ) -> list[Neighbourhood]:
        """Each state with its allowed changes; what follows from them is asked for at once."""
        few = bool(sum(np.count_nonzero(one) for one in allowed) <= _FEW)
        nothing = np.full(self.probe.feature.size, np.nan)
        margins = [nothing.copy() if few else self.probe.margins(one.codes) for one in states]
        asked = few | self.asked[self.probe.feature]
        places = [np.flatnonzero(one & asked) for one in allowed]
        sizes = [one.size for one in places]
        every, owner = np.concatenate(places), np.repeat(np.arange(len(states)), sizes)
        follows = self._follows(states, every, owner, targets)
        for number, margin in self._elsewhere(states, every, owner, follows.cells, few):
            margins[owner[number]][every[number]] = margin
        parts = zip(states, allowed, margins, places, np.cumsum(sizes), strict=True)
        return [
            Neighbourhood(
                state,
                own_allowed,
                self.calibration.score(own_margins),
                asked,
                follows.take(np.arange(end - asked.size, end)),
            )
            for state, own_allowed, own_margins, asked, end in parts
        ]

    def _follows(
        self, states: Sequence[State], every: IntArray, owner: IntArray, targets: Targets
    ) -> Follows:
        """What follows from moving states (n,), by number, to places (n,)."""
        fires = np.concatenate([one.follows.fires for one in states])[owner]
        derived = self.subject.derived
        if derived is None:
            nothing = np.zeros((every.size, 0))
            return Follows(fires, nothing, nothing.astype(np.int64))
        values = np.stack([self.values(one, targets) for one in states], axis=1)[:, owner]
        moved = self.probe.feature[every]
        values[moved, np.arange(every.size)] = targets.value[every]
        fires = derived.firing(values, fires, moved)
        after = derived.values(fires)
        pairs = zip(self.columns, after.T, strict=True)
        cells = [self.probe.cells_of(int(one), column) for one, column in pairs]
        return Follows(fires, after, np.stack(cells, axis=1))

    def _elsewhere(
        self, states: Sequence[State], every: IntArray, owner: IntArray, cells: IntArray, few: bool
    ) -> Iterator[tuple[int, float]]:
        """Numbers of changes that take a column to another cell, each with the margin after it.

        Of a few changes all of them: that costs less than the margins after every single one.
        """
        before = np.concatenate([one.follows.cells for one in states])[owner]
        numbers = np.flatnonzero(few | (before != cells).any(axis=1))
        codes = np.stack([one.codes for one in states], axis=1)[:, owner[numbers]]
        moved = self.probe.feature[every[numbers]]
        codes[moved, np.arange(numbers.size)] = every[numbers] - self.probe.start[moved]
        codes[self.columns] = cells[numbers].T
        yield from zip(numbers.tolist(), self.probe.margins_of(codes).tolist(), strict=True)
