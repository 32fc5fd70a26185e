"""From comparisons that stand apart to movements: one row for what happened, in one slice.

An attack in one market moves the market, the whole, and every category of the market a little;
its days are seen by windows of several lengths. Of all that, the slice that stands out most is
named; what it explains of the others is taken off them, and they are named only where enough
remains. So a slice is named when it says more than the one around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from pipeline.evaluation.false_discovery import false_discovery_rates
from pipeline.noticing.extent import connected, extent
from pipeline.noticing.panel import holds, may_share
from pipeline.noticing.significance import interval, p_values, sigmas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import TypeAlias

    from pipeline.noticing.baseline import Baseline
    from pipeline.noticing.panel import About, Panel, Slice
    from pipeline.noticing.scan import Comparison, Scan
    from pipeline.settings.noticing import NoticingSettings

    Where: TypeAlias = tuple[int, int, int]

OUTSIDE = 0.05
"""Share of usual values outside the interval that is shown."""
_SPIKE_DAYS = 3
"""Longest spike; what lasts longer is a shift."""


@dataclass(frozen=True)
class Movement:
    """One metric in one slice over some days."""

    metric: str
    kind: str
    """spike, shift or leading"""
    slice: Slice
    first_day: date
    last_day: date
    noticed_on: date
    """The first day whose evening shows it, the maturity of its metric included."""
    n: float
    actual: float
    expected: float
    low: float
    high: float
    p: float
    q: float
    direction: str

    @property
    def change(self) -> float | None:
        """Relative to what was expected; None where that was nothing."""
        return self.actual / self.expected - 1.0 if self.expected > 0.0 else None

    @property
    def sigma(self) -> float:
        """How far it stands out."""
        return float(sigmas(np.array([self.p]))[0])


def movements(scan: Scan, settings: NoticingSettings) -> list[Movement]:
    """All movements of all metrics, the one that stands out most first."""
    rates, panel = discoveries(scan, settings), scan.baseline.panel
    hits = [one for one in scan.comparisons if rates.get(_where(one), 1.0) <= settings.q]

    def side(one: Comparison) -> tuple[int, bool]:
        return int(panel.metric[one.row]), one.rises

    moved: list[Movement] = []
    for _, hit in groupby(sorted(hits, key=side), key=side):
        moved += _named(scan, list(hit), rates, settings)
    follows = {about.metric: about.follows for about in panel.about}
    own = [one for one in moved if not _follows(one, moved, follows[one.metric])]
    return sorted(own, key=lambda one: (-one.sigma, one.metric, one.first_day, one.slice))


def _follows(one: Movement, moved: Sequence[Movement], leaders: Sequence[str]) -> bool:
    """Whether what a metric is made of moved there and then, in the same direction."""
    return any(
        other.metric in leaders
        and (other.actual > other.expected) == (one.actual > one.expected)
        and other.first_day <= one.last_day
        and other.last_day >= one.first_day
        and may_share(one.slice, other.slice)
        for other in moved
    )


def discoveries(scan: Scan, settings: NoticingSettings) -> dict[Where, float]:
    """The q of each comparison among all that are made on one evening, of every metric.

    Those that matter: enough of a change, and enough of the whole.
    """
    panel = scan.baseline.panel
    asked: dict[date, float] = {}
    for row, own in zip(panel.about, scan.asked, strict=True):
        for day, count in zip(panel.days, own, strict=True):
            seen = day + timedelta(days=row.maturity_days)
            asked[seen] = asked.get(seen, 0.0) + float(count)
    pooled = sorted(scan.comparisons, key=lambda one: _evening(panel, one))
    rates: dict[Where, float] = {}
    for day, group in groupby(pooled, key=lambda one: _evening(panel, one)):
        hits = list(group)
        q = false_discovery_rates(np.array([one.p for one in hits]), round(asked[day]))
        rates |= {
            _where(one): float(rate)
            for one, rate in zip(hits, q, strict=True)
            if _matters(one, one.mean, settings)
        }
    return rates


def _evening(panel: Panel, one: Comparison) -> date:
    """The day whose evening shows it."""
    return panel.days[one.end] + timedelta(days=_about(panel, one).maturity_days)


def _about(panel: Panel, one: Comparison) -> About:
    return panel.about[int(panel.metric[one.row])]


def _where(one: Comparison) -> Where:
    return one.row, one.end, one.width


def _matters(one: Comparison, usual: float, settings: NoticingSettings) -> bool:
    """Whether a difference is large enough beside what is usual of it, and of everything."""
    return (
        abs(one.actual - one.mean) >= settings.least_change * usual
        and one.share * np.sqrt(one.width) >= settings.least_share
        and one.records >= settings.least_difference
    )


def _named(
    own: Scan, hits: list[Comparison], rates: dict[Where, float], settings: NoticingSettings
) -> list[Movement]:
    """The movements of one metric in one direction, what is explained taken off the rest."""
    moved, left = [], sorted(hits, key=_prominence)
    while left:
        group = connected(left[0], [one for one in left if one.row == left[0].row])
        moved.append(_movement(own, group, rates, settings))
        members = {id(one) for one in group}
        rest = [one for one in left if id(one) not in members]
        left = sorted(_unexplained(own.baseline, group, rest, settings), key=_prominence)
    return moved


def _prominence(one: Comparison) -> tuple[float, float, int, int]:
    return one.p, -abs(one.actual - one.mean), one.row, one.end


def _unexplained(
    baseline: Baseline,
    group: Sequence[Comparison],
    others: Sequence[Comparison],
    settings: NoticingSettings,
) -> list[Comparison]:
    """Comparisons less what the movement of `group` explains of them, where enough is left."""
    mine = baseline.panel.slices[group[0].row]
    first, last = min(one.start for one in group), max(one.end for one in group)
    apart, rests = [], []
    for one in others:
        theirs = baseline.panel.slices[one.row]
        if one.end < first or one.start > last or not may_share(mine, theirs):
            apart.append(one)
        elif (rest := _rest(baseline, group[0], one, settings)) is not None:
            rests.append(rest)
    if not rests:
        return apart
    actual, mean, dispersion = np.array([(one.actual, one.mean, one.dispersion) for one in rests]).T
    every = zip(rests, p_values(actual, mean, dispersion).tolist(), strict=True)
    return apart + [replace(one, p=max(p, one.p)) for one, p in every if p < settings.unusual_p]


def _rest(
    baseline: Baseline, named: Comparison, other: Comparison, settings: NoticingSettings
) -> Comparison | None:
    """What the slice that is named leaves of a comparison; None when that does not matter."""
    rest = _without(baseline, named, other)
    part = abs(rest.actual - rest.mean) / abs(other.actual - other.mean)
    rest = replace(rest, share=other.share * part, records=other.records * part)
    matters = rest.rises == other.rises and _matters(rest, other.mean, settings)
    return rest if matters else None


def _without(baseline: Baseline, named: Comparison, other: Comparison) -> Comparison:
    """Part of the one named: taken off. Around it: held to its pace. Across: taken off at most."""
    panel, days = baseline.panel, slice(other.start, other.end + 1)
    mine, theirs = panel.slices[named.row], panel.slices[other.row]
    mean = float(baseline.mean_of(named.row, named.level, days).sum())
    excess = float(panel.numerator[named.row, days].sum()) - mean
    if holds(theirs, mine):
        return replace(other, mean=other.mean * max(mean + excess, 0.0) / max(mean, 1e-12))
    own = other.actual - other.mean
    explained = excess if holds(mine, theirs) else np.sign(own) * min(abs(excess), abs(own))
    return replace(other, actual=max(other.actual - float(explained), 0.0))


def _movement(
    own: Scan, group: Sequence[Comparison], rates: dict[Where, float], settings: NoticingSettings
) -> Movement:
    baseline, panel, best = own.baseline, own.baseline.panel, group[0]
    about = _about(panel, best)
    span = min(one.start for one in group), max(one.end for one in group)
    first, last = extent(baseline, best, span)
    if about.is_ratio and not panel.exposure[best.row, first : last + 1].any():
        first, last = best.start, best.end
    seen = [one for one in group if one.start <= first <= one.end] or [best]
    days = slice(first, last + 1)
    mean = np.array([baseline.mean_of(best.row, best.level, days).sum()])
    row = np.array([best.row])
    width = max((w for w in settings.widths if w <= last - first + 1), default=settings.widths[0])
    spread = baseline.expected(first, 1).spread[row]
    low, high = interval(mean, own.scatter[width].of(mean, spread, row), OUTSIDE)
    unit = float(panel.exposure[best.row, days].sum()) if about.is_ratio else 1.0
    return Movement(
        metric=about.metric,
        kind=_kind(about, last - first + 1),
        slice=panel.slices[best.row],
        first_day=panel.days[first],
        last_day=panel.days[last],
        noticed_on=_evening(panel, min(seen, key=lambda one: one.end)),
        n=float(panel.count[best.row, days].sum()),
        actual=float(panel.numerator[best.row, days].sum()) / unit,
        expected=float(mean[0]) / unit,
        low=float(low[0]) / unit,
        high=float(high[0]) / unit,
        p=min(one.p for one in group),
        q=min(rates.get(_where(one), settings.q) for one in group),
        direction=_direction(about.good, rises=best.rises),
    )


def _kind(about: About, length: int) -> str:
    if about.is_leading:
        return "leading"
    return "spike" if length <= _SPIKE_DAYS else "shift"


def _direction(good: str, *, rises: bool) -> str:
    if good == "none":
        return "none"
    return "good" if (good == "up") == rises else "bad"
