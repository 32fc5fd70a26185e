"""Buyers complain about what happened to them, and not before."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_a_complaint_about_the_goods_follows_the_parcel(sample: Sample) -> None:
    """Nobody judges goods, or asks money back for them, before they came."""
    came = sample.table("shipments").select("order_id", "delivered_at")
    goods = ("not_as_described", "counterfeit", "quality")
    sources = {
        "complaints": ("event_at", pl.col("topic").is_in(goods)),
        "disputes": ("event_at", pl.col("kind") == "not_as_described"),
        "refunds": ("requested_at", pl.col("reason") != "not_received"),
    }
    for table, (instant, about) in sources.items():
        rows = sample.table(table).filter(about & pl.col("order_id").is_not_null())
        rows = rows.join(came, on="order_id", how="left")
        assert rows.height > 0, table
        assert (rows["delivered_at"] <= rows[instant]).all(), table
        assert rows["delivered_at"].null_count() == 0, table


def test_honest_complaints_are_as_common_as_they_should_be(sample: Sample) -> None:
    """About one order in forty."""
    orders = sample.table("orders").height
    assert 0.01 < sample.table("complaints").height / orders < 0.05
