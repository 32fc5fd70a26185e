"""Refunds, chains and transfers leave in the tables what the domain says they leave."""

from typing import Any

import polars as pl
import pytest

from sample_data.kit import timeline
from sample_data.typologies import (
    cross_domain,
    refund_abuse,
    unseen_value_transfer,
)

from .conftest import Sample
from .signatures import DAY, acting, inside, local_hour, ringed, share, told

# ---- T9 --------------------------------------------------------------------------


def claimed(sample: Sample) -> pl.DataFrame:
    """Delivered orders of refund abusers whose claim would be known by now."""
    rows = ringed(sample, refund_abuse.NAME, "buyer")
    return rows.filter(pl.col("delivered_at") < sample.end - 7 * DAY)


def test_refund_abusers_claim_most_of_it_back(dense: Sample) -> None:
    """T9: above 60 % refunds over at least 8 orders; honest buyers' 95th percentile is below."""
    each = (
        claimed(dense)
        .group_by("buyer_id", "variant")
        .agg(pl.len(), rate=pl.col("refund_id").is_not_null().mean())
    )
    active = each.filter(pl.col("len") >= 8)
    assert active.height >= 0.4 * each.height
    naive = active.filter(~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"]))
    assert share(naive, pl.col("rate") > 0.6) > 0.75
    planted = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(planted.implode()))
    honest = honest.group_by("buyer_id").agg(
        pl.len(), rate=pl.col("refund_id").is_not_null().mean()
    )
    assert float(honest.filter(pl.col("len") >= 8)["rate"].quantile(0.95)) < 0.6  # type: ignore[arg-type]


def test_missing_parcels_were_delivered_and_returns_are_light(dense: Sample) -> None:
    """T9: INR with proof of delivery, returns 30-100 % lighter, worth just less than a proof."""
    limits, rows = refund_abuse.PARAMETERS, claimed(dense)
    rows = rows.filter(pl.col("variant") != "mixed_with_real")
    asked = rows.filter(pl.col("refund_id").is_not_null())
    missing = asked.filter(pl.col("reason") == "not_received")
    assert inside(missing.height / asked.height, (0.3, 0.6))
    assert share(missing, pl.col("is_address_match")) > 0.95
    back = asked.filter(pl.col("return_weight_grams").is_not_null())
    lighter = 1.0 - pl.col("return_weight_grams") / pl.col("parcel_grams")
    assert share(back, lighter.is_between(0.3, 1.0)) > 0.85
    usd = pl.col("items_minor") / 100.0 * pl.col("usd_per_unit") / pl.col("quantity")
    low, high = (part * limits.proof_threshold_usd for part in limits.under_threshold)
    planted = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(planted.implode()))
    aimed = usd.is_between(0.9 * low, 1.1 * high)
    assert share(rows, aimed) > share(honest, aimed) + 0.2


def test_refund_rings_repeat_one_claim(dense: Sample) -> None:
    """T9: the same claim text over 5-50 accounts of a ring."""
    size = dense.members(refund_abuse.NAME, "buyer").group_by("ring_id").len()
    rings = size.filter(pl.col("len") > 1)["ring_id"]
    asked = claimed(dense).filter(
        pl.col("ring_id").is_in(rings.implode()) & pl.col("claim_text").is_not_null()
    )
    told_alike = asked.group_by("ring_id", "claim_text").agg(pl.col("buyer_id").n_unique())
    most = told_alike.group_by("ring_id").agg(pl.col("buyer_id").max())["buyer_id"]
    assert len(most) >= 2
    assert inside(float(most.median()), (5.0, 50.0))  # type: ignore[arg-type]


# ---- T15 -------------------------------------------------------------------------


def test_chains_are_whole_and_of_the_domain_s_size(dense: Sample) -> None:
    """T15: 2-4 chains of 40-150 entities, each one ring of shops, listings, a creator, buyers."""
    chains = dense.truth.filter(pl.col("typology") == cross_domain.NAME)
    size = chains.group_by("ring_id").agg(pl.len(), pl.col("entity_type").n_unique())
    assert inside(size.height, (2, 4))
    assert size["len"].min() >= 40  # type: ignore[operator]
    assert size["len"].max() <= 150  # type: ignore[operator]
    assert size["entity_type"].min() == 4
    once = chains.group_by("entity_type", "entity_id").len()["len"]
    assert once.max() == 1


