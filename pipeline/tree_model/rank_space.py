"""How alike entities are: distances to real ones, in ranks and with the unknown as a value.

Why ranks, and why the model weighs them: docs/decisions/0019-distance-in-ranks.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]

_USUAL = 0.99
"""Of real entities, this share has another one nearer than what still counts as real."""


@dataclass(frozen=True, eq=False)
class RankSpace:
    """Real entities that others are measured against, feature by feature in ranks."""

    matrix: FloatArray
    """(entities, features), NaN where unknown."""
    weights: FloatArray
    """(features,) what each feature counts; only their proportions matter."""

    def ignoring(self, features: Collection[int]) -> RankSpace:
        """The same where some features, by index, count nothing."""
        counts = ~np.isin(np.arange(self.weights.size), list(features))
        return RankSpace(self.matrix, np.where(counts, self.weights, 0.0))

    def ranks(self, rows: FloatArray) -> FloatArray:
        """(n, features): share of the reference's values below, ties counted half; or NaN."""
        columns = [self.rank(feature, column) for feature, column in enumerate(rows.T)]
        return np.stack(columns, axis=1) if columns else np.zeros(rows.shape)

    def rank(self, feature: int, values: FloatArray) -> FloatArray:
        """The same for values (n,) of one feature, by its index."""
        reference = self.ascending[feature]
        below = np.searchsorted(reference, values, side="left")
        below_or_same = np.searchsorted(reference, values, side="right")
        rank = (below + below_or_same) / max(2 * reference.size, 1)
        return np.where(np.isnan(values), np.nan, rank)

    def distances(self, row: FloatArray) -> FloatArray:
        """(entities,) weighted mean difference of ranks, 0..1, to one row (features,).

        Unknown against known is 1, unknown against unknown 0.
        """
        return self.apart(self.ranks(row[None, :])[0])

    def apart(self, ranks: FloatArray) -> FloatArray:
        """The same from the ranks of a row (features,)."""
        whole = float(self.weights.sum())
        return _apart(self._ranks, ranks) @ (self.weights / (whole or 1.0))

    @cached_property
    def usual(self) -> float:
        """Distance to the nearest other entity that 99 % of the entities stay within."""
        if self.matrix.shape[0] < 2:  # noqa: PLR2004 - nobody else is there
            return 0.0
        nearest = [np.partition(self.apart(ranks), 1)[1] for ranks in self._ranks]
        return float(np.quantile(nearest, _USUAL))

    @cached_property
    def quartile_distances(self) -> FloatArray:
        """(features,) between the quartiles of the values that are known; 0 where none is."""
        ends = [np.quantile(values, (0.25, 0.75)) for values in self.ascending if values.size]
        distances = np.zeros(len(self.ascending))
        distances[[values.size > 0 for values in self.ascending]] = [
            high - low for low, high in ends
        ]
        return distances

    @cached_property
    def ascending(self) -> list[FloatArray]:
        """Per feature: the values that are not NaN, ascending."""
        return [np.sort(column[~np.isnan(column)]) for column in self.matrix.T]

    @cached_property
    def _ranks(self) -> FloatArray:
        return self.ranks(self.matrix)


def _apart(ranks: FloatArray, others: FloatArray) -> FloatArray:
    gap = np.abs(ranks - others)
    both_unknown = np.isnan(ranks) & np.isnan(others)
    return np.where(both_unknown, 0.0, np.where(np.isnan(gap), 1.0, gap))
