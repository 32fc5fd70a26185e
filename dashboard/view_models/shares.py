"""Shares of few cases with their intervals, and how unlikely a difference of two shares is.

Written out, because the web process loads no statistics library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 10
"""Of fewer cases no share, interval or middle is shown: it would say who they were (assumption)."""
Z95 = NormalDist().inv_cdf(0.975)
_TIES = 1e-7
"""Tables as likely as the one that was seen, but for rounding."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole` cases with its 95 % interval, all 0..1; of nobody it is 0 of 0."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself; None of nobody."""
        return self.part / self.whole if self.whole else None

    @property
    def is_shown(self) -> bool:
        """Whether there are enough cases to say it."""
        return self.whole >= LEAST

    @property
    def said(self) -> str:
        """As in `12% (7 to 20)`; a dash where there are too few cases."""
        if not self.is_shown:
            return text.MISSING
        low, high = (f"{100.0 * end:.0f}" for end in (self.low, self.high))
        return f"{text.percent(self.value, digits=0)} ({low} to {high})"


def share(part: int, whole: int) -> Share:
    """A share with Wilson's score interval (Wilson 1927), which holds for few cases too."""
    if not whole:
        return Share(0, 0, 0.0, 1.0)
    rate, z2 = part / whole, Z95**2
    centre = (rate + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = Z95 * math.sqrt(rate * (1 - rate) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return Share(part, whole, max(centre - reach, 0.0), min(centre + reach, 1.0))


def chance(one: Share, other: Share) -> float:
    """Two-sided p of Fisher's exact test that both are shares of one and the same; 1 of nobody."""
    whole, bad = one.whole + other.whole, one.part + other.part
    if not one.whole or not other.whole:
        return 1.0
    first, last = max(0, bad - other.whole), min(bad, one.whole)
    logs = [
        _log_ways(one.whole, k) + _log_ways(other.whole, bad - k) for k in range(first, last + 1)
    ]
    whole_log = _log_ways(whole, bad)
    seen = logs[one.part - first] + _TIES
    return min(1.0, sum(math.exp(each - whole_log) for each in logs if each <= seen))


def _log_ways(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


@dataclass(frozen=True)
class Middle:
    """The median of `whole` numbers with its 95 % interval, and the ninth decile."""

    whole: int
    value: float
    low: float
    high: float
    p90: float

    @property
    def is_shown(self) -> bool:
        """Whether there are enough cases to say it."""
        return self.whole >= LEAST


def middle(values: Sequence[float]) -> Middle:
    """The median between two of the numbers themselves: no law is assumed of them.

    Hahn and Meeker 1991, 5.2, with the normal law in place of the binomial.
    """
    ordered = sorted(values)
    if not ordered:
        return Middle(0, 0.0, 0.0, 0.0, 0.0)
    count = len(ordered)
    reach = Z95 * math.sqrt(count) / 2.0
    low = max(math.floor(count / 2.0 - reach), 0)
    high = min(math.ceil(count / 2.0 + reach), count - 1)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2.0
    p90 = ordered[min(math.ceil(0.9 * count), count) - 1]
    return Middle(count, median, ordered[low], ordered[high], p90)
