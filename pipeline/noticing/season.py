"""How far a day of the week or a day of the calendar usually stands above or below its weeks.

A factor a day and market, fitted to the market as a whole: slices of a few orders a day could not
say it themselves. Campaigns that come again (paydays, offers to newcomers) share one factor by the
words of their title, so the second one surprises nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.panel import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pipeline.noticing.panel import FloatArray, Panel

_LEVEL_DAYS = 29
"""Days of the moving level around a day: four weeks, so that every weekday weighs the same."""
_RIDGE = 0.3
"""How far a factor may stand from one before the data has to insist (prior deviation)."""
_HUBER = 2.0
"""Deviations from which a day pulls no harder."""
_PASSES = 3
_BOUNDS = (0.2, 5.0)


@dataclass(frozen=True)
class PlannedEvent:
    """A campaign or holiday of the calendar; `market` None means every one."""

    title: str
    market: str | None
    first_day: date
    last_day: date

    @property
    def series(self) -> str:
        """What repeats in its title: the words without numbers and without the market."""
        words = re.sub(r"\d+", "", self.title)
        return " ".join(word for word in words.split() if word != self.market)


def season(panel: Panel, planned: Iterable[PlannedEvent]) -> FloatArray:
    """(rows, days) factors of one metric: what a day has over its weeks, by the calendar alone."""
    events, roots = list(planned), {}
    markets = [own[0][1] for own in panel.slices if len(own) == 1 and own[0][0] == "market"]
    sums = []
    for market in markets:
        row = panel.rows[0, (("market", market),)]
        roots[market] = _factors(panel, row, _regressors(panel.days, events, market))
        sums.append(float(panel.numerator[row].sum()))
    whole = _factors(panel, panel.rows[0, WHOLE], _regressors(panel.days, events, None))
    if sum(sums) > 0.0:
        weights = np.array(sums) / sum(sums)
        whole = np.tensordot(weights, np.array([roots[m] for m in markets]), axes=1)
    return np.array([roots.get(dict(own).get("market", ""), whole) for own in panel.slices])


def _regressors(
    days: Sequence[date], events: Iterable[PlannedEvent], market: str | None
) -> FloatArray:
    """(days, columns): six weekdays, and a column a series of events that comes more than once."""
    weekdays = [[float(day.weekday() == one) for day in days] for one in range(6)]
    series: dict[str, list[PlannedEvent]] = {}
    for event in events:
        if event.market in (None, market) and event.first_day <= days[-1]:
            series.setdefault(event.series, []).append(event)
    again = [own for own in series.values() if len(own) > 1]
    columns = [
        [float(any(one.first_day <= day <= one.last_day for one in own)) for day in days]
        for own in again
    ]
    return np.array(weekdays + columns).T


def _factors(panel: Panel, row: int, regressors: FloatArray) -> FloatArray:
    """(days,) factors of one row by weighted ridge regression, extreme days held back."""
    usable = panel.usable[row]
    counted = np.where(usable, panel.numerator[row], 0.0)
    exposed = np.where(usable, panel.exposure[row], 0.0)
    design = regressors - regressors[usable].mean(axis=0) if usable.any() else regressors
    factor = np.ones(len(panel.days))
    pull = np.ones(len(panel.days))
    for _ in range(_PASSES):
        level = _moving(counted * pull) / np.maximum(_moving(exposed * factor * pull), 1e-12)
        mean = level * exposed
        seen = usable & (mean > 0.0)
        if seen.sum() < 2 * design.shape[1]:
            return np.ones(len(panel.days))
        ratio = np.where(seen, counted / np.maximum(mean, 1e-12), 1.0)
        dispersion = np.median((ratio[seen] - factor[seen]) ** 2 * mean[seen]) / 0.455
        weight = np.where(seen, pull * mean / max(float(dispersion), 1e-12), 0.0)
        normal = (design.T * weight) @ design + np.eye(design.shape[1]) / _RIDGE**2
        beta = np.linalg.solve(normal, design.T @ (weight * (ratio - 1.0)))
        factor = np.clip(1.0 + design @ beta, *_BOUNDS)
        deviation = np.abs(ratio - factor) * np.sqrt(mean / max(float(dispersion), 1e-12))
        pull = np.minimum(1.0, _HUBER / np.maximum(deviation, 1e-12))
    return factor


def _moving(values: FloatArray) -> FloatArray:
    """Sums over the days around each."""
    sums = np.convolve(values, np.ones(_LEVEL_DAYS))
    first = (_LEVEL_DAYS - 1) // 2
    return np.asarray(sums[first : first + values.size])


def days_of(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
