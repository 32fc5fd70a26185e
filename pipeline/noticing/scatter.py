"""How widely sums over some days scatter around what was to be expected, as the data show it.

Fitted to the middle two thirds of the deviations of all slices and days, which a few attacks do
not move (an empirical null: Efron 2004). A law of two parts: what comes with every count, and what
grows with the level, because a marketplace drifts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.baseline import Scatter

if TYPE_CHECKING:
    from pipeline.noticing.baseline import Baseline
    from pipeline.noticing.panel import BoolArray, FloatArray

_LEAST_MEAN = 5.0
"""Expected counts under this scatter by their smallness and say nothing of dispersion."""
_LEAST_SEEN = 30
"""Sums of days from which a scatter is fitted."""
_OWN_DAYS = 40
"""Days for which the scatter of all counts in that of one slice."""
_LEAST_OWN = 5
"""Sums of one slice from which its own scatter is asked."""
_LEAST_WIDTH = 1.0
"""Variance that a row has at least, over the law's."""
_ENDS = (0.16, 0.84)
"""Ends of the middle two thirds, two standard deviations apart."""
_GROUPS, _GROUP = 12, 60
"""Groups of slices and days of alike size, and how many make one."""


def scatter_of(baseline: Baseline, width: int) -> Scatter:
    """The scatter of sums over `width` days of each row, fitted metric by metric."""
    panel = baseline.panel
    ends = range(baseline.least_days + width, len(panel.days), width)
    every = [baseline.expected(end, width) for end in ends]
    if not every:
        return Scatter(baseline.unit.copy(), np.zeros(len(panel.slices)))
    mean = np.array([now.mean for now in every])
    spread = np.array([now.spread for now in every])
    actual = np.array([now.actual for now in every])
    seen = np.array([now.is_known for now in every]) & (mean > _LEAST_MEAN * baseline.unit)
    deviation = (actual - mean) / np.sqrt(np.maximum(mean * spread, 1e-12))
    dispersion, drift = baseline.unit.copy(), np.zeros(len(panel.slices))
    for metric in range(len(panel.about)):
        own = panel.metric == metric
        if seen[:, own].sum() >= _LEAST_SEEN:
            law = _law(mean[:, own], deviation[:, own], seen[:, own])
            dispersion[own], drift[own] = law
    usual = dispersion + drift**2 * mean / np.maximum(spread, 1e-12)
    wider = np.sqrt(_own(deviation / np.sqrt(usual), seen, width))
    return Scatter(dispersion * wider**2, drift * wider)


def _law(mean: FloatArray, deviation: FloatArray, seen: BoolArray) -> tuple[float, float]:
    """Dispersion and drift of one metric, from groups of alike size."""
    order = np.argsort(mean[seen])
    groups = np.array_split(order, max(1, min(_GROUPS, order.size // _GROUP)))
    middles = np.array([np.median(mean[seen][own]) for own in groups])
    return _fitted(middles, np.array([_width(deviation[seen][own]) for own in groups]))


def _own(relative: FloatArray, seen: BoolArray, width: int) -> FloatArray:
    """(rows,) variance of each row over the law's, drawn to it: a room that sells in bursts.

    By the narrower side of the middle: what stays for weeks after a step widens one side only.
    """
    count = seen.sum(axis=0)
    ordered = np.sort(np.where(seen, relative, np.inf).T).T
    places = [np.floor(q * np.maximum(count - 1, 0)).astype(np.int64) for q in (*_ENDS, 0.5)]
    low, high, middle = (np.take_along_axis(ordered, one[None, :], axis=0)[0] for one in places)
    wide, own = np.ones(count.size), count >= _LEAST_OWN
    wide[own] = np.minimum(high[own] - middle[own], middle[own] - low[own]) ** 2
    days = width * count
    drawn: FloatArray = np.maximum((_OWN_DAYS + days * wide) / (_OWN_DAYS + days), _LEAST_WIDTH)
    return drawn


def _width(deviations: FloatArray) -> float:
    """Variance by the middle two thirds."""
    low, high = np.quantile(deviations, _ENDS)
    return float((high - low) / 2.0) ** 2


def _fitted(mean: FloatArray, spread: FloatArray) -> tuple[float, float]:
    """Least squares of spread = dispersion + drift^2 x mean in relative terms, neither negative."""
    weight = 1.0 / np.maximum(spread, 1e-9)
    design = np.stack([weight, mean * weight], axis=1)
    (dispersion, drift), *_ = np.linalg.lstsq(design, np.ones(mean.size), rcond=None)
    if drift < 0.0:
        dispersion, drift = float(np.mean(spread)), 0.0
    if dispersion <= 0.0:
        dispersion, drift = float(np.min(spread)), max(float(drift), 0.0)
    return max(float(dispersion), 1e-9), float(np.sqrt(drift))
