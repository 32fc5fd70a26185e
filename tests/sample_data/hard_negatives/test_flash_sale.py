"""A sale is a burst with one voucher, by people with phones of their own."""

import polars as pl

from sample_data.hard_negatives import flash_sale
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, inside, share


def test_sales_are_bursts_with_one_voucher_by_people_with_their_own_phones(dense: Sample) -> None:
    """HN: 80-100 % of a flash sale's orders carry its voucher; its buyers share no phones."""
    merchants = acting(dense, flash_sale.NAME, "merchant")
    rows = dense.orders.join(merchants, on="merchant_id")
    rows = rows.filter(pl.col("created_at").is_between("since", "until"))
    rows = rows.filter(pl.col("campaign_id").is_not_null())
    assert inside(share(rows, pl.col("voucher_id").is_not_null()), (0.75, 1.0))
    buyers_per_phone = rows.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert float(buyers_per_phone.mean()) < 1.2  # type: ignore[arg-type]
