"""T9: refund abusers claim most of what they buy back."""

import polars as pl

from sample_data.typologies import (
    refund_abuse,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, inside, ring_orders, share


def claimed_orders(sample: Sample) -> pl.DataFrame:
    """Delivered orders of refund abusers whose claim would be known by now."""
    rows = ring_orders(sample, refund_abuse.NAME, "buyer")
    return rows.filter(pl.col("delivered_at") < sample.end - 7 * DAY)


def test_refund_abusers_claim_most_of_it_back(dense: Sample) -> None:
    """T9: above 60 % refunds over at least 8 orders; honest buyers' 95th percentile is below."""
    each = (
        claimed_orders(dense)
        .group_by("buyer_id", "variant")
        .agg(pl.len(), rate=pl.col("refund_id").is_not_null().mean())
    )
    active = each.filter(pl.col("len") >= 8)
    assert active.height >= 0.4 * each.height
    naive = active.filter(~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"]))
    assert share(naive, pl.col("rate") > 0.6) > 0.75
    story_buyers = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(story_buyers.implode()))
    honest = honest.group_by("buyer_id").agg(
        pl.len(), rate=pl.col("refund_id").is_not_null().mean()
    )
    assert float(honest.filter(pl.col("len") >= 8)["rate"].quantile(0.95)) < 0.6  # type: ignore[arg-type]


def test_missing_parcels_were_delivered_and_returns_are_light(dense: Sample) -> None:
    """T9: INR with proof of delivery, returns 30-100 % lighter, worth just less than a proof."""
    limits, rows = refund_abuse.PARAMETERS, claimed_orders(dense)
    rows = rows.filter(pl.col("variant") != "mixed_with_real")
    refunds = rows.filter(pl.col("refund_id").is_not_null())
    missing = refunds.filter(pl.col("reason") == "not_received")
    assert inside(missing.height / refunds.height, (0.3, 0.6))
    assert share(missing, pl.col("is_address_match")) > 0.95
    back = refunds.filter(pl.col("return_weight_grams").is_not_null())
    lighter = 1.0 - pl.col("return_weight_grams") / pl.col("parcel_grams")
    assert share(back, lighter.is_between(0.3, 1.0)) > 0.85
    usd = pl.col("items_minor") / 100.0 * pl.col("usd_per_unit") / pl.col("quantity")
    low, high = (part * limits.proof_threshold_usd for part in limits.under_threshold)
    story_buyers = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(story_buyers.implode()))
    is_aimed = usd.is_between(0.9 * low, 1.1 * high)
    assert share(rows, is_aimed) > share(honest, is_aimed) + 0.2


def test_refund_rings_repeat_one_claim(dense: Sample) -> None:
    """T9: the same claim text over 5-50 accounts of a ring."""
    size = dense.members(refund_abuse.NAME, "buyer").group_by("ring_id").len()
    rings = size.filter(pl.col("len") > 1)["ring_id"]
    claims = claimed_orders(dense).filter(
        pl.col("ring_id").is_in(rings.implode()) & pl.col("claim_text").is_not_null()
    )
    told_alike = claims.group_by("ring_id", "claim_text").agg(pl.col("buyer_id").n_unique())
    most = told_alike.group_by("ring_id").agg(pl.col("buyer_id").max())["buyer_id"]
    assert len(most) >= 2
    assert inside(float(most.median()), (5.0, 50.0))  # type: ignore[arg-type]
