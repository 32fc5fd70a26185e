"""What is shown as a percentage is a part of a whole: nothing leaves 0..1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.view_models import drift, metrics
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    import duckdb

ROUNDING = 1e-9


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


def test_a_metric_in_percent_is_a_part_of_a_whole(con: duckdb.DuckDBPyConnection) -> None:
    """Day by day, of subjects and of markets: both count the same things."""
    tables = [
        *((f"metrics.{kind}_days", shown) for kind, shown in drift.METRICS.items()),
        ("metrics.days", metrics.METRICS),
    ]
    wrong = [
        (table, metric.code)
        for table, shown in tables
        for metric in shown
        if metric.format == "percent"
        and outside(con, table, f"{metric.numerator} / nullif({metric.denominator}, 0)")
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
