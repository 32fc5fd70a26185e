"""The own band looks back only; shares are made from sums."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.view_models.calendar import marks_of
from dashboard.view_models.drift import METRICS, DriftView, metric_of

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(60)]
NO_PEERS = pl.DataFrame(
    schema={"day": pl.Date, "p10": pl.Float64, "p50": pl.Float64, "p90": pl.Float64}
)
ORDERS = metric_of("merchant", "orders")
REFUNDS = metric_of("merchant", "refund_rate")


def days(orders: list[float], refunds: float = 0.0) -> pl.DataFrame:
    """Sixty days of orders."""
    columns = {"day": DAYS, "orders": orders, "refunded_orders": [refunds] * 60}
    return pl.DataFrame({**columns, "is_mature": [True] * 60})


def test_the_own_mean_does_not_know_the_day_it_is_drawn_behind() -> None:
    """A jump on the last day leaves the last band as it was."""
    calm = DriftView.of(ORDERS, days([10.0] * 60), NO_PEERS, pl.DataFrame())
    jump = DriftView.of(ORDERS, days([10.0] * 59 + [500.0]), NO_PEERS, pl.DataFrame())
    assert calm.days["own_mean"].to_list() == jump.days["own_mean"].to_list()


def test_the_last_week_is_compared_with_the_four_before() -> None:
    """Seven days of 30 after weeks of 10 read as three times."""
    view = DriftView.of(ORDERS, days([10.0] * 53 + [30.0] * 7), NO_PEERS, pl.DataFrame())
    assert (view.recent_text, view.before_text) == ("30", "10")
    assert "3× its own 28 days before" in view.sentence


def test_a_share_is_a_ratio_of_sums() -> None:
    """One refund on a day of one order and none on a day of nine is not 50 %."""
    frame = days([1.0, 9.0] * 30).with_columns(
        pl.when(pl.col("orders") == 1).then(1.0).otherwise(0.0).alias("refunded_orders")
    )
    view = DriftView.of(REFUNDS, frame, NO_PEERS, pl.DataFrame())
    assert view.before_text == "10.0%"


def test_a_day_without_orders_has_no_share() -> None:
    """Nothing over nothing is unknown, not zero."""
    view = DriftView.of(REFUNDS, days([0.0] * 60), NO_PEERS, pl.DataFrame())
    assert view.days["value"].null_count() == 60
    assert view.recent_text == "–"


def test_an_unknown_metric_falls_back_to_the_first() -> None:
    """A stale link still draws something."""
    assert metric_of("buyer", "nonsense") == METRICS["buyer"][0]


def test_a_missing_calendar_has_no_marks() -> None:
    """The panel goes on without the calendar table."""
    assert marks_of(pl.DataFrame()) == ()


def test_days_whose_refunds_are_still_coming_are_left_out() -> None:
    """The rate ends with the last mature day, and the sentence says so; a sum goes on."""
    frame = days([10.0] * 60, 2.0).with_columns(
        is_mature=pl.col("day") <= DAYS[40],
        refunded_orders=pl.when(pl.col("day") <= DAYS[40]).then(2.0).otherwise(0.0),
    )
    view = DriftView.of(REFUNDS, frame, NO_PEERS, pl.DataFrame())
    assert (view.recent_text, view.days["day"][-1]) == ("20.0%", DAYS[40])
    assert view.recent_label == f"7 days to {DAYS[40]}"
    assert view.sentence.endswith("later days are left out.")
    assert DriftView.of(ORDERS, frame, NO_PEERS, pl.DataFrame()).days["day"][-1] == DAYS[-1]
