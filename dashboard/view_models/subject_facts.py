"""What one subject did: a few figures beside its own past and its peers, as tiles and as a table.

A short span (a week) stands beside a long one (the ninety days before it), because what is odd is
rarely the level and mostly the change of it; the rank among peers says whether the level is. What
became of orders waits until they are mature. Where the past is too short the place is empty and
says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from dashboard import text
from dashboard.view_models.drift import METRICS, Metric
from dashboard.view_models.kpi_tiles import Tile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

SHORT, LONG = 7, 90
"""Days of both spans; the long one ends where the short one begins."""
LEAST_LONG = 28
"""Fewer days before say nothing of what is usual."""
PEER_DAYS = 28
"""Days that a rank among peers is of."""
LEAST_PEERS = 20
LEAST_TRIALS = 5.0
"""Orders, parcels or reviews under which a share says nothing."""
SHOWN_DAYS = 120
MOST_TILES = 8
HELD = "held_usd"
_TOP = 0.995
_UNUSUAL = 2.0
"""Times its own past from which on a tile is marked, if that is the worse way."""
FIRST: Mapping[str, tuple[str, ...]] = {
    "T1_BRUSHING": ("orders", "light_parcel_rate", "five_star_rate", "crowded_device_rate"),
    "T3_INCENTIVE_ABUSE": ("voucher_rate", "voucher_usd", "orders", "crowded_device_rate"),
    "T5_FAKE_FULFILMENT": ("late_dispatch_rate", "light_parcel_rate", "refund_rate", "orders"),
    "T6_REVIEW_MANIPULATION": ("five_star_rate", "orders", "refund_rate"),
    "T9_REFUND_ABUSE": ("refund_rate", "orders", "spend_usd", "gmv_usd"),
}
"""Metrics that a scheme shows in come first."""


@dataclass(frozen=True)
class SubjectFact:
    """One metric of a subject. Rates are shares, counts and sums those of a week."""

    metric: Metric
    short: float | None
    long: float | None
    """Of as many days as the short span."""
    rank: float | None
    """Part of its active peers that lie below, 0..1."""
    is_of_group: bool
    """Whether these are its own group, or all of its type where that is too small."""
    middle: float | None
    """Of the peers, over a week."""
    reason: str
    """Why there is nothing to compare with; empty where there is."""
    days: int = SHORT
    """Of the short span: four weeks of a share whose week has too few for one."""
    before: int = LONG
    """Days of the long span: fewer of who has not been there for so long."""

    @property
    def has_value(self) -> bool:
        """Whether either span says anything."""
        return self.short is not None or self.long is not None

    @property
    def ratio(self) -> float | None:
        """Short over long; None where either is unknown or nothing was before."""
        if self.short is None or not self.long:
            return None
        return self.short / self.long


def facts_of(
    entity_type: str, days: pl.DataFrame, levels: pl.DataFrame, typology: str | None
) -> tuple[SubjectFact, ...]:
    """Of `pages/investigate/<type>_days` and `peer_levels`, what the scheme shows in first."""
    # Of a group of few the whole type stands in.
    known = levels.filter(~pl.col("is_group") | (pl.col("entities") >= LEAST_PEERS))
    grids = {row["metric"]: row for row in known.sort("is_group").iter_rows(named=True)}
    every = {metric.code: metric for metric in METRICS[entity_type]}
    first = [code for code in FIRST.get(typology or "", ()) if code in every]
    columns = _columns(days)
    mature = int(days["is_mature"].sum())
    return tuple(
        _fact(every[code], columns, mature, grids.get(code))
        for code in dict.fromkeys([*first, *every])
    )


def kept_facts(entity_type: str, figures: Mapping[str, Mapping[str, Any]]) -> list[SubjectFact]:
    """Facts as a decision kept them, by metric; in the usual order, which says no scheme."""
    return [
        SubjectFact(
            metric,
            one.get("short"),
            one.get("long"),
            one.get("rank"),
            False,
            one.get("middle"),
            one.get("reason") or "",
            int(one.get("days") or SHORT),
            int(one.get("before") or LONG),
        )
        for metric in METRICS.get(entity_type, ())
        if (one := figures.get(metric.code)) is not None
    ]


def _columns(days: pl.DataFrame) -> dict[str, FloatArray]:
    """Every number as doubles; a day that says nothing is nan."""
    numbers = days.drop("day", "is_mature").cast(pl.Float64)
    return {name: numbers[name].fill_null(float("nan")).to_numpy() for name in numbers.columns}


def _fact(
    metric: Metric,
    columns: Mapping[str, FloatArray],
    mature: int,
    peers: Mapping[str, Any] | None,
) -> SubjectFact:
    top = columns[metric.numerator]
    end = mature if metric.is_cohort else top.size

    def level(first: int, last: int) -> float | None:
        return _level(metric, columns, slice(max(first, 0), max(last, 0)))

    span = SHORT
    if metric.denominator is not None and level(end - SHORT, end) is None:
        span = PEER_DAYS
    short = level(end - span, end)
    before = min(max(end - span, 0), LONG)
    long = level(end - span - before, end - span) if before >= LEAST_LONG else None
    rank, middle = _among(metric, _month(metric, columns, end), peers)
    is_group = bool(peers and peers["is_group"])
    reason = _reason(metric, before, short, long)
    return SubjectFact(metric, short, long, rank, is_group, middle, reason, span, before)


def _level(metric: Metric, columns: Mapping[str, FloatArray], days: slice) -> float | None:
    """Over some days, of a week: a sum scaled to seven days, a share, or the last stock."""
    values = columns[metric.numerator][days]
    if not values.size:
        return None
    if metric.is_stock:
        known = values[~np.isnan(values)]
        return float(known[-1]) if known.size else None
    if metric.denominator is None:
        return float(np.nansum(values)) * SHORT / values.size
    below = float(np.nansum(columns[metric.denominator][days]))
    return float(np.nansum(values)) / below if below >= LEAST_TRIALS else None


def _month(metric: Metric, columns: Mapping[str, FloatArray], end: int) -> float | None:
    """Over the four weeks that peers are ranked by; days before it was there count as quiet."""
    days = slice(max(end - PEER_DAYS, 0), max(end, 0))
    level = _level(metric, columns, days)
    if level is None or metric.is_stock or metric.denominator is not None:
        return level
    return level * columns[metric.numerator][days].size / PEER_DAYS


def _among(
    metric: Metric, month: float | None, peers: Mapping[str, Any] | None
) -> tuple[float | None, float | None]:
    """(rank, the middle peer's over a week); nothing of too few peers or of nothing done."""
    if peers is None or peers["entities"] < LEAST_PEERS:
        return None, None
    grid = np.asarray(peers["grid"], dtype=np.float64)
    is_sum = metric.denominator is None and not metric.is_stock
    unit = float(SHORT) if is_sum else 1.0
    middle = float(grid[grid.size // 2]) * unit
    if month is None or (is_sum and month <= 0.0):
        return None, middle
    shares = np.linspace(0.0, 1.0, grid.size)
    # Of equal peers half count as below.
    low, high = (int(np.searchsorted(grid, month / unit, side=one)) for one in ("left", "right"))
    if low < high:
        return float(shares[[low, high - 1]].mean()), middle
    return float(np.interp(month / unit, grid, shares)), middle


def _reason(metric: Metric, before: int, short: float | None, long: float | None) -> str:
    if before < LEAST_LONG:
        return f"only {text.plural(before, 'day')} before: too few for a usual level"
    if short is None and metric.denominator is not None:
        return "too few in four weeks for a share"
    if long is None:
        return "too few before for a share"
    if long == 0.0 and short:
        return "there were none before"
    return ""


def chosen_fact(facts: Sequence[SubjectFact], code: str) -> SubjectFact:
    """The fact of that code; else the first that says anything, else the first of all."""
    asked = (fact for fact in facts if fact.metric.code == code)
    saying = (fact for fact in facts if fact.has_value)
    return next(chain(asked, saying), facts[0])


def tiles_of(
    facts: Sequence[SubjectFact], days: pl.DataFrame, held: Mapping[str, Any] | None, chosen: str
) -> tuple[Tile, ...]:
    """The first facts as tiles, money that is still held with its deadline before them."""
    shown = [fact for fact in facts if fact.has_value]
    money = [_held_tile(held)] if held and held["held_usd"] > 0.0 else []
    return (*money, *(_tile(one, days, chosen) for one in shown[: MOST_TILES - len(money)]))


def _tile(fact: SubjectFact, days: pl.DataFrame, chosen: str) -> Tile:
    metric = fact.metric
    value, change = text.value(fact.short, _shown_as(metric, fact.short)), ratio_text(fact)
    rank = rank_text(fact)
    series, young = _series(metric, days)
    is_compared = fact.ratio is not None
    compared = f"; beside it how many times the {fact.before} days before" if is_compared else ""
    return Tile(
        code=metric.code,
        label=metric.label if fact.days == SHORT else f"{metric.label}, {fact.days} days",
        value=value,
        change=change,
        tone=_tone(fact),
        note=rank or fact.reason,
        is_warning=False,
        definition=f"{metric.label}, last {fact.days} days{compared}. A click shows the rows.",
        alt=f"{metric.label}: {value}, {change or fact.reason}. {rank}",
        series=series,
        young=young,
        window=(young - fact.days, young - 1),
        is_selected=metric.code == chosen,
    )


def _held_tile(held: Mapping[str, Any]) -> Tile:
    days = held["payout_days"]
    leaves = (
        "no payout date is known"
        if days is None
        else f"paid out in {text.plural(max(round(days), 0), 'day')} on average"
    )
    value = text.money(held["held_usd"])
    return Tile(
        code=HELD,
        label="Money still held",
        value=value,
        change="",
        tone="none",
        note=leaves,
        is_warning=days is not None and days <= SHORT,
        definition="What has not been paid out yet; an action can still keep it.",
        alt=f"Money still held: {value}, {leaves}.",
    )


def _tone(fact: SubjectFact) -> str:
    ratio = fact.ratio
    if ratio is None or fact.metric.bad == "none":
        return "none"
    worse = ratio >= _UNUSUAL if fact.metric.bad == "up" else ratio <= 1.0 / _UNUSUAL
    return "bad" if worse else "none"


def _series(metric: Metric, days: pl.DataFrame) -> tuple[tuple[float | None, ...], int]:
    """A value a day, and the first that is still coming in."""
    top = pl.col(metric.numerator).cast(pl.Float64)
    value = top
    if metric.denominator is not None:
        below = pl.col(metric.denominator)
        value = pl.when(below > 0).then(top / below)
    values = days.select(value.alias("value"))["value"].to_list()
    young = int(days["is_mature"].sum()) if metric.is_cohort else len(values)
    return tuple(values), young


def ratio_text(fact: SubjectFact) -> str:
    """`1.7x its usual`; empty where there is nothing to compare."""
    if fact.ratio is None:
        return "new" if fact.reason == "there were none before" else ""
    return f"{fact.ratio:.2g}× usual" if fact.ratio < 100.0 else "100× usual and more"  # noqa: PLR2004


def rank_text(fact: SubjectFact) -> str:
    """`more than 93% of peers`; empty where it has none or did nothing."""
    if fact.rank is None:
        return ""
    whom = "its peers" if fact.is_of_group else "all"
    if fact.rank >= _TOP:
        return f"above all {whom}" if fact.is_of_group else "above all"
    return f"above {text.percent(fact.rank, digits=0)} of {whom}"


def _shown_as(metric: Metric, value: float | None) -> str:
    """Counts of a week are whole numbers unless they are scaled."""
    if metric.format == "count" and value is not None and value != round(value):
        return "ratio"
    return metric.format


def table_of(facts: Sequence[SubjectFact]) -> pl.DataFrame:
    """Short and long side by side: label, short, long, ratio, peers."""
    return pl.DataFrame(
        {
            "label": [
                one.metric.label if one.days == SHORT else f"{one.metric.label}, {one.days} days"
                for one in facts
            ],
            "short": [text.value(one.short, _shown_as(one.metric, one.short)) for one in facts],
            "long": [text.value(one.long, _shown_as(one.metric, one.long)) for one in facts],
            "ratio": [one.ratio for one in facts],
            "peers": [text.value(one.middle, _shown_as(one.metric, one.middle)) for one in facts],
        },
        schema_overrides={"ratio": pl.Float64},
    )


def reasons_of(facts: Sequence[SubjectFact]) -> str:
    """Why places are empty, each reason once with the figures it is of."""
    of: dict[str, list[str]] = {}
    for one in facts:
        if one.reason:
            of.setdefault(one.reason, []).append(one.metric.label)
    said = [f"{text.joined(labels)}: {reason}." for reason, labels in of.items()]
    return " ".join(said)
