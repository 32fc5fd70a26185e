"""What each announced change of one market did to its rates: a small event study.

The scan of all slices must be very sure, because it asks a thousand questions a day. An announced
change asks few: its market and its day are known before anything is looked at. So four weeks after
it are compared with four before, and with how the other markets went meanwhile (a difference in
differences of rates, in proportion), over orders in which no ring has a part. Days scatter as they
do, not as a binomial law says (clustered by day: Bertrand, Duflo and Mullainathan 2004), and a
market may part from the others as far as these part from each other.
docs/decisions/0125-announced-changes.md
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from scipy.stats import t as students_t

from pipeline.attribution.noise import Z
from pipeline.evaluation.false_discovery import false_discovery_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.settings.noticing import NoticingSettings

EVENT_STUDIES = {
    **dict.fromkeys(("event_id", "kind", "title", "market", "metric"), pl.String),
    **dict.fromkeys(("day", "since", "until"), pl.Date),
    **dict.fromkeys(("n_before", "n_after"), pl.Int64),
    **dict.fromkeys(("before", "after", "expected", "low", "high"), pl.Float64),
    **dict.fromkeys(("p_value", "q_value"), pl.Float64),
    "is_effect": pl.Boolean,
}
"""Columns of `noticing.event_studies`; `low` and `high` are the ends of what was expected."""
LASTING = ("policy", "release")
"""Kinds of events that begin something; the others are over when they end."""
_WEEK = 7
_MAD_TO_SIGMA = 1.4826
_OF_MEDIAN = np.pi / 2.0
"""Variance of a median over that of a mean."""


@dataclass(frozen=True)
class Announced:
    """A change of one market that lasts from a local day on."""

    event_id: str
    kind: str
    title: str
    market: str
    day: date


class _Rate(NamedTuple):
    """A rate over some days of one market."""

    value: float
    variance: float
    n: float
    days: int


class _Days(NamedTuple):
    """Days of one market, and the two counts of a rate on each.

    Arrays, because thousands of studies look at a few hundred days each: a filter of a frame costs
    more than all that is computed of its rows.
    """

    day: NDArray[np.datetime64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]

    @classmethod
    def by_market(cls, daily: pl.DataFrame) -> dict[str, _Days]:
        """Of each market; `daily` as `event_studies` has it."""
        return {
            str(market): cls(
                part["day"].to_numpy(),
                part["numerator"].to_numpy().astype(np.float64),
                part["denominator"].to_numpy().astype(np.float64),
            )
            for (market,), part in daily.partition_by("market", as_dict=True).items()
        }

    def where(self, chosen: NDArray[np.bool_]) -> _Days:
        """Those of them that are `chosen`."""
        return _Days(self.day[chosen], self.numerator[chosen], self.denominator[chosen])


class _Study(NamedTuple):
    event: Announced
    metric: str
    since: date
    until: date
    before: _Rate
    after: _Rate
    expected: float
    error: float
    freedom: int

    @property
    def p(self) -> float:
        """Two-sided, of an effect of nothing."""
        distance = abs(self.after.value - self.expected) / self.error
        return float(2.0 * students_t.sf(distance, self.freedom))


def event_studies(
    announced: Sequence[Announced],
    daily: Mapping[str, pl.DataFrame],
    settings: NoticingSettings,
) -> pl.DataFrame:
    """`EVENT_STUDIES` of every event and metric that can be compared, by event and metric.

    `daily` has by metric the rates of mature days as market, day, numerator, denominator. Of
    two changes of one market in the same weeks the one that fits a metric better has it, and the
    other is compared over the days on its own side.
    """
    by_market = {metric: _Days.by_market(frame) for metric, frame in daily.items()}
    asked = [(event, metric) for event in announced for metric in daily]
    studies = [
        _study(event, metric, by_market[metric], (), settings.level_days) for event, metric in asked
    ]
    rows = _judged([one for one in studies if one is not None], settings)
    taken = {(one.event.market, one.metric): one.event for one, _, is_effect in rows if is_effect}
    again = [
        one
        if (one.event.market, one.metric) not in taken
        or taken[one.event.market, one.metric] == one.event
        else _study(
            one.event,
            one.metric,
            by_market[one.metric],
            (taken[one.event.market, one.metric].day,),
            settings.level_days,
        )
        for one, _, _ in rows
    ]
    return _table(_judged([one for one in again if one is not None], settings))


def _judged(
    studies: Sequence[_Study], settings: NoticingSettings
) -> list[tuple[_Study, float, bool]]:
    """Each with its q and whether it is an effect, the surest last."""
    q = false_discovery_rates(np.array([one.p for one in studies]))
    made = [
        (one, float(own), float(own) <= settings.event_q and _matters(one, settings.least_change))
        for one, own in zip(studies, q, strict=True)
    ]
    return sorted(made, key=lambda row: -row[1])


def _matters(study: _Study, least_change: float) -> bool:
    return abs(study.after.value - study.expected) >= least_change * study.expected


def _study(
    event: Announced,
    metric: str,
    by_market: Mapping[str, _Days],
    borders: Iterable[date],
    most_days: int,
) -> _Study | None:
    """None where too few days or too few other markets can be compared."""
    span = timedelta(days=most_days)
    since = max([event.day - span, *(day for day in borders if day < event.day)])
    until = min([event.day + span, *(day for day in borders if day > event.day)])
    first, changed, end = (np.datetime64(day) for day in (since, event.day, until))
    sides = {}
    for market, days in by_market.items():
        before = _rate(days.where((days.day >= first) & (days.day < changed)))
        after = _rate(days.where((days.day >= changed) & (days.day < end)))
        if min(before.days, after.days) >= 2 * _WEEK and min(before.value, after.value) > 0.0:
            sides[market] = (before, after)
    own = sides.pop(event.market, None)
    if own is None or len(sides) < 2:  # noqa: PLR2004, one market has nothing to part from
        return None
    before, after = own
    pace, of_pace = _pace(list(sides.values()))
    expected = before.value * pace
    error = float(np.sqrt(after.variance + pace**2 * before.variance + before.value**2 * of_pace))
    freedom = min(before.days, after.days) - 1
    of_market = by_market[event.market].day
    compared = of_market[(of_market >= first) & (of_market < end)]
    ends = (compared.min().item(), compared.max().item())
    return _Study(event, metric, *ends, before, after, expected, error, freedom)


def _rate(days: _Days) -> _Rate:
    """The rate of all days together, and its variance as the days scatter around it."""
    top, below = days.numerator, days.denominator
    trials = float(below.sum())
    if trials <= 0.0:
        return _Rate(0.0, 0.0, 0.0, 0)
    rate = float(top.sum()) / trials
    count = below.size
    scatter = float(((top - rate * below) ** 2).sum()) / trials**2 * count / max(count - 1, 1)
    chance = rate * (1.0 - rate) / trials if rate < 1.0 else 0.0
    return _Rate(rate, max(scatter, chance), trials, count)


def _pace(others: Sequence[tuple[_Rate, _Rate]]) -> tuple[float, float]:
    """(after / before of the middle market, variance of what one more market would do)."""
    paces = np.array([after.value / before.value for before, after in others])
    middle = float(np.median(paces))
    apart = (_MAD_TO_SIGMA * float(np.median(np.abs(paces - middle)))) ** 2
    of_each = [_relative(before) + _relative(after) for before, after in others]
    chance = float(np.median(of_each)) * middle**2
    return middle, max(apart - chance, 0.0) + _OF_MEDIAN * chance / len(others)


def _relative(rate: _Rate) -> float:
    return rate.variance / rate.value**2


def _table(rows: Sequence[tuple[_Study, float, bool]]) -> pl.DataFrame:
    made = [
        (
            *(one.event.event_id, one.event.kind, one.event.title, one.event.market, one.metric),
            *(one.event.day, one.since, one.until),
            *(round(one.before.n), round(one.after.n)),
            *(one.before.value, one.after.value, one.expected),
            *(max(one.expected - Z * one.error, 0.0), one.expected + Z * one.error),
            *(one.p, q, is_effect),
        )
        for one, q, is_effect in rows
    ]
    return pl.DataFrame(made, schema=EVENT_STUDIES, orient="row").sort("day", "event_id", "metric")
