"""T4: a circle buys through its creator and refunds after the payout."""

import polars as pl

from sample_data.typologies import (
    affiliate_fraud,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, inside, median, ring_orders, share


def circle_orders(sample: Sample) -> pl.DataFrame:
    """Orders of a circle through its creator."""
    return ring_orders(sample, affiliate_fraud.NAME, "creator", "buyer")


def test_a_circle_clicks_at_once_without_having_looked(dense: Sample) -> None:
    """T4: no earlier view, click to order below 5 s, raised commission."""
    rows = circle_orders(dense).filter(
        ~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"])
    )
    assert rows.height >= 60
    assert share(rows, pl.col("click_to_order_seconds") < 5.0) > 0.7
    assert share(rows, pl.col("has_prior_view")) < 0.15
    usual = dense.orders.filter((pl.col("channel") == "affiliate") & ~pl.col("is_sample"))
    assert median(rows, "commission_rate") > 1.5 * median(usual, "commission_rate")


def test_a_circle_refunds_after_the_payout(dense: Sample) -> None:
    """T4: more than 60 % come back, 12 to 25 days after delivery, the commission already paid."""
    rows = circle_orders(dense).filter(pl.col("delivered_at") < dense.end - 26 * DAY)
    fast = rows.filter(pl.col("variant") != "slow_and_low")
    assert share(fast, pl.col("refund_id").is_not_null()) > 0.6
    slow = rows.filter(variant="slow_and_low")
    assert slow.is_empty() or share(slow, pl.col("refund_id").is_not_null()) < 0.7
    refunds = rows.filter(pl.col("refund_id").is_not_null())
    days = (pl.col("requested_at") - pl.col("delivered_at")) / DAY
    assert share(refunds, days.is_between(12.0, 25.1)) > 0.97
    paid = refunds.join(dense.table("commissions"), on="order_id", suffix="_c")
    assert share(paid, pl.col("refunded_at") > pl.col("paid_at_c")) > 0.6
    honest = dense.orders.filter((pl.col("channel") == "shop_tab") & (pl.col("refund_id") != ""))
    assert share(honest, days < 10.0) > 0.8


def test_circles_are_tied_to_their_creator(dense: Sample) -> None:
    """T4: 20-97 % of the buyers share a phone, address or card with the creator or each other."""
    rows = circle_orders(dense)
    own = dense.table("creators").select("creator_id", host="device_id")
    rows = rows.join(own, on="creator_id")
    for _, mine in rows.filter(pl.col("variant") != "rotated_identifiers").group_by("ring_id"):
        is_tied = pl.lit(value=False)
        for identifier in ("device_id", "address_id", "payment_token_id"):
            is_tied |= pl.col("buyer_id").n_unique().over(identifier) > 1
        near = mine.with_columns(near=is_tied | (pl.col("device_id") == pl.col("host")))
        linked_share = near.group_by("buyer_id").agg(pl.col("near").any())["near"].mean()
        assert inside(float(linked_share), (0.2, 1.0)), mine["variant"][0]  # type: ignore[arg-type]
