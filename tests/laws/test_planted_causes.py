"""What was planted in the calendar is named as the cause of what it moved, and no ring is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.attribution.causes import Subject, causes, incomplete_days
from queries.registry import kpis
from tests.laws.asking import rows

if TYPE_CHECKING:
    from datetime import date

    import duckdb


def explained(con: duckdb.DuckDBPyConnection, metric: str, title: str, days: int) -> pl.DataFrame:
    """What explains a metric's movement in the market and from the day of an event."""
    events = rows(con, "from metrics.events")
    event = events.row(by_predicate=pl.col("title") == title, named=True)
    first: date = event["starts_at"].date()
    kpi = kpis()[metric]
    last = first + timedelta(days=days - 1)
    subject = Subject(metric, first, last, event["market"], kpi.maturity_days)
    daily = queries.run(
        con,
        "pages/metrics/movement_days",
        numerator=kpi.numerator,
        denominator=kpi.denominator or "",
        filters=[],
        since=subject.baseline[0],
        until=last,
    )
    return causes(subject, daily, events)


@pytest.mark.parametrize(
    ("metric", "title", "days"),
    [
        ("fast_payment_rate", "One-tap wallet launches", 14),
        ("late_dispatch_rate", "Carrier strike", 6),
    ],
)
def test_a_planted_event_is_named(
    con: duckdb.DuckDBPyConnection, metric: str, title: str, days: int
) -> None:
    """It has most of the change that began with it."""
    top = explained(con, metric, title, days).row(0, named=True)
    assert top["title"] == title
    assert top["share"] > 0.6


def test_days_without_verdicts_are_said_to_be(con: duckdb.DuckDBPyConnection) -> None:
    """A cohort that closed while labels did not arrive is not a better one."""
    gaps = rows(con, "select day from metrics.label_gaps order by day")["day"].to_list()
    kpi = kpis()["bad_order_rate_7d"]
    first = gaps[0] - timedelta(days=kpi.maturity_days)
    subject = Subject(kpi.code, first, first + timedelta(days=2), None, kpi.maturity_days)
    mature = queries.run(
        con,
        "pages/metrics/mature_days",
        markets=[],
        maturity_days=kpi.maturity_days,
        labels=kpi.labels,
    )["day"]
    assert set(incomplete_days(subject, mature.to_list(), gaps).values()) == {"label_gap"}
