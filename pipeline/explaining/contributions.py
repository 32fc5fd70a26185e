"""Rows of `explanations.contributions`: the features of each entity, strongest first.

Only features that some tree splits on have rows: the others contribute nothing to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.explaining.label_stability import Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pipeline.explaining.attributions import Explained

_ENTITIES_AT_ONCE = 32_768
"""Of whom the long rows are written together: about two million rows."""
CONTRIBUTIONS = (
    {"entity_type": pl.String, "entity_id": pl.String}
    | {"as_of": pl.Date, "feature": pl.String, "value": pl.Float64, "contribution": pl.Float64}
    | {"low": pl.Float64, "high": pl.Float64, "rank": pl.Int32}
)


@dataclass(frozen=True, eq=False)
class Whiskers:
    """Ranges of contributions over seeds, of the entities that have them."""

    entities: NDArray[np.int64]
    """Indices of these entities, ascending."""
    spread: Spread
    """Their ranges, row by row."""

    @classmethod
    def none(cls, features: int) -> Whiskers:
        """Nobody's: contributions without a model to reseed."""
        empty = np.zeros((0, features))
        return cls(np.zeros(0, dtype=np.int64), Spread(empty, empty, empty[:, 0], empty[:, 0]))

    def at(
        self, entity: NDArray[np.int64], feature: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Low and high of (rows,) pairs; NaN for entities without whiskers."""
        place = np.searchsorted(self.entities, entity)
        has = place < self.entities.size
        has[has] = self.entities[place[has]] == entity[has]
        ends = np.full((2, entity.size), np.nan)
        ends[0, has] = self.spread.low[place[has], feature[has]]
        ends[1, has] = self.spread.high[place[has], feature[has]]
        return ends[0], ends[1]


def in_batches(
    everybody: Explained, entities: NDArray[np.int64], whiskers: Whiskers
) -> Iterator[pl.DataFrame]:
    """The rows of some entities, a part of them at a time: all might not fit in memory.

    `entities` are their indices, ascending.
    """
    for start in range(0, entities.size, _ENTITIES_AT_ONCE):
        yield _batch(everybody, entities[start : start + _ENTITIES_AT_ONCE], whiskers)


def _batch(everybody: Explained, entities: NDArray[np.int64], whiskers: Whiskers) -> pl.DataFrame:
    """Entity by entity, strongest first."""
    cells, used = np.ix_(entities, everybody.used), everybody.used
    parts, values = everybody.parts[cells], everybody.values[cells]
    order, count = np.argsort(-np.abs(parts), axis=1, kind="stable"), entities.size
    owner, feature = np.repeat(np.arange(count), used.size), used[order.ravel()]
    names, ids = pl.Series(everybody.features, dtype=pl.String), everybody.entity_id
    low, high = whiskers.at(entities[owner], feature)
    columns = {
        "entity_type": _words(pl.Series([everybody.entity_type]), np.zeros(owner.size, np.int64)),
        "entity_id": _words(ids.gather(entities), owner),
        "as_of": pl.repeat(everybody.as_of, owner.size, dtype=pl.Date, eager=True),
        "feature": _words(names, feature),
        "value": np.take_along_axis(values, order, axis=1).ravel(),
        "contribution": np.take_along_axis(parts, order, axis=1).ravel(),
        "low": low,
        "high": high,
        "rank": np.tile(np.arange(1, used.size + 1, dtype=np.int32), count),
    }
    return pl.DataFrame(columns, nan_to_null=True)


def _words(names: pl.Series, place: NDArray[np.int64]) -> pl.Series:
    """The name at each place, held as numbers: text would be copied millions of times."""
    return pl.Series(place.astype(np.uint32)).cat.to(pl.Enum(names))
