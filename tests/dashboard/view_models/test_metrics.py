"""Slices and their total come from the same sums."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from dashboard.view_models.metrics import MerchantsView, MetricsView, Period, metric_of
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


def both(metric: str, now: float, before: float) -> MetricsView:
    """One slice of a metric now and before, of a hundred orders each."""
    sums = metric_of(metric)
    frame = pl.DataFrame(
        {"slice": ["all", "all"], "is_current": [True, False], sums.numerator: [now, before]}
    ).with_columns(pl.lit(100.0).alias(name) for name in {"orders", "gmv_usd"} - {sums.numerator})
    days = frame.select(pl.lit(tiny.AS_OF).alias("day"), pl.exclude("is_current"))
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    judged = april.up_to(date(2026, 4, 9)) if sums.is_cohort else None
    return MetricsView.of(
        sums, april, days=days, slices=frame, calendar=pl.DataFrame(), judged=judged
    )


def test_a_rate_moves_in_points_and_a_sum_in_per_cent() -> None:
    """From 4.0 to 3.5 of a hundred is half a point, not an eighth."""
    assert "(−0.50 pp)" in both("voucher_cost_share", 3.5, 4.0).sentence
    assert "(−12.5%)" in both("gmv_usd", 3.5, 4.0).sentence


def test_young_orders_are_told_and_not_compared() -> None:
    """The level is of the judged days, and the first young one is drawn apart."""
    view = both("refund_rate", 8.0, 8.0)
    assert "8.0% from 2026-04-01 to 2026-04-09, against 8.0% in the 9 days before" in view.sentence
    assert "Orders placed after 2026-04-09 are too young" in view.sentence
    assert view.young_since == date(2026, 4, 10)
    assert both("gmv_usd", 8.0, 8.0).young_since is None


def test_a_period_that_is_all_too_young_claims_nothing() -> None:
    """No level, no comparison."""
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    judged = april.up_to(date(2026, 3, 2))
    schema = {"slice": pl.String, "is_current": pl.Boolean}
    sums = {"refunded_orders": pl.Float64, "orders": pl.Float64}
    view = MetricsView.of(
        metric_of("refund_rate"),
        april,
        days=pl.DataFrame(schema={"day": pl.Date, "slice": pl.String, **sums}),
        slices=pl.DataFrame(schema={**schema, **sums}),
        calendar=pl.DataFrame(),
        judged=judged,
    )
    assert view.sentence.startswith("Refunds per order: nothing can be said of these days yet.")
    assert view.young_since == april.since


def test_a_fall_that_rounds_to_nought_has_no_sign() -> None:
    """A table writes what it is given: -0.4 of a dollar would be -0."""
    row = {"merchant_id": "m1", "name": "One", "market": "SG", "category": "home", "amount": 10.0,
           "share": 0.5, "orders": 1, "score": 0.1}  # fmt: skip
    rows = pl.DataFrame([row | {"previous": previous} for previous in (10.4, 12.0)])
    view = MerchantsView.of(metric_of("gmv_usd"), rows)
    assert [f"{change:+,.0f}" for change in view.table["change"]] == ["+0", "-2"]
