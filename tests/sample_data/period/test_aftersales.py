"""Honest buyers return what their category returns."""

import polars as pl

from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, inside, share


def test_honest_live_apparel_comes_back_a_lot(dense: Sample) -> None:
    """Returns above 30 % in live apparel are normal here (docs/domain.md §T4)."""
    goods = dense.table("products").filter(pl.col("category") == "Apparel")
    rows = dense.orders.join(goods, on="product_id").filter(
        (pl.col("channel") == "live") & (pl.col("delivered_at") < dense.end - 10 * DAY)
    )
    assert inside(share(rows, pl.col("refund_id").is_not_null()), (0.3, 0.6))
