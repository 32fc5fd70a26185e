"""A dorm shares an address, a family a phone."""

import polars as pl

from sample_data.hard_negatives import dorm_address, family_device
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, inside, share


def test_dorms_share_an_address_and_families_a_phone(dense: Sample) -> None:
    """HN: 20 and more accounts at one address on phones of their own; 2-6 accounts on one phone."""
    for module, key, span in (
        (dorm_address, "address_id", (15, 200)),
        (family_device, "device_id", (1, 6)),
    ):
        rows = dense.orders.join(acting(dense, module.NAME, "buyer"), on="buyer_id")
        buyers_per_key = rows.group_by("ring_id", key).agg(pl.col("buyer_id").n_unique())
        most = buyers_per_key.group_by("ring_id").agg(pl.col("buyer_id").max())["buyer_id"]
        assert inside(float(most.median()), span), module.NAME  # type: ignore[arg-type]
    phones = dense.orders.join(acting(dense, dorm_address.NAME, "buyer"), on="buyer_id")
    assert share(phones.unique(("buyer_id", "device_id")), pl.len().over("device_id") > 2) < 0.1
