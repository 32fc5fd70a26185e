"""What became of alerts, by the week in which they opened.

Verdicts of a week over alerts of the same week would divide other subjects: a cohort keeps its
own. Weeks whose last alerts have not had their days yet stand apart, without a share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models.typology_counts import filter_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WITHIN_DAYS = 28
"""Days that every alert has for its first verdict: what waits longer has been passed over."""
WEEKS = 12
"""A quarter: enough to see a trend."""
_WEEK = timedelta(days=7)
_RATES = ("confirmed", "cleared", "unjudged")


@dataclass(frozen=True)
class AlertCohorts:
    """`table` has week, opened, the three shares in 0..1 (null of a young week) and state."""

    table: pl.DataFrame
    sentence: str

    @classmethod
    def of(cls, rows: pl.DataFrame) -> AlertCohorts:
        """The view of `pages/metrics/alert_cohorts`."""
        shares = (
            pl.when("is_mature").then(pl.col(name) / pl.col("opened")).alias(name)
            for name in _RATES
        )
        judged = pl.col("confirmed") + pl.col("cleared")
        so_far = pl.format("too young: {} confirmed, {} cleared so far", "confirmed", "cleared")
        state = (
            pl.when("is_mature")
            .then(pl.format("{} judged", judged))
            .otherwise(so_far)
            .alias("state")
        )
        week = pl.col("week").cast(pl.String)
        return cls(rows.select(week, "opened", *shares, state), _sentence(rows))


def first_week(until: date) -> date:
    """The Monday from which the weeks up to `until` are shown."""
    return until - timedelta(days=until.weekday()) - (WEEKS - 1) * _WEEK


def cohort_note(slices: Mapping[str, Sequence[str]]) -> str:
    """What a share is of, given the filters chosen."""
    of_what = (
        f"Each share is of the alerts that opened in that week: what the first verdict within "
        f"{WITHIN_DAYS} days of opening said. Only alerts that a build saw open count, so a "
        f"marketplace has no week before its first build. The {WEEKS} weeks that end with the "
        "chosen period; days are UTC here."
    )
    return " ".join([of_what, *filter_notes(slices)])


def _sentence(rows: pl.DataFrame) -> str:
    """All mature weeks together, and how many are not."""
    old, young = rows.filter("is_mature"), rows.filter(~pl.col("is_mature"))
    if old.is_empty():
        newest = rows["week"].min()
        ready = newest + _WEEK + timedelta(days=WITHIN_DAYS) if isinstance(newest, date) else None
        until = f" before {ready}" if ready else ""
        return f"No week is old enough yet: no share can be given{until}."
    total = old.sum().row(0, named=True)
    confirmed, cleared, open_still = (total[name] / total["opened"] for name in _RATES)
    alerts, weeks = text.plural(total["opened"], "alert"), text.plural(old.height, "week")
    apart = f" Too young to say: {text.plural(young.height, 'week')}." if young.height else ""
    return (
        f"Of {alerts} in {weeks} {confirmed:.0%} were confirmed within {WITHIN_DAYS} days, "
        f"{cleared:.0%} cleared, {open_still:.0%} not judged.{apart}"
    )
