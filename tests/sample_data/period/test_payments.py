"""Honest payments fail now and then."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_refused_attempts_are_as_common_as_they_should_be(sample: Sample) -> None:
    """A few orders in a hundred have one, over the sum of the order."""
    orders = sample.table("orders").height
    tries = sample.table("declined_payments").drop_nulls("order_id")
    assert 0.04 < tries["order_id"].n_unique() / orders < 0.15
    assert (
        tries.join(sample.table("orders"), on="order_id")
        .select((pl.col("amount_minor") == pl.col("paid_minor")).all())
        .item()
    )
