"""What is shown as a percentage is a part of a whole: nothing leaves 0..1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.view_models import drift
from queries.catalogue import features
from queries.registry import kpis
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    import duckdb

    from queries.registry import Kpi

ROUNDING = 1e-9
# What was known at 30 days over what was at 60: a verdict that is overturned in between has
# left the whole and not the part, so that it may stand a little above 1.
OF_TWO_DAYS = ("bad_order_completion",)


def outside(con: duckdb.DuckDBPyConnection, table: str, value: str) -> int:
    """Rows of a table in which a value is below 0 or above 1."""
    sql = f"select count(*) from {table} where {value} < -{ROUNDING} or {value} > 1 + {ROUNDING}"
    return int(con.execute(sql).fetchall()[0][0])


def test_a_feature_in_percent_is_a_part_of_a_whole(con: duckdb.DuckDBPyConnection) -> None:
    """At every snapshot of everybody; refunds of older orders are told per 100, not in percent."""
    wrong = [
        (entity_type, name)
        for entity_type in ENTITY_TYPES
        for name, feature in features(entity_type).items()
        if feature.format == "percent" and outside(con, f"features.{entity_type}", name)
    ]
    assert not wrong


def _complete(kpi: Kpi) -> str:
    """The days of a metric that have had their time: earlier a whole may trail its part."""
    ended = (
        f"(select min(last_whole_day) from metrics.clocks where has_orders) - {kpi.maturity_days}"
    )
    return f"(select * from {kpi.table} where day <= {ended})"


def test_a_metric_in_percent_is_a_part_of_a_whole(con: duckdb.DuckDBPyConnection) -> None:
    """Day by day, of subjects and of markets: both count the same things."""
    wrong = [
        (kind, metric.code)
        for kind, shown in drift.METRICS.items()
        for metric in shown
        if metric.format == "percent"
        and outside(
            con, f"metrics.{kind}_days", f"{metric.numerator} / nullif({metric.denominator}, 0)"
        )
    ]
    wrong += [
        ("kpis", kpi.code)
        for kpi in kpis().values()
        if kpi.unit in ("rate", "bps")
        and kpi.code not in OF_TWO_DAYS
        and outside(con, _complete(kpi), "numerator / nullif(denominator, 0)")
    ]
    assert not wrong


def test_events_of_other_days_are_no_percentage() -> None:
    """A value of two kinds of events that fall on different days has no `percent`."""
    odd = [
        (entity_type, name)
        for entity_type in ENTITY_TYPES
        for name, feature in features(entity_type).items()
        if feature.format == "percent" and "amount to" in feature.sentence
    ]
    assert not odd
