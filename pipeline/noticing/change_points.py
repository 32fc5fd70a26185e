"""Where a series changes its level: series in, change points out, each with its p and its size.

Between changes a value resembles the one before it: `y(t) = level + r (y(t-1) - level) + noise`.
At r = 0 that is a level with noise, at r = 1 a walk with a slope, and a change is one of level or
of slope. For each r of a grid the exact optimal partition is found (Jackson et al. 2005) on what a
value adds to its predecessor, whose first value in each stretch is free (Chakar et al. 2017); the
r with the lowest information criterion is kept, so a wandering series is no staircase. Each change
is then tested against chance, the weakest first, with every position where it could have been
found counted as a comparison: what stays has p <= `alpha`. Real series are rougher than any law,
so `alpha` is small: docs/decisions/0119-change-points.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.f_tail import f_tail

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    Starts: TypeAlias = NDArray[np.int64]

RESEMBLANCES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Grid of r."""
PRICE = 3.0
"""Price of a change in units of noise x log(length): two values and a position each."""
_CAUTION = 4.0
"""The same where one r is preferred to another: one more than the price, so that a walk that went
up is rather called a walk than a staircase."""
_MIDDLE = 0.6745
"""Median of the absolute value of a standard normal."""
_TAIL = 0.1
"""Part of the mean square that counts as noise where a few steps are far wider than most."""


@dataclass(frozen=True)
class ChangePoint:
    """One change of level."""

    position: int
    """Index of the first value of the new level."""
    p: float
    before: float
    after: float

    @property
    def size(self) -> float:
        """By how much the level changes."""
        return self.after - self.before


@dataclass(frozen=True)
class _Series:
    """Sums up to each index, so that the error of any stretch is one subtraction."""

    weight: FloatArray
    total: FloatArray
    square: FloatArray
    noise: float
    """Variance of a value of weight 1, from differences of neighbours."""

    @classmethod
    def of(cls, values: FloatArray, weights: FloatArray, resemblance: float) -> _Series:
        """What each value adds to its predecessor; index 0 adds nothing that could be judged."""
        added = values.copy()
        added[1:] -= resemblance * values[:-1]
        own = added[1:] if resemblance > 0.0 else added
        mass = weights[1:] if resemblance > 0.0 else weights
        steps = np.diff(own) / np.sqrt(1.0 / mass[1:] + 1.0 / mass[:-1])
        middle = float(np.median(np.abs(steps))) / _MIDDLE
        noise = max(middle**2, _TAIL * float(np.mean(steps**2)))
        sums = [np.cumsum(one) for one in (weights, weights * added, weights * added**2)]
        weight, total, square = (np.concatenate([[0.0], one]) for one in sums)
        return cls(weight, total, square, max(noise, 1e-300))

    def error(self, start: Starts, end: int) -> FloatArray:
        """Squared error of the stretches `start .. end - 1` around their means."""
        weight = self.weight[end] - self.weight[start]
        total = self.total[end] - self.total[start]
        square = self.square[end] - self.square[start]
        error: FloatArray = np.maximum(square - total**2 / np.maximum(weight, 1e-300), 0.0)
        return error


def change_points(
    values: FloatArray,
    weights: FloatArray | None = None,
    *,
    alpha: float = 1e-6,
    least: int = 3,
) -> list[ChangePoint]:
    """The changes of level of `values` (n,), first to last.

    `weights` (n,) are the inverse variances of the values up to a factor, 1 if not given: the
    orders behind a rate. No stretch is shorter than `least`; every change kept has p <= `alpha`
    after all its possible positions were counted.
    """
    if values.size < 2 * least or not np.ptp(values) > 0.0:
        return []
    own = np.ones(values.size) if weights is None else np.asarray(weights, dtype=np.float64)
    scaled = (values - values.mean()) / np.std(values)
    ways = [_described(scaled, own / own.mean(), r, least) for r in RESEMBLANCES]
    best = min(ways, key=lambda way: way.criterion)
    kept = _tested(best, alpha)
    ends = [*(position for position, _ in kept), values.size]
    means = [
        float(np.average(values[a:b], weights=own[a:b]))
        for a, b in zip([0, *ends], ends, strict=False)
    ]
    return [
        ChangePoint(position, p, means[k], means[k + 1]) for k, (position, p) in enumerate(kept)
    ]


@dataclass(frozen=True)
class _Way:
    """The best partition at one resemblance."""

    series: _Series
    bounds: list[int]
    skip: int
    """First values of a stretch that are free."""
    criterion: float


def _described(values: FloatArray, weights: FloatArray, resemblance: float, least: int) -> _Way:
    series = _Series.of(values, weights, resemblance)
    skip = 1 if resemblance > 0.0 else 0
    bounds = _partition(series, least, skip)
    error = sum(float(series.error(np.array([a + skip]), b)[0]) for a, b in pairwise(bounds))
    size = values.size
    free = _CAUTION * (len(bounds) - 2) + (resemblance > 0.0)
    scale = max(error / size, series.noise * 0.01, 1e-12)
    return _Way(series, bounds, skip, size * float(np.log(scale)) + free * float(np.log(size)))


def _partition(series: _Series, least: int, skip: int) -> list[int]:
    """Bounds of the cheapest partition, with 0 and the length."""
    size = series.weight.size - 1
    price = PRICE * series.noise * float(np.log(size))
    cost = np.full(size + 1, np.inf)
    cost[0] = -price
    came_from = np.zeros(size + 1, dtype=np.int64)
    for end in range(least, size + 1):
        starts = np.arange(0, end - least + 1)
        ways = cost[starts] + series.error(starts + skip, end) + price
        best = int(np.argmin(ways))
        cost[end], came_from[end] = ways[best], best
    bounds = [size]
    while bounds[0] > 0:
        bounds.insert(0, int(came_from[bounds[0]]))
    return bounds


def _tested(way: _Way, alpha: float) -> list[tuple[int, float]]:
    """Positions with their p, after the weakest ones over `alpha` were given up."""
    bounds = list(way.bounds)
    while bounds[1:-1]:
        tests = [_p(way, *bounds[k : k + 3]) for k in range(len(bounds) - 2)]
        weakest = int(np.argmax(tests))
        if tests[weakest] <= alpha:
            return list(zip(bounds[1:-1], tests, strict=True))
        del bounds[weakest + 1]
    return []


def _p(way: _Way, start: int, middle: int, end: int) -> float:
    """F test of one stretch against two, times the positions at which it could be cut."""
    series, skip = way.series, way.skip
    one, two, both = (
        float(series.error(np.array([a + skip]), b)[0])
        for a, b in ((start, middle), (middle, end), (start, end))
    )
    free = 1 + skip
    left = max(end - start - 2 - 2 * skip, 1)
    noise = max((one + two) / left, series.noise)
    return min(f_tail(free, left, max(both - one - two, 0.0) / free / noise) * left, 1.0)
