"""Categories differ as they do in real marketplaces."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_categories_keep_their_own_habits(sample: Sample) -> None:
    """Apparel comes back more than food; electronics cost more than stationery."""
    orders = sample.orders.join(sample.table("products"), on="product_id")
    rate = dict(orders.group_by("category").agg(pl.col("refund_id").is_not_null().mean()).rows())
    assert rate["Apparel"] > 3 * rate["Food"]
    usd = pl.col("price_minor") * pl.col("usd_per_unit")
    price = dict(sample.table("products").group_by("category").agg(usd.median()).rows())
    assert price["Electronics"] > 4 * price["Stationery"]
