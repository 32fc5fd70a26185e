"""Every slice of a metric against its own past and against its surroundings, day by day.

Each day asks of each slice whether the last day, week or fortnight stands apart from what was to
be expected of it (`pipeline.noticing.baseline`) *and* from what the rest of the marketplace did
meanwhile: a slice that moves as everything moves says nothing, and one whose neighbours moved has
not moved itself. The larger p of the questions counts (intersection-union test, Berger 1982).
Only days up to the asked one are read, so the day on which something is noticed is honest; the
season and the scatter, two nuisance parameters, are fitted to the whole period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.baseline import Baseline
from pipeline.noticing.scatter import scatter_of
from pipeline.noticing.significance import p_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.noticing.baseline import Expected, Scatter
    from pipeline.noticing.panel import BoolArray, FloatArray, IntArray, Panel
    from pipeline.settings.noticing import NoticingSettings

_WORTH_ASKING = 2.0
"""Deviations under which the tail is not worked out: its p is over a hundredth."""


@dataclass(frozen=True)
class Comparison:
    """One slice whose days up to `end` stand apart; row and end are those of its panel."""

    row: int
    end: int
    width: int
    actual: float
    mean: float
    level: float
    dispersion: float
    share: float
    """Of the difference in what was to be expected of the whole marketplace."""
    records: float
    """That the difference amounts to."""
    p: float

    @property
    def start(self) -> int:
        """Its first day."""
        return self.end - self.width + 1

    @property
    def rises(self) -> bool:
        """Whether there was more than was to be expected."""
        return self.actual > self.mean


@dataclass(frozen=True)
class Scan:
    """What a panel had to say."""

    comparisons: tuple[Comparison, ...]
    """Those under the reporting limit of p."""
    asked: FloatArray
    """(metrics, days) how many comparisons were made."""
    scatter: dict[int, Scatter]
    """By width of the days compared."""
    baseline: Baseline
    """As it stands at the end, without the days that stood apart."""


def scan(panel: Panel, factors: FloatArray, settings: NoticingSettings) -> Scan:
    """Compare every row on every day; `factors` (rows, days) are the season's."""
    fresh = Baseline(panel, factors, settings.level_days, settings.least_level_days)
    scatter = {width: scatter_of(fresh, width) for width in settings.widths}
    least = np.array([one.least_rows for one in panel.about])[panel.metric]
    marks = _Marks(fresh, settings)
    parents = (panel.rows_without(1, 2), panel.rows_without(0, 1), panel.rows_without(0, 2))
    hits: list[Comparison] = []
    asked = np.zeros((len(panel.about), len(panel.days)))
    for end in range(settings.least_level_days, len(panel.days)):
        for width in settings.widths:
            if width > end:
                continue
            now = fresh.expected(end, width)
            is_asked = now.is_known & (now.count >= least)
            asked[:, end] += np.bincount(panel.metric[is_asked], minlength=len(panel.about))
            p = _p_of(now, scatter[width], parents, is_asked)
            hits += _comparisons(fresh, now, scatter[width], (end, width), p, settings.reported_p)
            marks.mark(np.flatnonzero(p < settings.unusual_p), end, width)
        marks.close(end)
    return Scan(tuple(hits), asked, scatter, fresh)


class _Marks:
    """Which days count as usual no longer, and when what stays becomes the new level."""

    def __init__(self, baseline: Baseline, settings: NoticingSettings) -> None:
        self.baseline, self.settings = baseline, settings
        self.since = np.full(len(baseline.panel.slices), -1)
        self.last = np.full(len(baseline.panel.slices), -1)

    def mark(self, rows: IntArray, end: int, width: int) -> None:
        """The days of rows that stand apart; after `accepted_days` they are the level."""
        if not rows.size:
            return
        start = end - width + 1
        self.since[rows] = np.where(self.since[rows] < 0, start, self.since[rows])
        self.last[rows] = end
        stays = end - self.since[rows] >= self.settings.accepted_days
        self.baseline.set_usual(rows[~stays], slice(start, end + 1), is_usual=False)
        for row in rows[stays]:
            own, since = np.array([row]), int(self.since[row])
            self.baseline.set_usual(own, slice(0, since), is_usual=False)
            self.baseline.set_usual(own, slice(since, end + 1), is_usual=True)
            self.since[row] = -1

    def close(self, end: int) -> None:
        """Forget when something began, a week after its last day."""
        self.since[self.last < end - 7] = -1


def _comparisons(
    baseline: Baseline,
    now: Expected,
    scatter: Scatter,
    days: tuple[int, int],
    p: FloatArray,
    most: float,
) -> list[Comparison]:
    """Those of all rows whose `p` (rows,) is under `most`; `days` are the end and the width."""
    at = np.flatnonzero(p < most)
    actual, mean = now.actual[at], now.mean[at]
    away = np.abs(actual - mean)
    whole = np.maximum(now.mean[baseline.panel.whole[at]], 1e-12)
    dispersion = scatter.of(mean, now.spread[at], at)
    values = (
        actual,
        mean,
        now.level[at],
        dispersion,
        away / whole,
        away / baseline.unit[at],
        p[at],
    )
    rows = zip(at.tolist(), *(one.tolist() for one in values), strict=True)
    return [Comparison(row, *days, *own) for row, *own in rows]


def _p_of(
    now: Expected, scatter: Scatter, parents: Sequence[IntArray], is_asked: BoolArray
) -> FloatArray:
    """(rows,) the larger p of both questions, 1 where nothing is asked."""
    p = np.ones(now.mean.size)
    at = np.flatnonzero(is_asked)
    dispersion = scatter.of(now.mean[at], now.spread[at], at)
    far = np.abs(now.actual[at] - now.mean[at]) > _WORTH_ASKING * np.sqrt(
        np.maximum(now.mean[at], 1e-12) * dispersion
    )
    at, dispersion = at[far], dispersion[far]
    p[at] = p_values(now.actual[at], now.mean[at], dispersion)
    for parent in parents:
        own = at[parent[at] >= 0]
        outer = parent[own]
        rest = np.maximum(now.mean[outer] - now.mean[own], 1e-9)
        seen = np.maximum(now.actual[outer] - now.actual[own], 0.0)
        pace = np.clip((seen + 1.0) / (rest + 1.0), 0.1, 10.0)
        mean = now.mean[own] * pace
        wider = now.spread[own] + mean / rest
        moved = p_values(now.actual[own], mean, scatter.of(mean, wider, own))
        turned = (now.actual[own] - mean) * (now.actual[own] - now.mean[own]) <= 0.0
        p[own] = np.maximum(p[own], np.where(turned, 1.0, moved))
    return p
