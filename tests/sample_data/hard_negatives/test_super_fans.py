"""Fans and bulk buyers share nothing but a shop."""

import polars as pl

from sample_data.hard_negatives import (
    super_fans,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, share, while_acting


def test_fans_have_their_own_phones_and_bulk_buyers_full_parcels(dense: Sample) -> None:
    """HN: buyers who concentrate on one shop share nothing with each other."""
    people = acting(dense, super_fans.NAME, "buyer")
    rows = dense.orders.join(people, on="buyer_id").filter(while_acting())
    per = rows.group_by("ring_id", "buyer_id", "merchant_id").len()
    assert per.filter(pl.col("len") >= 4)["buyer_id"].n_unique() > 0.6 * people.height
    buyers_per_phone = rows.group_by("device_id").agg(pl.col("buyer_id").n_unique())
    assert share(buyers_per_phone, pl.col("buyer_id") == 1) > 0.95
