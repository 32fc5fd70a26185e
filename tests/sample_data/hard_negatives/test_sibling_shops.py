"""Siblings share a bank account and deliver."""

import polars as pl

from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, mean


def test_siblings_share_a_bank_account_and_deliver(sample: Sample) -> None:
    """The clearing fact of sibling shops is in the data."""
    members = sample.members("HN_SIBLING_SHOPS", "merchant").rename({"entity_id": "merchant_id"})
    merchants = members.join(sample.table("merchants"), on="merchant_id")
    reuse = merchants.group_by("ring_id").agg(pl.len() - pl.col("bank_account_id").n_unique())
    assert mean(reuse, pl.col("len") > 0) > 0.5
    parcels = sample.orders.join(members, on="merchant_id").filter(
        pl.col("shipped_at") < sample.end - 20 * DAY
    )
    assert mean(parcels, pl.col("delivered_at").is_not_null()) > 0.93
