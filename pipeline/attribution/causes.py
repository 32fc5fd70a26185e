"""Causes before culprits: what of a movement the calendar, the mix and incomplete days explain.

Days that are not complete come first, then events (`event_effects`), then a mix that shifted,
then orders in which a ring has a part; the rest is unexplained and said to be. Shares are of the
movement's change, taken off in the order of `Cause`, so none is counted twice and they add up
to 1.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from pipeline.attribution.decomposition import ratio
from pipeline.attribution.event_effects import effects
from pipeline.attribution.levels import Subject, in_events, levels, onset, summed
from pipeline.attribution.noise import Z

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from pipeline.attribution.levels import Level, MarketLevel

    Row: TypeAlias = tuple[str, str | None, str | None, float, float | None]

CAUSES = {
    **dict.fromkeys(("cause", "event_id", "title"), pl.String),
    **dict.fromkeys(("share", "margin"), pl.Float64),
}
"""Columns: a `Cause`; the event it is; its title as typed (of a mix, the dimension); the share of
the change that it explains, 0..1; half of the interval of that, null where it is exact."""
LEAST_SIGMAS = 2.5
"""An effect within this many standard errors is none."""
LEAST_SHARE = 0.15
"""Less of a change is not worth a line."""


class Cause(StrEnum):
    """What a share of a change is put down to, in the order in which it is taken off."""

    LABEL_GAP = "label_gap"
    """Verdicts did not arrive: the day only looks better."""
    MATURITY = "maturity"
    """The day's cohort has not had its time."""
    POLICY = "policy"
    RELEASE = "release"
    CARRIER = "carrier"
    CAMPAIGN = "campaign"
    HOLIDAY = "holiday"
    VIRAL = "viral"
    MIX = "mix"
    """Other traffic at the same rates."""
    RING = "ring"
    """Orders in which a ring has a part."""
    UNEXPLAINED = "unexplained"


def causes(
    subject: Subject,
    daily: pl.DataFrame,
    events: pl.DataFrame,
    incomplete: Mapping[date, Cause] | None = None,
    slices: Mapping[str, pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """What explains a movement, and how much of it.

    Args:
        subject: the movement.
        daily: market, day, is_ring, numerator, denominator (null = a sum), largest (shop's
            part of the numerator) of its slice in every market, over `Subject.baseline` and the
            movement, as `pages/metrics/movement_days` gives them.
        events: event_id, kind, title, market, starts_at, ends_at (`metrics.events`).
        incomplete: days of the movement that are not complete, and which of the first two
            causes keeps them so.
        slices: by dimension its slices before and after, with the columns of `change.RATIO`.

    Returns:
        `CAUSES`; shares add up to 1. Empty when nothing changed by more than chance.
    """
    daily = in_events(subject, daily)
    by_market = levels(subject, daily)
    scope = [one for market, one in by_market.items() if subject.market in {None, market}]
    whole = summed([part for one in scope for part in one])
    rows = _incomplete(subject, incomplete or {})
    deviation = float(np.sqrt(sum(part.variance for one in scope for part in one)))
    if abs(whole.excess) <= Z * deviation:
        return pl.DataFrame(rows, schema=CAUSES, orient="row")
    left = 1.0 - sum(row[3] for row in rows)
    began = replace(subject, first_day=onset(subject, daily, whole.pace))
    for row in [
        *_event_rows(began, by_market, events, whole.excess),
        *_mix_row(slices or {}),
        *_ring_row(summed([one.ring for one in scope]), whole.excess),
    ]:
        share = min(row[3], left)
        if share >= LEAST_SHARE:
            rows.append((*row[:3], share, row[4]))
            left -= share
    rows.append((Cause.UNEXPLAINED, None, None, max(left, 0.0), None))
    return pl.DataFrame(rows, schema=CAUSES, orient="row")


def incomplete_days(
    subject: Subject, mature: Collection[date], gaps: Collection[date]
) -> dict[date, Cause]:
    """The movement's days that may not be compared, and why.

    `mature` are the days that may (`pages/metrics/mature_days`), `gaps` those on which no
    verdicts arrived (`metrics.label_gaps`).
    """
    days = [subject.first_day + timedelta(days=number) for number in range(subject.days)]
    closing = {day: day + timedelta(days=subject.cohort_days) for day in days}
    return {
        day: Cause.LABEL_GAP
        if {closing[day], closing[day] - timedelta(days=1)} & set(gaps)
        else Cause.MATURITY
        for day in days
        if day not in mature
    }


def _incomplete(subject: Subject, days: Mapping[date, Cause]) -> list[Row]:
    within = [cause for day, cause in days.items() if subject.first_day <= day <= subject.last_day]
    return [
        (cause, None, None, within.count(cause) / subject.days, None)
        for cause in (Cause.LABEL_GAP, Cause.MATURITY)
        if cause in within
    ]


def _event_rows(
    subject: Subject, by_market: Mapping[str, MarketLevel], events: pl.DataFrame, total: float
) -> list[Row]:
    rows: list[Row] = []
    for one in effects(subject, by_market, events):
        share, margin = one.excess / total, float(np.sqrt(one.variance)) / abs(total)
        if share >= LEAST_SIGMAS * margin:
            rows.append((one.kind, one.event_id, one.title, min(share, 1.0), Z * margin))
    order = list(Cause)
    return sorted(rows, key=lambda row: order.index(Cause(row[0])))


def _mix_row(slices: Mapping[str, pl.DataFrame]) -> list[Row]:
    """The dimension whose mix explains most, where it moved the rate the same way."""
    rows: list[Row] = []
    for dimension, frame in slices.items():
        change = ratio(frame)
        if change.whole.change and (share := change.mix / change.whole.change) > 0.0:
            rows.append((Cause.MIX, None, dimension, min(share, 1.0), None))
    return [max(rows, key=lambda row: row[3])] if rows else []


def _ring_row(ring: Level, total: float) -> list[Row]:
    share, margin = ring.excess / total, float(np.sqrt(ring.variance)) / abs(total)
    if share < LEAST_SIGMAS * margin:
        return []
    return [(Cause.RING, None, None, min(share, 1.0), Z * margin)]


__all__ = ["CAUSES", "Cause", "Subject", "causes", "incomplete_days"]
