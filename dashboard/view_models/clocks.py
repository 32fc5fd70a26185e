"""Whose clock the days on a page follow, and which of them the data hold whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text

if TYPE_CHECKING:
    from datetime import date, datetime

    from dashboard.cases.records import Decision

UTC = "UTC"


@dataclass(frozen=True)
class Clocks:
    """The clocks of the markets shown. The three days hold in every one of them."""

    zones: dict[str, str]
    """Time zone by market."""
    untold: tuple[str, ...]
    """Markets that delivered no time zone."""
    first_whole_day: date
    last_whole_day: date
    last_mature_day: date
    """The orders of later days are too young: their refunds are still coming."""

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Clocks:
        """The clocks of `pages/metrics/clocks`, at least one row."""
        zones = {text.plain(row["market"]): text.plain(row["time_zone"]) for row in rows.to_dicts()}
        untold = rows.filter(pl.col("is_default"))["market"]
        return cls(
            zones,
            tuple(text.plain(market) for market in untold),
            max(rows["first_whole_day"].to_list()),
            min(rows["last_whole_day"].to_list()),
            min(rows["last_mature_day"].to_list()),
        )

    @property
    def axis(self) -> str:
        """The title of an axis of days."""
        zones = set(self.zones.values())
        return f"Day in {zones.pop()}" if len(zones) == 1 else "Local day of each market"

    @property
    def sentence(self) -> str:
        """Whose days these are, and where they end."""
        told = [f"{m} {zone}" for m, zone in self.zones.items() if m not in self.untold]
        parts = [f"Days are local days: {', '.join(told)}."] if told else []
        if self.untold:
            word = "its" if len(self.untold) == 1 else "their"
            parts.append(f"{', '.join(self.untold)} told no time zone: {word} days are UTC.")
        return " ".join([*parts, f"The last day that is over everywhere is {self.last_whole_day}."])


def rebuilt_sentence(rebuilt_at: datetime, built_at: datetime) -> str:
    """That newer data are there, and which the page shows; both UTC."""
    is_same_day = rebuilt_at.date() == built_at.date()
    seen = f"{built_at:%H:%M}" if is_same_day else f"{built_at:%Y-%m-%d %H:%M}"
    return f"The data were rebuilt at {rebuilt_at:%Y-%m-%d %H:%M} UTC; you look at those of {seen}."


def decision_day(decision: Decision) -> date:
    """The day of the data of a decision; the wall's where the data's was not kept."""
    return decision.data_day or decision.decided_at.date()


def decision_clocks(decision: Decision) -> str:
    """Both clocks of a decision."""
    recorded = f"Recorded {decision.decided_at:%Y-%m-%d %H:%M} UTC"
    if decision.data_day is None:
        return f"{recorded}; the day of the data was not kept"
    return f"{recorded}, on {decision.data_day} of the data"
