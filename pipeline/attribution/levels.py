"""A metric over a movement's days beside its own four weeks before, by market and by ring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

BASELINE_DAYS = 28
"""Whole weeks, so that every weekday counts alike."""
_WEEK = 7
UNSEEN_DAYS = 4
"""A movement may have begun so many days before it was large enough to be noticed."""


@dataclass(frozen=True)
class Subject:
    """The movement that is to be explained."""

    metric: str
    first_day: date
    last_day: date
    market: str | None
    """None = every market."""
    cohort_days: int = 0
    """Days after which a day's value is complete: an event reaches so far back."""
    is_money: bool = False
    """Whether the numerator is money: a dollar is no event that comes on its own."""

    @property
    def days(self) -> int:
        """How long it lasted."""
        return (self.last_day - self.first_day).days + 1

    @property
    def baseline(self) -> tuple[date, date]:
        """First and last day of what it is compared with."""
        before = self.first_day - timedelta(days=1)
        return self.first_day - timedelta(days=BASELINE_DAYS), before


class Level(NamedTuple):
    """The numerator that came, what the past leads to expect, and how the largest shop did."""

    actual: float = 0.0
    expected: float = 0.0
    largest: float = 0.0
    """Of what came: the largest shop's of each day."""

    @property
    def excess(self) -> float:
        """What came beyond what was expected."""
        return self.actual - self.expected

    @property
    def variance(self) -> float:
        """Of the excess: Poisson's, of both periods."""
        return max(self.actual, 1.0) + max(self.expected, 0.0) * _WEEK / BASELINE_DAYS

    @property
    def pace(self) -> float:
        """What came / what was expected; 1 where nothing was."""
        return self.actual / self.expected if self.expected > 0.0 else 1.0


class MarketLevel(NamedTuple):
    """One market's, orders of no ring and those in which a ring has a part."""

    clean: Level
    ring: Level


def summed(levels: Sequence[Level]) -> Level:
    """Of several markets."""
    return (
        Level(*(float(sum(column)) for column in zip(*levels, strict=True))) if levels else Level()
    )


def levels(subject: Subject, daily: pl.DataFrame) -> dict[str, MarketLevel]:
    """By market, of `daily` as `causes.causes` takes it."""
    since, until = subject.baseline
    is_after = pl.col("day").is_between(subject.first_day, subject.last_day)
    is_before = pl.col("day").is_between(since, until)
    sums = [
        pl.col(name).filter(side).sum().alias(f"{name}_{period}")
        for name in ("numerator", "denominator", "largest")
        for period, side in (("after", is_after), ("before", is_before))
    ]
    is_sum = daily["denominator"].null_count() == daily.height
    sides: dict[str, dict[bool, Level]] = {}
    for row in daily.group_by("market", "is_ring").agg(sums).sort("market").iter_rows(named=True):
        sides.setdefault(row["market"], {})[row["is_ring"]] = _level(row, subject.days, is_sum)
    return {
        market: MarketLevel(parts.get(False, Level()), parts.get(True, Level()))
        for market, parts in sides.items()
    }


def in_events(subject: Subject, daily: pl.DataFrame) -> pl.DataFrame:
    """`daily` with money counted in units as large as its scatter, so that these are Poisson's.

    A unit is the variance of a market's day in the baseline over its mean (quasi-Poisson):
    orders differ in value, and a few large ones are no trend. Shares do not change by it.
    """
    if not subject.is_money:
        return daily
    since, until = subject.baseline
    before = daily.filter(pl.col("day").is_between(since, until), ~pl.col("is_ring"))
    own = pl.col("numerator")
    rate = own.sum().over("market") / pl.col("denominator").sum().over("market")
    usual = pl.when(pl.col("denominator").is_null()).then(own.mean().over("market"))
    strays = before.with_columns(own - usual.otherwise(rate * pl.col("denominator")))["numerator"]
    mean = float(before["numerator"].mean() or 0.0)  # type: ignore[arg-type]
    if strays.len() < BASELINE_DAYS or mean <= 0.0:
        return daily
    unit = max(float((strays**2).mean()) / mean, 1.0)  # type: ignore[arg-type]
    return daily.with_columns(pl.col("numerator") / unit, pl.col("largest") / unit)


def _level(row: Mapping[str, float], days: int, is_sum: bool) -> Level:
    actual, before = row["numerator_after"], row["denominator_before"]
    if is_sum:
        expected = row["numerator_before"] * days / BASELINE_DAYS
    else:
        rate = row["numerator_before"] / before if before else 0.0
        expected = rate * row["denominator_after"]
    return Level(actual, expected, row["largest_after"])


def onset(subject: Subject, daily: pl.DataFrame, pace: float) -> date:
    """The day on which the movement began: from it on, days are nearer its pace than the old one.

    A step is noticed late where a day has few orders, and then an event of the day before seems
    nearer than the one that did it. So the sum of how much nearer each day is to the movement's
    pace (Page's cumulative sum, of Poisson's likelihood) is followed back a few days.
    """
    since, _ = subject.baseline
    first = subject.first_day - timedelta(days=UNSEEN_DAYS)
    here = daily.filter(
        (pl.col("market") == subject.market) if subject.market else pl.lit(value=True),
        ~pl.col("is_ring"),
    )
    sums = here.group_by("day").agg(pl.col("numerator", "denominator").sum()).sort("day")
    before = sums.filter(pl.col("day").is_between(since, first, closed="left"))
    is_sum = here["denominator"].null_count() == here.height
    unit = float(before.height if is_sum else before["denominator"].sum())
    rate = float(before["numerator"].sum()) / unit if unit else 0.0
    if rate <= 0.0 or pace <= 0.0:
        return subject.first_day
    gain, best, day = 0.0, 0.0, subject.first_day
    days = sums.filter(pl.col("day").is_between(first, subject.first_day, closed="left"))
    for at, top, below in reversed(days.select("day", "numerator", "denominator").rows()):
        expected = rate * (1.0 if is_sum else below)
        gain += top * float(np.log(pace)) - expected * (pace - 1.0)
        if gain > best:
            best, day = gain, at
    return day
