"""The frozen reference of the Drift page: days that stay, while the trailing ones move on.

Days that a team froze go before; else those of the snapshots that the models learnt from, for
that is what the models know; else the first days of the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard.view_models.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "RINGFENCE_DRIFT_REFERENCE"
FIRST_DAYS = 28
"""As `reference_days` of queries/periods.sql: what is never seen is never seen in these."""


@dataclass(frozen=True)
class Reference:
    """Days inside the data, and why these; `problem` says what could not be used."""

    period: Period
    reason: str
    problem: str = ""

    def sentence(self, now: Period) -> str:
        """The days and why these; days of `now` among them make what moved look smaller."""
        span = f"{self.period.since:%-d %b %Y} – {self.period.until:%-d %b %Y}"
        shared = Period(max(self.period.since, now.since), min(self.period.until, now.until))
        days = f" Of the days looked at it holds {shared.length}." if shared.length > 0 else ""
        return f"Frozen reference: {span}, {self.reason}.{days}"


def reference_of(
    ends: tuple[date, date], frozen: str, trained: Mapping[str, date | None] | None
) -> Reference:
    """Of what a team froze, as `2026-06-01/2026-07-31`, and `pages/drift/training_days`."""
    usual = _usual(ends, trained)
    if not frozen:
        return usual
    try:
        since, until = (date.fromisoformat(day.strip()) for day in frozen.split("/"))
    except ValueError:
        since, until = ends[1], ends[0]
    period = _inside(Period(since, until), ends)
    if period is None:
        problem = (
            f"{VARIABLE} is {frozen!r}; two days of the data are expected, as "
            f"{ends[0]}/{ends[1]}. Until it is mended, others stand in."
        )
        return Reference(usual.period, usual.reason, problem)
    return Reference(period, "the days that the team froze")


def _usual(ends: tuple[date, date], trained: Mapping[str, date | None] | None) -> Reference:
    since, until = (trained or {}).get("since"), (trained or {}).get("until")
    if since and until:
        # A snapshot is of the day before its midnight.
        period = _inside(Period(since - timedelta(days=1), until - timedelta(days=1)), ends)
        if period is not None:
            return Reference(period, "the days of the snapshots that the models learnt from")
    last = min(ends[0] + timedelta(days=FIRST_DAYS - 1), ends[1])
    return Reference(Period(ends[0], last), f"the first {FIRST_DAYS} days of the data")


def _inside(period: Period, ends: tuple[date, date]) -> Period | None:
    cut = Period(max(period.since, ends[0]), min(period.until, ends[1]))
    return cut if cut.since <= cut.until and period.since <= period.until else None


def with_reference(rows: pl.DataFrame, frozen: pl.DataFrame) -> pl.DataFrame:
    """`column_table` beside `pages/drift/columns` of the reference: its PSI, and over its noise."""
    beside = frozen.select(
        "column_name",
        psi_frozen="psi",
        times_frozen=pl.col("psi") / pl.col("noise"),
    )
    return rows.join(beside, on="column_name", how="left", maintain_order="left")
