"""Every key metric of a subject as a small picture: its days, its peers' band, when it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from dashboard import text
from pipeline.noticing.subject_changes import ENOUGH_DAYS, share_changes, sum_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.view_models.drift import Metric

RECENT = 7
_SMOOTH = 14
"""Days around a day that say what its market usually has."""
SHORT_HISTORY = f"Changes are asked for from {ENOUGH_DAYS} days on."


@dataclass(frozen=True)
class SubjectChange:
    """A metric has another level from `day` on."""

    day: date
    before: float
    after: float

    @property
    def times(self) -> float | None:
        """After over before; None where nothing was before."""
        return self.after / self.before if self.before > 0.0 else None


@dataclass(frozen=True)
class DriftPanel:
    """One metric: `days` has day, value, p10, p50, p90; in order of how much it changed."""

    metric: Metric
    days: pl.DataFrame
    changes: tuple[SubjectChange, ...]
    recent: float | None
    reason: str
    """Why no change is asked for; empty where it is."""

    @property
    def title(self) -> str:
        """The metric and its level of the last week."""
        per_day = "" if self.metric.denominator or self.metric.is_stock else " a day"
        unit = "ratio" if self.metric.format == "count" else self.metric.format
        return f"{self.metric.label}: {text.value(self.recent, unit)}{per_day}"


def panels_of(
    metrics: Sequence[Metric], days: pl.DataFrame, peers: pl.DataFrame, season: pl.DataFrame
) -> tuple[DriftPanel, ...]:
    """Of `pages/investigate/<type>_days`, `peer_days` and the market's factor of each day.

    `season` has day and factor, as `season_of` makes it.
    """
    bands = peers.partition_by("metric", as_dict=True) if peers.height else {}
    return tuple(_panel(one, days, bands.get((one.code,)), season) for one in metrics)


def season_of(orders: pl.DataFrame) -> pl.DataFrame:
    """What a market had on each day over its usual: day, factor. `orders` has day, value."""
    usual = pl.col("value").rolling_mean(_SMOOTH, center=True, min_samples=3)
    return orders.sort("day").select("day", factor=(pl.col("value") / usual).fill_nan(1.0))


def _panel(
    metric: Metric, days: pl.DataFrame, peers: pl.DataFrame | None, season: pl.DataFrame
) -> DriftPanel:
    rows = days.filter("is_mature") if metric.is_cohort else days
    top = pl.col(metric.numerator).cast(pl.Float64)
    value = top
    if metric.denominator is not None:
        value = pl.when(pl.col(metric.denominator) > 0).then(top / pl.col(metric.denominator))
    measured = rows.select("day", value.alias("value"))
    empty = pl.DataFrame(
        schema={"day": pl.Date, **dict.fromkeys(("p10", "p50", "p90"), pl.Float64)}
    )
    band = empty if peers is None else peers.select("day", "p10", "p50", "p90")
    joined = measured.join(band, on="day", how="left", maintain_order="left")
    is_short = rows.height < ENOUGH_DAYS
    changes = () if is_short or metric.is_stock else _changes(metric, rows, season)
    return DriftPanel(
        metric, joined, changes, _recent(metric, rows), SHORT_HISTORY if is_short else ""
    )


def _changes(metric: Metric, days: pl.DataFrame, season: pl.DataFrame) -> tuple[SubjectChange, ...]:
    top = days[metric.numerator].cast(pl.Float64).fill_null(0.0).to_numpy()
    if metric.denominator is not None:
        below = days[metric.denominator].cast(pl.Float64).fill_null(0.0).to_numpy()
        made = share_changes(top, below)
    else:
        factor = days.select("day").join(season, on="day", how="left", maintain_order="left")
        made = sum_changes(top, factor["factor"].fill_null(1.0).to_numpy())
    at = days["day"].to_list()
    return tuple(SubjectChange(at[one.position], one.before, one.after) for one in made)


def _recent(metric: Metric, days: pl.DataFrame) -> float | None:
    last = days.tail(RECENT)
    top = last[metric.numerator].cast(pl.Float64)
    if metric.is_stock:
        known = top.drop_nulls()
        return float(known[-1]) if known.len() else None
    if last.is_empty():
        return None
    if metric.denominator is None:
        return float(np.mean(top.fill_null(0.0).to_numpy()))
    below = float(last[metric.denominator].fill_null(0).sum())
    return float(top.fill_null(0.0).sum()) / below if below else None


def change_sentence(panel: DriftPanel, events: Mapping[date, str]) -> str:
    """Each change in words, with what the calendar says of its day or the one before or after."""
    if panel.reason:
        return panel.reason
    if not panel.changes:
        return "No change of level in these days."
    return " ".join(_said(panel.metric, one, events) for one in panel.changes)


def _said(metric: Metric, one: SubjectChange, events: Mapping[date, str]) -> str:
    unit = "ratio" if metric.format == "count" else metric.format
    per_day = "" if metric.denominator else " a day"
    times = f", {one.times:.2g}×" if one.times and not metric.denominator else ""
    levels = f"{text.value(one.before, unit)} to {text.value(one.after, unit)}{per_day}{times}"
    known = events.get(one.day, "")
    beside = f" ({known})" if known else ""
    return f"From {one.day:%-d %b}: {levels}{beside}."


def events_by_day(marks: Sequence[Any]) -> dict[date, str]:
    """What began on a day, or the day before or after it; what comes every week is left out."""
    named: dict[date, str] = {}
    for mark in marks:
        if mark.series:
            continue
        for shift in (1, -1, 0):
            day = mark.start.fromordinal(mark.start.toordinal() + shift)
            if shift == 0 or day not in named:
                named[day] = mark.title
    return named


def span_sentence(metric: Metric, days: pl.DataFrame, since: date, until: date) -> str:
    """Some days beside as many right before them."""
    rows = days.filter("is_mature") if metric.is_cohort else days
    length = (until - since).days + 1
    first = since.fromordinal(since.toordinal() - length)
    unit = "ratio" if metric.format == "count" else metric.format
    now, before = (
        _level(metric, rows.filter(pl.col("day").is_between(*ends)))
        for ends in ((since, until), (first, since.fromordinal(since.toordinal() - 1)))
    )
    when = f"{since:%-d %b}" if since == until else f"{since:%-d %b} to {until:%-d %b}"
    per_day = "" if metric.denominator or metric.is_stock else " a day"
    said = f"{metric.label}, {when}: {text.value(now, unit)}{per_day}"
    if before is None:
        return f"{said}; there are no {text.plural(length, 'day')} before to compare with."
    return f"{said}, {text.value(before, unit)} in the {text.plural(length, 'day')} before."


def _level(metric: Metric, days: pl.DataFrame) -> float | None:
    if days.is_empty():
        return None
    top = days[metric.numerator].cast(pl.Float64)
    if metric.is_stock:
        known = top.drop_nulls()
        return float(known[-1]) if known.len() else None
    if metric.denominator is None:
        return float(top.fill_null(0.0).sum()) / days.height
    below = float(days[metric.denominator].fill_null(0).sum())
    return float(top.fill_null(0.0).sum()) / below if below else None
