"""Which days one movement covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.noticing.baseline import Baseline
    from pipeline.noticing.scan import Comparison

_GAP_DAYS = 3
"""Quiet days after which the same slice moves anew."""


def connected(best: Comparison, own: Iterable[Comparison]) -> list[Comparison]:
    """`best` and those of its slice whose days touch or nearly touch, step by step."""
    first, last = best.start, best.end
    group, rest = [best], [one for one in own if one is not best]
    while True:
        is_near = [one.start <= last + _GAP_DAYS and one.end >= first - _GAP_DAYS for one in rest]
        near = [one for one, touches in zip(rest, is_near, strict=True) if touches]
        if not near:
            return group
        group += near
        rest = [one for one, touches in zip(rest, is_near, strict=True) if not touches]
        first = min(first, *(one.start for one in near))
        last = max(last, *(one.end for one in near))


def extent(baseline: Baseline, best: Comparison, span: tuple[int, int]) -> tuple[int, int]:
    """First and last day, within a span, that stand out most together.

    The stretch with the largest excess over its standard deviation, as a scan statistic has it:
    a week that was noticed for one day of it is that day.
    """
    days = slice(span[0], span[1] + 1)
    mean = baseline.mean_of(best.row, best.level, days)
    excess = (baseline.panel.numerator[best.row, days] - mean) * (1.0 if best.rises else -1.0)
    summed, means = (np.concatenate([[0.0], np.cumsum(one)]) for one in (excess, mean))
    start, end = np.triu_indices(mean.size + 1, 1)
    deviation = np.sqrt(np.maximum(means[end] - means[start], 1e-9))
    most = int(np.argmax((summed[end] - summed[start]) / deviation))
    return span[0] + int(start[most]), span[0] + int(end[most]) - 1
