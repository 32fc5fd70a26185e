"""Honest shopping has a week and a day."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_the_week_and_the_day_have_a_rhythm(sample: Sample) -> None:
    """Weekends sell more than Mondays, evenings far more than the small hours."""
    paid = sample.orders.join(sample.table("merchants"), on="merchant_id")
    by_day = paid.group_by(pl.col("created_at").dt.weekday()).len().sort("created_at")["len"]
    assert by_day[5] > 1.05 * by_day[0]
    here = paid.filter(pl.col("market") == "GB")
    hours = here.group_by(pl.col("created_at").dt.hour().alias("hour")).len()
    share = dict(hours.rows())
    assert share[20] > 5 * share.get(3, 1)
