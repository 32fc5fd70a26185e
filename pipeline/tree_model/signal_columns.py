"""The two columns that count signals, of a profile that somebody would have to have.

They are no facts: whoever changes a fact changes them too. A search that left them as they are
would find that they hold nearly every score, and nobody can check a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.conditions import bounds_of, columns_of, evaluated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.conditions import Tree

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Signal:
    """One that speaks against entities of a type."""

    typology: str
    code: str
    severity: float
    condition: Tree | None
    """`conditions.Tree`; None where it could not be read: such a signal stays as it is."""


@dataclass(frozen=True, eq=False)
class SignalColumns:
    """What they are made of, for one entity type."""

    features: tuple[str, ...]
    """Of the model."""
    columns: tuple[str, str]
    """How many signals fire, how strong the typology is that shows most."""
    signals: tuple[Signal, ...]

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where the model has the two, if it does."""
        return tuple(self.features.index(name) for name in self.columns if name in self.features)

    @cached_property
    def others(self) -> frozenset[str]:
        """Columns that conditions ask for and the model does not know."""
        return frozenset().union(*self.names).difference(self.features)

    @cached_property
    def names(self) -> tuple[frozenset[str], ...]:
        """Per signal the columns that its condition asks for."""
        return tuple(
            columns_of(one.condition) if one.condition else frozenset() for one in self.signals
        )

    @cached_property
    def missed(self) -> FloatArray:
        """(signals,) chance that each is wrong."""
        return 1.0 - np.array([signal.severity for signal in self.signals])

    @cached_property
    def typologies(self) -> list[IntArray]:
        """Numbers of the signals of each."""
        names = [signal.typology for signal in self.signals]
        return [np.flatnonzero([one == name for one in names]) for name in dict.fromkeys(names)]

    def cuts(self) -> Mapping[str, FloatArray]:
        """By feature the last values before another answer of a condition."""
        bounds: dict[str, set[float]] = {}
        for signal in self.signals:
            own = bounds_of(signal.condition) if signal.condition else {}
            for name, numbers in own.items():
                bounds.setdefault(name, set()).update(numbers)
        return {name: _either_side(sorted(numbers)) for name, numbers in bounds.items()}

    def of_subject(
        self,
        row: FloatArray,
        others: Mapping[str, float | None],
        firing: Collection[tuple[str, str]],
    ) -> Derived | None:
        """As functions of the facts of one entity; None where the model knows neither column.

        `others` are its columns that the model does not know, `firing` the typology and code of
        each signal that fires today. One whose condition says something else of today rests on
        what is not here (a column that is not delivered): it stays as it is.
        """
        if not self.places:
            return None
        constants = {name: _one(value) for name, value in others.items()}
        today = {name: _one(value) for name, value in zip(self.features, row, strict=True)}
        known = {**constants, **today}
        free = [
            signal.condition is not None
            and names <= known.keys()
            and bool(evaluated(signal.condition, known)[0] == 1.0) == (_key(signal) in firing)
            for signal, names in zip(self.signals, self.names, strict=True)
        ]
        fires = np.array([_key(signal) in firing for signal in self.signals], dtype=bool)
        kept = [name in self.features for name in self.columns]
        return Derived(
            self, np.array(self.places), np.array(kept), row, constants, fires, np.array(free)
        )


@dataclass(frozen=True, eq=False)
class Derived:
    """Columns of one subject that follow from others."""

    source: SignalColumns
    places: IntArray
    """(columns,) features of the model."""
    kept: NDArray[np.bool_]
    """(2,) which of the two these are."""
    row: FloatArray
    constants: Mapping[str, FloatArray]
    fires: NDArray[np.bool_]
    """(signals,) today."""
    free: NDArray[np.bool_]
    """(signals,) whose condition is asked again."""

    @cached_property
    def asks(self) -> NDArray[np.bool_]:
        """(signals, features) which feature decides which signal."""
        asked = [[name in names for name in self.source.features] for names in self.source.names]
        shape = (len(self.source.signals), len(self.source.features))
        return np.array(asked, dtype=bool).reshape(shape) & self.free[:, None]

    def firing(
        self, values: FloatArray, before: NDArray[np.bool_], moved: IntArray
    ) -> NDArray[np.bool_]:
        """(n, signals) that fire in profiles (features, n).

        In each of them one feature (n,) differs from a profile in which those of `before` (n,
        signals) fired, so only the conditions that ask for it are asked.
        """
        fires = before.copy()
        touched = self.asks[:, moved]
        for number in np.flatnonzero(touched.any(axis=1)):
            own, condition = np.flatnonzero(touched[number]), self.source.signals[number].condition
            columns = dict(self.constants)
            for place in np.flatnonzero(self.asks[number]):
                columns[self.source.features[place]] = values[place, own]
            fires[own, number] = evaluated(condition or (), columns) == 1.0
        return fires

    def values(self, fires: NDArray[np.bool_]) -> FloatArray:
        """(n, columns) what they are where some signals fire (n, signals).

        Where every signal is as it is today they are exactly what was stored.
        """
        both = np.stack([fires.sum(axis=1), self._strength(fires)], axis=1)
        changed = (fires != self.fires).any(axis=1)
        return np.where(changed[:, None], both[:, self.kept], self.row[self.places])

    def _strength(self, fires: NDArray[np.bool_]) -> FloatArray:
        """(n,) 1 - product of (1 - severity), of the typology in which that is most."""
        missed = np.where(fires, self.source.missed, 1.0)
        parts = [missed[:, own].prod(axis=1) for own in self.source.typologies]
        return np.asarray(1.0 - np.stack([np.ones(len(fires)), *parts]).min(axis=0))


def _key(signal: Signal) -> tuple[str, str]:
    return signal.typology, signal.code


def _one(value: float | None) -> FloatArray:
    return np.array([np.nan if value is None else value], dtype=np.float64)


def _either_side(bounds: Sequence[float]) -> FloatArray:
    """Cells end at a bound and just below it: so `<` and `<=` tell the same cells apart."""
    numbers = np.array(bounds, dtype=np.float64)
    numbers = numbers[~np.isnan(numbers)]
    return np.unique(np.concatenate([np.nextafter(numbers, -np.inf), numbers]))
