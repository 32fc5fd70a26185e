"""What a change is put down to, in words: causes before anybody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models.measures import level, moved
from dashboard.view_models.metric_words import DIMENSION_WORDS
from pipeline.attribution.levels import BASELINE_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from queries.registry import Kpi

_EVENTS = {
    "policy": "the policy change",
    "release": "the release",
    "campaign": "the campaign",
    "holiday": "the holiday",
    "viral": "a session that went viral:",
    "carrier": "the carrier incident",
}
_OTHERS = {
    "label_gap": "verdicts that had not arrived",
    "maturity": "days that are still coming in",
    "mix": "a shift in what is sold, not in any slice of it",
    "ring": "orders in which a ring has a part",
}
ENOUGH = 0.5
"""A cause that explains at least this share is said as the reason."""
NOTHING = "Nothing in the calendar explains it."


def cause_name(row: Mapping[str, Any]) -> str:
    """`the release One-tap wallet launches`; empty for what is unexplained."""
    cause, title = row["cause"], row["title"]
    if cause in _EVENTS:
        return f"{_EVENTS[cause]} {text.plain(title)}"
    if cause == "mix" and title:
        return f"{_OTHERS['mix']} (by {DIMENSION_WORDS.get(title, title).lower()})"
    return _OTHERS.get(cause, "")


def cause_sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """The cause that explains most, or that the calendar was looked at in vain; '' = it was not."""
    if not rows:
        return ""
    named = [one for one in rows if cause_name(one) and (one["share"] or 0.0) > 0.0]
    if not named:
        return NOTHING
    first = max(named, key=lambda one: float(one["share"]))
    what, share = cause_name(first), text.percent(min(first["share"], 1.0), digits=0)
    if first["share"] >= ENOUGH:
        return f"Explained by {what}: {share} of it."
    return f"{what[0].upper()}{what[1:]} explains {share} of it; the rest is unexplained."


def cause_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Each cause with its share, the largest first, what is unexplained last."""
    named = [(cause_name(one), one) for one in rows if cause_name(one)]
    named.sort(key=lambda pair: -float(pair[1]["share"] or 0.0))
    lines = [
        (f"{name[0].upper()}{name[1:]}", _share(one["share"], one["margin"])) for name, one in named
    ]
    rest = sum(float(one["share"] or 0.0) for one in rows if one["cause"] == "unexplained")
    return (*lines, ("Unexplained", _share(rest, None)))


def beside_baseline(kpi: Kpi, daily: pl.DataFrame, first_day: date) -> str:
    """The days from `first_day` on beside those before, which are four weeks: what is explained.

    `daily` has day, numerator and denominator (null = a sum).
    """
    past: float | None
    value: float | None
    is_now = pl.col("day") >= first_day
    now, before = (_sums(daily.filter(one)) for one in (is_now, ~is_now))
    if kpi.is_additive:
        days = daily.filter(is_now)["day"].n_unique()
        past, value = before[0] * days / BASELINE_DAYS, now[0]
    else:
        past, value = (top / below if below else None for top, below in (before, now))
    usual, change = level(past, kpi.unit), moved(past, value, kpi.unit)
    last_day = max(daily["day"].to_list(), default=first_day)
    days_said = f"{first_day:%-d %b} to {last_day:%-d %b}"
    return (
        f"{days_said}: {level(value, kpi.unit)} where the four weeks before make {usual}: {change}."
    )


def _sums(rows: pl.DataFrame) -> tuple[float, float]:
    return float(rows["numerator"].sum() or 0.0), float(rows["denominator"].sum() or 0.0)


def _share(share: float | None, margin: float | None) -> str:
    said = text.percent(share, digits=0)
    return said if margin is None else f"{said} ± {margin * 100.0:.0f} pp"
