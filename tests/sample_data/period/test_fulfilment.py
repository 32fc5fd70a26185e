"""A parcel is known from what a carrier saw of it."""

import polars as pl

from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import share


def test_a_parcel_leaves_a_mark_only_once_it_was_seen(sample: Sample) -> None:
    """Weight, scans and feed come with the first scan, the place of delivery with the delivery."""
    rows = sample.table("shipments")
    is_scanned = rows["first_scan_at"].is_not_null()
    assert (rows["observed_at"].is_not_null() == is_scanned).all()
    assert (rows["weight_grams"].is_not_null() == is_scanned).all()
    assert ((rows["scan_count"] > 0) == is_scanned).all()
    has_arrived = rows["delivered_at"].is_not_null()
    assert (rows["is_address_match"].is_not_null() == has_arrived).all()
    assert (has_arrived & ~is_scanned).sum() == 0


def test_the_calendar_explains_the_strike(sample: Sample) -> None:
    """Deliveries of the market and days of the strike take clearly longer than the week before."""
    strike = sample.table("calendar").filter(pl.col("kind") == "carrier").row(0, named=True)
    rows = sample.orders.join(sample.table("merchants"), on="merchant_id")
    rows = rows.filter(
        (pl.col("market") == strike["market"]) & pl.col("delivered_at").is_not_null()
    )
    hours = (pl.col("delivered_at") - pl.col("paid_at")).dt.total_hours().median()
    first_scan = pl.col("first_scan_at")
    during = rows.filter(first_scan.is_between(strike["starts_at"], strike["ends_at"])).select(
        hours
    )
    before = rows.filter(first_scan < strike["starts_at"]).select(hours)
    assert during.item() > 1.5 * before.item()
    assert {"campaign", "policy", "viral", "holiday"} <= set(sample.table("calendar")["kind"])


def test_light_honest_goods_travel_light_and_fast(dense: Sample) -> None:
    """Stationery looks like an empty parcel signed the same day, and its weight is declared."""
    goods = dense.table("products").filter(pl.col("category") == "Stationery")
    rows = dense.orders.join(goods, on="product_id").filter(pl.col("first_scan_at").is_not_null())
    assert share(rows, pl.col("parcel_grams") < 60.0) > 0.4
    quick = pl.col("delivered_at") - pl.col("first_scan_at") < pl.duration(hours=12)
    assert share(rows, quick) > 0.2