def test_a_chain_loses_every_dollar_once(dense: Sample) -> None:
    """T15: no order has two kinds of loss, and the ring's loss is the sum over its orders."""
    rows = _of_the_chain(dense)
    kinds = [
        (pl.col("voucher_minor") > 0).cast(pl.Int64),
        pl.col("commission_rate").gt(0).cast(pl.Int64),
        pl.col("refund_minor").is_not_null().cast(pl.Int64),
    ]
    assert rows.select(pl.sum_horizontal(kinds).max()).item() == 1
    commission = (pl.col("items_minor") * pl.col("commission_rate")).round(0)
    back = pl.when(pl.col("refunded_at").is_not_null()).then("refund_minor").otherwise(0)
    lost = (pl.col("voucher_minor") + commission + back) / 100.0 * pl.col("usd_per_unit")
    mine = rows.group_by("ring_id").agg(lost=lost.sum())
    rings = told(dense).select(
        "ring_id",
        told=pl.sum_horizontal(pl.selectors.starts_with("loss_") & pl.selectors.ends_with("_usd")),
    )
    for row in mine.join(rings, on="ring_id").iter_rows(named=True):
        assert row["lost"] == pytest.approx(row["told"], rel=0.02, abs=0.5)


def _of_the_chain(sample: Sample) -> pl.DataFrame:
    """Orders of a chain's accounts in its time; in mixed chains some are their own affair."""
    return ringed(sample, cross_domain.NAME, "buyer").filter(pl.col("variant") != "mixed_with_real")


def test_one_operator_stands_behind_a_chain(dense: Sample) -> None:
    """T15: one payout account and return address for shops and creator; phones shared by roles."""
    shops = acting(dense, cross_domain.NAME, "merchant")
    own = (
        shops.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(pl.col("bank_account_id").unique(), pl.col("return_address_id").n_unique())
    )
    assert own["bank_account_id"].list.len().max() == 1
    assert own["return_address_id"].max() == 1
    paid = acting(dense, cross_domain.NAME, "creator").join(
        dense.table("creators"), on="creator_id"
    )
    tied = paid.join(own, on="ring_id").select(
        pl.col("bank_account_id") == pl.col("bank_account_id_right").list.first()
    )
    assert tied.to_series().all()
    rows = ringed(dense, cross_domain.NAME, "buyer").filter(variant="naive")
    praises, redeems = pl.col("rating").eq(5).any(), (pl.col("voucher_minor") > 0).any()
    phones = rows.group_by("ring_id", "device_id").agg(both=praises & redeems)
    assert phones["both"].sum() >= 1


# ---- the unseen pattern ----------------------------------------------------------


def carried(sample: Sample) -> pl.DataFrame:
    """Orders that move money through a listing."""
    rows = ringed(sample, unseen_value_transfer.NAME, "product", "merchant", "buyer")
    listed = sample.table("products").select("product_id", "price_minor", "category")
    return rows.join(listed, on="product_id")


def test_the_unseen_pattern_moves_money_at_night(dense: Sample) -> None:
    """From day 78: old accounts pay 20-50 times the price, several pieces, 02-05 h, in silence."""
    rows = carried(dense)
    assert rows.height >= 40
    factor = pl.col("items_minor") / pl.col("quantity") / pl.col("price_minor")
    assert share(rows, factor.is_between(18.0, 52.0)) > 0.95
    assert share(rows, local_hour().is_between(2, 4)) == 1.0
    assert share(rows, pl.col("review_id").is_not_null() | pl.col("refund_id").is_not_null()) == 0.0
    assert rows["quantity"].min() >= 2  # type: ignore[operator]
    begun: Any = rows["created_at"].min()
    day = (begun - dense.table("orders")["created_at"].min()).days
    assert day >= timeline.UNSEEN_PATTERN_DAY - 1
    opened = dense.table("buyers").select("buyer_id", "registered_at")
    aged = rows.join(opened, on="buyer_id")
    assert share(aged, pl.col("created_at") - pl.col("registered_at") > 178 * DAY) == 1.0


def test_nobody_has_a_word_for_the_unseen_pattern(dense: Sample) -> None:
    """No label names it."""
    assert unseen_value_transfer.NAME not in set(dense.table("labels")["typology"].drop_nulls())
