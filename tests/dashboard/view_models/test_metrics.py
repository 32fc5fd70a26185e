"""Slices and their total come from the same sums."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from dashboard.view_models.metrics import MetricsView, Period, metric_of
from tests.dashboard import tiny_database as tiny


def test_slices_and_total_come_from_the_same_sums() -> None:
    """A rate over two slices is the ratio of the sums, not the mean of the rates."""
    slices = pl.DataFrame(
        {
            "slice": ["MY", "SG", "MY"],
            "is_current": [True, True, False],
            "refunded_orders": [1.0, 9.0, 1.0],
            "orders": [100.0, 100.0, 50.0],
        }
    )
    days = slices.select(pl.lit(tiny.AS_OF).alias("day"), "slice", "refunded_orders", "orders")
    period = Period(date(2026, 4, 1), date(2026, 4, 30))
    view = MetricsView.of(
        metric_of("refund_rate"), period, days=days, slices=slices, calendar=pl.DataFrame()
    )
    assert "5.0% from 2026-04-01 to 2026-04-30" in view.sentence
    assert "against 2.0% in the 30 days before" in view.sentence
    assert view.slices.filter(pl.col("slice") == "MY")["change"][0] == pytest.approx(-1.0)
    assert period.before == Period(date(2026, 3, 2), date(2026, 3, 31))
