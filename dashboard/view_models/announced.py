"""What announced changes did, in sentences: a rate that moved beyond chance, or that none did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.view_models.measures import difference, level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from queries.registry import Kpi

_LONGEST = 80
"""Of a title: a rule is known by its whole sentence."""


@dataclass(frozen=True)
class AnnouncedChange:
    """One change and one rate of its market."""

    key: str
    name: str
    """The change with its market and day."""
    sentence: str
    tone: str
    """good, bad, or none."""
    params: Mapping[str, str]
    """The metric, market and days, as parameters of the page; empty where nothing moved."""


def announced_changes(rows: pl.DataFrame, known: Mapping[str, Kpi]) -> tuple[AnnouncedChange, ...]:
    """The rows of `pages/metrics/event_studies` in order; `known` are the metrics by code."""
    return tuple(
        _change(row, known[row["metric"]]) for row in rows.to_dicts() if row["metric"] in known
    )


def _change(row: Mapping[str, Any], kpi: Kpi) -> AnnouncedChange:
    title, market = text.plain(row["title"], length=_LONGEST), text.plain(row["market"])
    name = f"{title} ({market}, {row['day']:%-d %b})"
    key = f"{row['event_id']}-{row['metric']}"
    if not row["is_effect"]:
        compared = f"None of {row['metrics']} rates moved beyond chance and what other markets did"
        near = f"{kpi.label} came nearest, {_levels(row, kpi)}"
        return AnnouncedChange(key, name, f"{compared}; {near}.", "none", {})
    extra = difference(row["after"] - row["expected"], kpi.unit, (row["high"] - row["expected"]))
    sentence = (
        f"{kpi.label} went {_levels(row, kpi)}: {extra} beyond what it would have been had it "
        f"gone as in the other markets (n = {text.count(row['n_after'])})."
    )
    return AnnouncedChange(key, name, sentence, _tone(row, kpi), _params(row))


def _levels(row: Mapping[str, Any], kpi: Kpi) -> str:
    return f"from {level(row['before'], kpi.unit)} to {level(row['after'], kpi.unit)}"


def _tone(row: Mapping[str, Any], kpi: Kpi) -> str:
    if kpi.good not in ("up", "down"):
        return "none"
    return "good" if (row["after"] > row["expected"]) == (kpi.good == "up") else "bad"


def _params(row: Mapping[str, Any]) -> dict[str, str]:
    """The days from the change on against those before it."""
    before = row["day"].fromordinal(row["day"].toordinal() - 1)
    return {
        "metric": row["metric"],
        "market": row["market"],
        "since": f"{row['day']}",
        "until": f"{row['until']}",
        "before_since": f"{row['since']}",
        "before_until": f"{before}",
    }
