"""Live apparel returns whole and in time."""

import polars as pl

from sample_data.hard_negatives import (
    apparel_returns,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, acting, inside, share


def test_live_apparel_returns_whole_and_in_time(dense: Sample) -> None:
    """HN: 30-80 % come back within nine days with their full weight."""
    hosts = acting(dense, apparel_returns.NAME, "creator")
    buyers = acting(dense, apparel_returns.NAME, "buyer").select("ring_id", "buyer_id")
    rows = dense.orders.join(hosts, on="creator_id").join(buyers, on=("ring_id", "buyer_id"))
    old = rows.filter(pl.col("delivered_at") < dense.end - 10 * DAY)
    refunds = old.filter(pl.col("refund_id").is_not_null())
    assert inside(refunds.height / old.height, apparel_returns.PARAMETERS.return_rate, slack=0.05)
    wait = (pl.col("requested_at") - pl.col("delivered_at")).dt.total_hours() / 24.0
    assert share(refunds, wait <= 9.1) > 0.97
    back = refunds.filter(pl.col("return_weight_grams").is_not_null())
    assert share(back, pl.col("return_weight_grams") > 0.85 * pl.col("parcel_grams")) > 0.95
