"""Since when a subject does more, or less, of something: change points of its daily numbers.

Daily numbers of one shop are few and come in bursts: a good live session is no new level. So counts
are taken by their roots, where their noise does not grow with them, days that stick out of the week
around them are cut back to where the others end, and what every shop of the market had on a day (a
payday, a holiday) is divided out first. A share is followed by its arc sine, each day weighed by
how many it is of. Then the exact partition of `change_points`. docs/decisions/0129-facts-first.md
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.noticing.change_points import ChangePoint, change_points

if TYPE_CHECKING:
    from pipeline.noticing.change_points import FloatArray

ALPHA = 1e-4
"""After all positions were counted; of shuffled days one series in four hundred has a change."""
LEAST_DAYS = 5
"""A level lasts longer than a burst."""
ENOUGH_DAYS = 28
"""Days with something to divide by, or days at all, under which nothing is said."""
LEAST_ACTIVE = 10
"""Days on which anything happened."""
_AROUND = 4
"""Days before and after that a day is held against."""
_WIDTH = 3.0
"""Standard deviations beyond which a day is cut back."""
_LEAST_NOISE = 0.35
"""Of the root of a count, which is 0.5 where counts come one by one."""
_SEASON = (0.3, 3.0)
"""No factor of the market is taken to be beyond these."""


def sum_changes(values: FloatArray, season: FloatArray | None = None) -> list[ChangePoint]:
    """Changes of the level of daily sums `values` (n,), each at least 0; positions are of days.

    `season` (n,) is what the whole market had on each day over its usual. `before` and `after`
    of a change are means a day. Empty where too little happened to speak of a level.
    """
    if values.size < ENOUGH_DAYS or np.count_nonzero(values) < LEAST_ACTIVE:
        return []
    unit = float(np.median(values[values > 0.0])) or 1.0
    factor = np.ones(values.size) if season is None else np.clip(season, *_SEASON)
    # Of money a usual day counts as one order, of counts each does.
    scale = 1.0 if np.all(values == np.round(values)) else unit
    roots = np.sqrt(np.maximum(values, 0.0) / factor / scale + 0.375)
    return _with_levels(change_points(_cut(roots), alpha=ALPHA, least=LEAST_DAYS), values, None)


def share_changes(numerator: FloatArray, denominator: FloatArray) -> list[ChangePoint]:
    """Changes of a daily share; positions are of days, also of those with nothing to divide by."""
    known = np.flatnonzero(denominator > 0.0)
    if known.size < ENOUGH_DAYS or np.count_nonzero(numerator[known]) < LEAST_ACTIVE:
        return []
    below = denominator[known]
    angles = np.arcsin(np.sqrt(np.clip(numerator[known] / below, 0.0, 1.0)))
    made = change_points(angles, below, alpha=ALPHA, least=LEAST_DAYS)
    placed = [ChangePoint(int(known[one.position]), one.p, 0.0, 0.0) for one in made]
    return _with_levels(placed, numerator, denominator)


def _cut(values: FloatArray) -> FloatArray:
    """Days that stick out of those around them, cut back to where the others end."""
    size = values.size
    middle = np.array(
        [np.median(values[max(0, at - _AROUND) : at + _AROUND + 1]) for at in range(size)]
    )
    rest = values - middle
    noise = max(1.4826 * float(np.median(np.abs(rest))), _LEAST_NOISE)
    cut: FloatArray = middle + np.clip(rest, -_WIDTH * noise, _WIDTH * noise)
    return cut


def _with_levels(
    changes: list[ChangePoint], top: FloatArray, below: FloatArray | None
) -> list[ChangePoint]:
    """The same with what the days themselves had, between one change and the next."""
    ends = [0, *(one.position for one in changes), top.size]
    whole = np.ones(top.size) if below is None else below
    levels = [float(top[a:b].sum() / max(whole[a:b].sum(), 1e-12)) for a, b in pairwise(ends)]
    return [
        ChangePoint(one.position, one.p, levels[at], levels[at + 1])
        for at, one in enumerate(changes)
    ]
