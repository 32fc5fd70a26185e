"""The unseen pattern moves money at night, and nobody has a word for it."""

from typing import Any

import polars as pl

from sample_data.kit import timeline
from sample_data.typologies import (
    unseen_value_transfer,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, local_hour, ring_orders, share


def transfer_orders(sample: Sample) -> pl.DataFrame:
    """Orders that move money through a listing."""
    rows = ring_orders(sample, unseen_value_transfer.NAME, "product", "merchant", "buyer")
    products = sample.table("products").select("product_id", "price_minor", "category")
    return rows.join(products, on="product_id")


def test_the_unseen_pattern_moves_money_at_night(dense: Sample) -> None:
    """From day 78: old accounts pay 20-50 times the price, several pieces, 02-05 h, in silence."""
    rows = transfer_orders(dense)
    assert rows.height >= 40
    factor = pl.col("items_minor") / pl.col("quantity") / pl.col("price_minor")
    assert share(rows, factor.is_between(18.0, 52.0)) > 0.95
    assert share(rows, local_hour().is_between(2, 4)) == 1.0
    assert share(rows, pl.col("review_id").is_not_null() | pl.col("refund_id").is_not_null()) == 0.0
    assert rows["quantity"].min() >= 2  # type: ignore[operator]
    begun: Any = rows["created_at"].min()
    day = (begun - dense.table("orders")["created_at"].min()).days
    assert day >= timeline.UNSEEN_PATTERN_DAY - 1
    registered = dense.table("buyers").select("buyer_id", "registered_at")
    with_age = rows.join(registered, on="buyer_id")
    assert share(with_age, pl.col("created_at") - pl.col("registered_at") > 178 * DAY) == 1.0


def test_nobody_has_a_word_for_the_unseen_pattern(dense: Sample) -> None:
    """No label names it."""
    assert unseen_value_transfer.NAME not in set(dense.table("labels")["typology"].drop_nulls())
