"""Slices and their total come from the same sums."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboard.view_models.definitions import metric_of
from dashboard.view_models.metrics import MerchantsView, MetricsView, Period


def test_slices_and_total_come_from_the_same_sums() -> None:
    """A rate over two slices is the ratio of the sums, not the mean of the rates."""
    slices = frame(["MY", "SG"], after=([1.0, 9.0], [100.0, 100.0]), before=([1.0, 0.0], [50.0, 0]))
    period = Period(date(2026, 4, 1), date(2026, 4, 30))
    view = MetricsView.of(
        metric_of("refund_rate"), period, days=days(), slices=slices, calendar=pl.DataFrame()
    )
    assert "5.0% from 2026-04-01 to 2026-04-30" in view.sentence
    assert "against 2.0% in the 30 days before" in view.sentence
    assert view.slices.filter(pl.col("slice") == "MY")["change"][0] == pytest.approx(-1.0)
    assert period.before == Period(date(2026, 3, 2), date(2026, 3, 31))


def frame(names: list[str], **sides: tuple[list[float], list[float]]) -> pl.DataFrame:
    """Slices with numerators and denominators of `before` and `after`; n is the denominator."""
    columns: dict[str, list[Any]] = {"slice": names}
    for side, (tops, bottoms) in sides.items():
        columns |= {f"numerator_{side}": tops, f"denominator_{side}": bottoms}
        columns[f"n_{side}"] = [int(one) for one in bottoms]
    return pl.DataFrame(columns)


def days(*mature: bool) -> pl.DataFrame:
    """April's first days, each of one slice, 5 of 100."""
    rows = [
        {"day": date(2026, 4, 1 + i), "slice": "all", "numerator": 5.0, "denominator": 100.0}
        | {"is_mature": one, "n": 100}
        for i, one in enumerate(mature or (True,))
    ]
    return pl.DataFrame(rows)


def both(metric: str, now: float, before: float) -> MetricsView:
    """One slice of a metric now and before, of a hundred orders each."""
    kpi = metric_of(metric)
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    judged = april.up_to(date(2026, 4, 9)) if kpi.maturity_days else None
    slices = frame(["all"], after=([now], [100.0]), before=([before], [100.0]))
    return MetricsView.of(
        kpi, april, days=days(), slices=slices, calendar=pl.DataFrame(), judged=judged
    )


def test_a_rate_of_few_is_not_shown() -> None:
    """Of 29 orders it says nothing, of 30 it does; sums are shown however small."""
    slices = frame(
        ["few", "enough"], after=([3.0, 3.0], [29.0, 30.0]), before=([1.0] * 2, [90.0] * 2)
    )
    period = Period(date(2026, 4, 1), date(2026, 4, 30))
    shown = {
        code: MetricsView.of(
            metric_of(code), period, days=days(), slices=slices, calendar=pl.DataFrame()
        ).slices.sort("slice")["now"]
        for code in ("refund_rate", "orders")
    }
    assert shown["refund_rate"].to_list() == [pytest.approx(0.1), None]
    assert shown["orders"].to_list() == [3.0, 3.0]


def test_a_point_of_few_is_not_drawn_and_said_to_be() -> None:
    """In the chart, and in the sentence where the whole period is of too few."""
    period = Period(date(2026, 4, 1), date(2026, 4, 2))
    few = days(True, True).with_columns(n=pl.Series([29, 30]))
    slices = frame(["all"], after=([5.0], [20.0]), before=([5.0], [100.0]))
    view = MetricsView.of(
        metric_of("refund_rate"), period, days=few, slices=slices, calendar=pl.DataFrame()
    )
    assert view.series["value"].to_list() == [None, 0.05]
    assert "20 counted from 2026-04-01 to 2026-04-02, fewer than 30: no value" in view.sentence
    assert "1 point of fewer than 30 is not drawn." in view.sentence


def test_days_without_verdicts_are_left_out_and_said_to_be() -> None:
    """A hole inside the judged days has a sentence of its own."""
    period = Period(date(2026, 4, 1), date(2026, 4, 5))
    slices = frame(["all"], after=([5.0], [100.0]), before=([5.0], [100.0]))
    view = MetricsView.of(
        metric_of("bad_order_rate"),
        period,
        days=days(True, False, False, True),
        slices=slices,
        calendar=pl.DataFrame(),
    )
    assert "500 bps from 2026-04-01" in view.sentence
    assert "2 days (2026-04-02 to 2026-04-03) are left out" in view.sentence


def test_a_rate_moves_in_points_and_a_sum_in_per_cent() -> None:
    """From 4.0 to 3.5 of a hundred is half a point, not an eighth."""
    assert "(−0.50 pp)" in both("voucher_cost_share", 3.5, 4.0).sentence
    assert "(−12.5%)" in both("gmv_usd", 3.5, 4.0).sentence


def test_young_orders_are_told_and_not_compared() -> None:
    """The level is of the judged days, and the first young one is drawn apart."""
    view = both("refund_rate", 8.0, 8.0)
    assert "8.0% from 2026-04-01 to 2026-04-09, against 8.0% in the 9 days before" in view.sentence
    assert "Days after 2026-04-09 are too young" in view.sentence
    assert view.young_since == date(2026, 4, 10)
    assert both("gmv_usd", 8.0, 8.0).young_since is None


def test_a_period_that_is_all_too_young_claims_nothing() -> None:
    """No level, no comparison."""
    april = Period(date(2026, 4, 1), date(2026, 4, 30))
    judged = april.up_to(date(2026, 3, 2))
    view = MetricsView.of(
        metric_of("refund_rate"),
        april,
        days=days().clear(),
        slices=frame([], after=([], []), before=([], [])),
        calendar=pl.DataFrame(),
        judged=judged,
    )
    assert view.sentence.startswith("Refund rate: nothing can be said of these days yet.")
    assert view.young_since == april.since


def test_a_fall_that_rounds_to_nought_has_no_sign() -> None:
    """A table writes what it is given: -0.4 of a dollar would be -0."""
    row = {"merchant_id": "m1", "name": "One", "market": "SG", "category": "home", "amount": 10.0,
           "share": 0.5, "orders": 1, "score": 0.1}  # fmt: skip
    rows = pl.DataFrame([row | {"previous": previous} for previous in (10.4, 12.0)])
    view = MerchantsView.of(metric_of("gmv_usd"), rows)
    assert [f"{change:+,.0f}" for change in view.table["change"]] == ["+0", "-2"]
