"""What was to be expected of each slice in the days up to one, from the weeks before them.

The level is the pooled value of four weeks that end before the days in question; days in which
something stood apart do not count into it, so that an attack of two weeks does not become what is
usual, and its end no alarm of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.panel import MOST_DIMENSIONS

if TYPE_CHECKING:
    from pipeline.noticing.panel import BoolArray, FloatArray, IntArray, Panel

PRIOR_COUNT = 2.0
"""Rows of the slice around it that count into the level of each slice of a ratio."""
_LEAST_EXPOSURE = 10.0
"""Of the days and of those behind their level: a ratio to less than this is no ratio."""


@dataclass(frozen=True)
class Expected:
    """The last `width` days up to one day, of every row: arrays (rows,)."""

    actual: FloatArray
    mean: FloatArray
    level: FloatArray
    """Mean per unit of exposure, season apart."""
    spread: FloatArray
    """Variance over mean if rows came one by one: the days' own and the level's uncertainty."""
    count: FloatArray
    """Rows behind the days, or those that were to be expected where they are more."""
    is_known: BoolArray


@dataclass(frozen=True)
class Scatter:
    """Variance of a count: `dispersion` x mean + (`drift` x mean)^2, arrays (rows,)."""

    dispersion: FloatArray
    drift: FloatArray

    def of(self, mean: FloatArray, spread: FloatArray, rows: IntArray) -> FloatArray:
        """Variance over mean, of the rows `rows`."""
        law = self.dispersion[rows] * spread + self.drift[rows] ** 2 * mean
        variance: FloatArray = np.maximum(law, 1e-9)
        return variance


class Baseline:
    """The levels of one panel, day by day, while days are taken out of them."""

    def __init__(self, panel: Panel, factors: FloatArray, level_days: int, least_days: int) -> None:
        """`factors` (rows, days) are the season's; a level needs `least_days` days."""
        self.panel, self.level_days, self.least_days = panel, level_days, least_days
        self.weighted = panel.exposure * factors
        self.is_usual = panel.usable.copy()
        self.unit = _units(panel)
        """(rows,) how much one record is: 1, or the dollars of an order."""
        depth = np.array([len(own) for own in panel.slices])
        outer = np.where(
            depth == MOST_DIMENSIONS, panel.rows_without(1, 2), panel.rows_without(0, 1)
        )
        self._inner = [np.flatnonzero(panel.is_ratio & (depth == d) & (outer >= 0)) for d in (1, 2)]
        self._outer = outer
        everything = (panel.numerator, self.weighted, panel.count, panel.usable)
        # (days + 1, 4, rows): what is asked is one day of every row, side by side in memory
        self._now = np.stack([_sums(one).T for one in everything], axis=1)
        self._usual = np.zeros_like(self._now)
        self._sum_up(np.arange(len(panel.slices)))

    def set_usual(self, rows: IntArray, days: slice, *, is_usual: bool) -> None:
        """Whether some days of some rows count into their levels."""
        self.is_usual[rows, days] = self.panel.usable[rows, days] & is_usual
        self._sum_up(rows)

    def expected(self, end: int, width: int) -> Expected:
        """Of the days `end - width + 1 .. end` (columns)."""
        start = end - width + 1
        since = max(0, start - self.level_days)
        behind, weighed, rows_behind, days = self._usual[start] - self._usual[since]
        actual, now, rows, usable = self._now[end + 1] - self._now[start]
        level = self._drawn(behind, weighed)
        mean = level * now
        share = np.where(self.panel.is_ratio, np.clip(level, 0.0, 0.99), 0.0)
        usual_rows = rows_behind / np.maximum(days, 1.0) * width
        prior = PRIOR_COUNT * self.unit
        divides = np.minimum(now, weighed) >= _LEAST_EXPOSURE
        return Expected(
            actual,
            mean,
            level,
            (1.0 - share) * (1.0 + mean / np.maximum(behind + prior, 1e-12)),
            np.where(self.panel.is_ratio, rows, np.maximum(rows, usual_rows)),
            (usable >= width) & (days >= self.least_days) & (divides | ~self.panel.is_ratio),
        )

    def mean_of(self, row: int, level: float, days: slice) -> FloatArray:
        """(days,) what a level makes of each day."""
        return level * self.weighted[row, days]

    def _drawn(self, behind: FloatArray, weighed: FloatArray) -> FloatArray:
        """The level of each slice, drawn to that of the slice around it by `PRIOR_COUNT`.

        Four quiet weeks of a small slice do not say that there is never one.
        """
        level: FloatArray = behind / np.maximum(weighed, 1e-12)
        for own in self._inner:
            around = np.maximum(level[self._outer[own]], 1e-12)
            prior = PRIOR_COUNT * self.unit[own]
            level[own] = (behind[own] + prior) / (weighed[own] + prior / around)
        return level

    def _sum_up(self, rows: IntArray) -> None:
        usual = self.is_usual[rows]
        every = (self.panel.numerator, self.weighted, self.panel.count)
        for place, one in enumerate(every):
            self._usual[:, place, rows] = _sums(one[rows] * usual).T
        self._usual[:, 3, rows] = _sums(usual).T


def _units(panel: Panel) -> FloatArray:
    """Of what adds up its mean by record; of a ratio the mean of its denominator by record."""
    whole = panel.whole
    sums = np.where(panel.is_ratio[:, None], panel.exposure[whole], panel.numerator[whole])
    units = sums.sum(axis=1) / np.maximum(panel.count[whole].sum(axis=1), 1e-12)
    each: FloatArray = np.maximum(units, 1e-12)
    return each


def _sums(values: FloatArray | BoolArray) -> FloatArray:
    """Sums of each row up to each column, from none."""
    summed = np.cumsum(values, axis=1, dtype=np.float64)
    return np.concatenate([np.zeros((summed.shape[0], 1)), summed], axis=1)
