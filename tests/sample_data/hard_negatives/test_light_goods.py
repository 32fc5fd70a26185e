"""Light goods weigh what their parcels weigh."""

import polars as pl

from sample_data.hard_negatives import (
    light_goods,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import HOUR, acting, share, while_acting


def test_light_goods_weigh_what_their_parcels_weigh(dense: Sample) -> None:
    """HN: parcels below 50 g within 12 h, and the declared weight says the same."""
    goods = dense.table("products").select("product_id", declared="weight_grams")
    products = acting(dense, light_goods.NAME, "product")
    rows = (
        dense.orders.join(products, on="product_id")
        .join(goods, on="product_id")
        .filter(while_acting())
    )
    rows = rows.filter(pl.col("delivered_at").is_not_null() & (pl.col("quantity") == 1))
    quick = (pl.col("delivered_at") - pl.col("first_scan_at")) < 12 * HOUR
    assert share(rows, quick) > 0.5
    assert share(rows, pl.col("parcel_grams") < 60.0) > 0.6
    assert share(rows, pl.col("parcel_grams") >= 0.8 * pl.col("declared")) > 0.97
