"""Stories about orders and accounts leave in the tables what the domain says they leave."""

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from sample_data import timeline, voucher_farms
from sample_data.markets import MARKETS
from sample_data.typologies import (
    affiliate_fraud,
    brushing,
    cross_domain,
    incentive_abuse,
    refund_abuse,
    unseen_value_transfer,
)

from .conftest import Sample
from .signatures import DAY, HOUR, acting, inside, share, told

FAST = [variant.name for variant in brushing.FAST]
CURRENCY = {market.currency: market for market in MARKETS}


def median(rows: pl.DataFrame, column: str) -> float:
    """Median of a column as a number."""
    return float(rows.select(pl.col(column).cast(pl.Float64).median()).item())


def local_hour() -> pl.Expr:
    """Hour of the order on the market's own clock."""
    offset = pl.col("currency").replace_strict(
        {code: market.utc_offset_hours for code, market in CURRENCY.items()},
        return_dtype=pl.Int64,
    )
    return (pl.col("created_at") + pl.duration(hours=offset)).dt.hour()


def ringed(sample: Sample, typology: str, *keys: str) -> pl.DataFrame:
    """Orders between members of one ring, by the kinds of member named."""
    rows = sample.orders
    for number, kind in enumerate(keys):
        members = acting(sample, typology, kind)
        on = [f"{kind}_id"] if number == 0 else ["ring_id", f"{kind}_id"]
        extra = ["variant", "since", "until"] if number == 0 else []
        rows = rows.join(members.select("ring_id", f"{kind}_id", *extra), on=on)
    return rows.filter(pl.col("created_at").is_between("since", "until"))


def brushed(sample: Sample) -> pl.DataFrame:
    """Orders of a pool's workers for the listings its shops want praised."""
    return ringed(sample, brushing.NAME, "product", "merchant", "buyer")


def farmed(sample: Sample) -> pl.DataFrame:
    """Orders of farmed accounts, with the offer they used."""
    offers = sample.table("vouchers").select(
        "voucher_id", "min_spend_minor", offer="kind", offered_at="starts_at"
    )
    opened = sample.table("buyers").select("buyer_id", opened_at="registered_at")
    rows = ringed(sample, incentive_abuse.NAME, "buyer").join(opened, on="buyer_id")
    return rows.join(offers, on="voucher_id", how="left")


def cashed_in(sample: Sample) -> pl.DataFrame:
    """Orders of the rings that live on new-buyer offers, whichever goods they take."""
    rows = farmed(sample)
    used = rows.group_by("ring_id").agg(mine=(pl.col("offer") == "new_buyer").mean())
    return rows.join(used.filter(pl.col("mine") > 0.3), on="ring_id")


def linked(sample: Sample) -> pl.DataFrame:
    """Orders of a circle through its creator."""
    return ringed(sample, affiliate_fraud.NAME, "creator", "buyer")


# ---- T1 --------------------------------------------------------------------------


def test_pools_have_dozens_of_workers_for_a_few_shops(dense: Sample) -> None:
    """T1: 30-300 workers are reused by 3-15 unrelated shops."""
    limits = brushing.PARAMETERS
    for kind, span in (("buyer", (20, 300)), ("merchant", limits.shops)):
        size = dense.members(brushing.NAME, kind).group_by("ring_id").len()["len"]
        assert size.min() >= span[0]  # type: ignore[operator]
        assert size.max() <= span[1]  # type: ignore[operator]


def test_campaigns_last_days_at_tens_of_orders_in_waking_hours(dense: Sample) -> None:
    """T1: 3-14 days, 10-60 orders a day, inside 09-23 h local."""
    limits, rows = brushing.PARAMETERS, brushed(dense)
    assert share(rows, local_hour().is_between(9, 22)) > 0.99
    quick = (
        rows.filter(pl.col("variant") != "slow_and_low")
        .group_by("merchant_id")
        .agg(pl.len(), days=(pl.col("created_at").max() - pl.col("created_at").min()) / DAY)
    )
    quick = quick.with_columns(daily=pl.col("len") / pl.max_horizontal("days", pl.lit(1.0)))
    assert inside(float(quick["days"].max()), limits.campaign_days, slack=1.0)  # type: ignore[arg-type]
    assert inside(median(quick, "daily"), limits.orders_per_day, slack=4.0)
    slow = (
        rows.filter(variant="slow_and_low")
        .group_by("merchant_id")
        .agg(days=(pl.col("created_at").max() - pl.col("created_at").min()) / DAY)
    )
    assert median(slow, "days") > 1.5 * median(quick, "days")


def test_naive_workers_order_again_and_again_within_the_hour(dense: Sample) -> None:
    """T1 naive: orders over unique buyers of one shop and hour reach three (Shopee's rule)."""
    rows = brushed(dense).filter(variant="naive")
    hours = rows.group_by("merchant_id", "buyer_id", pl.col("created_at").dt.truncate("2h")).len()
    assert share(hours, pl.col("len") >= 3) > 0.4
    careful = brushed(dense).filter(~pl.col("variant").is_in([*FAST, "mixed_with_real"]))
    each = careful.group_by("merchant_id", "buyer_id").len()
    assert share(each, pl.col("len") == 1) > 0.98  # rented accounts also buy for themselves


def test_shops_of_a_pool_share_buyers_and_others_do_not(dense: Sample) -> None:
    """T1: buyer-set Jaccard 0.1-0.4 within a pool, below 0.01 between other shops."""
    pools = brushed(dense).group_by("ring_id", "merchant_id").agg(pl.col("buyer_id").unique())
    within = [
        _jaccard(a, b)
        for _, shops in pools.group_by("ring_id")
        for a, b in itertools.combinations(shops["buyer_id"].to_list(), 2)
    ]
    assert inside(float(np.median(within)), (0.1, 0.4))
    bad = dense.truth.filter(pl.col("entity_type") == "merchant")["entity_id"]
    honest = (
        dense.orders.filter(~pl.col("merchant_id").is_in(bad.implode()))
        .group_by("merchant_id")
        .agg(pl.col("buyer_id").unique())
        .filter(pl.col("buyer_id").list.len() >= 20)
        .head(40)
    )
    apart = [_jaccard(a, b) for a, b in itertools.combinations(honest["buyer_id"].to_list(), 2)]
    assert float(np.median(apart)) < 0.01


def _jaccard(one: list[str], other: list[str]) -> float:
    return len(set(one) & set(other)) / len(set(one) | set(other))


def test_brushed_orders_are_paid_at_once_and_praised_in_two_days(dense: Sample) -> None:
    """T1: paid within 60 s, five stars in 48 h for 60-95 %, next to no refunds."""
    limits, rows = brushing.PARAMETERS, brushed(dense)
    prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=60)
    soon = pl.col("reviewed_at") - pl.col("delivered_at") <= 48 * HOUR
    fast = rows.filter(pl.col("variant").is_in(FAST))
    assert share(fast, prompt) > 0.95
    assert share(rows.filter(~pl.col("variant").is_in(FAST)), prompt) > 0.6
    old = fast.filter(pl.col("delivered_at") < dense.end - 3 * DAY)
    for _, mine in old.group_by("merchant_id"):
        if mine.height >= 30:
            assert inside(share(mine, (pl.col("rating") == 5) & soon), limits.five_star, slack=0.15)
    assert inside(share(old, (pl.col("rating") == 5) & soon), limits.five_star, slack=0.03)
    assert share(rows, pl.col("refund_id").is_not_null()) < 0.03


def test_brushed_parcels_are_light_quick_and_hardly_scanned(dense: Sample) -> None:
    """T1: below 50 g in 85 %, signed within 12 h in 68 %, only picked up and signed."""
    rows = brushed(dense).filter(
        pl.col("variant").is_in(FAST) & pl.col("delivered_at").is_not_null()
    )
    assert inside(share(rows, pl.col("parcel_grams") < 50.0), (0.85, 0.95), slack=0.06)
    signed = pl.col("delivered_at") - pl.col("first_scan_at") < 12 * HOUR
    assert inside(share(rows, signed), (0.60, 0.80), slack=0.05)
    assert median(rows.filter(signed), "scan_count") <= 2.0


def test_brushing_labels_come_from_one_run(dense: Sample) -> None:
    """T1: labels bought in bulk are neighbours, far from what carriers hand out that day."""
    rows = brushed(dense).filter(pl.col("tracking_number").is_not_null())
    rows = rows.with_columns(
        number=pl.col("tracking_number").str.extract(r"(\d+)").cast(pl.Int64)
    ).sort("number")
    gap = rows.select("merchant_id", step=pl.col("number").diff())
    assert share(gap, pl.col("step") == 1) > 0.4
    bad = dense.truth.filter(pl.col("entity_type") == "merchant")["entity_id"]
    others = dense.orders.filter(
        pl.col("tracking_number").is_not_null() & ~pl.col("merchant_id").is_in(bad.implode())
    ).sample(2_000, seed=1)
    numbers = others["tracking_number"].str.extract(r"(\d+)").cast(pl.Int64).sort()
    assert float((numbers.diff() == 1).mean() or 0.0) < 0.2


def test_brushed_listings_are_cheap_for_their_category(dense: Sample) -> None:
    """T1: the price lies in the low decile of category and market for most of the orders."""
    goods = dense.table("products").select("product_id", "category", "currency", "price_minor")
    low = goods.group_by("category", "currency").agg(low=pl.col("price_minor").quantile(0.15))
    rows = brushed(dense).join(goods.drop("currency", "price_minor"), on="product_id")
    rows = rows.join(low, on=("category", "currency"))
    cheap = pl.col("items_minor") / pl.col("quantity") <= pl.col("low")
    assert share(rows, cheap) > 0.7


def test_each_brushing_variant_hides_in_its_own_way(dense: Sample) -> None:
    """T1: one sheet, cells of three to five, fresh phones, real orders in between."""
    rows = brushed(dense)
    naive, rotated = (rows.filter(variant=name) for name in ("naive", "rotated_identifiers"))
    sheet = naive.filter(pl.col("body") != "")["body"]
    assert sheet.n_unique() < 0.8 * len(sheet)
    if rotated.height:
        assert rotated["device_id"].n_unique() > 0.6 * rotated.height
    phones = naive.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert inside(float(phones.median()), (3.0, 9.0))  # type: ignore[arg-type]
    cells = rows.filter(variant="fragmented_cells")
    held = cells.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert held.is_empty() or held.max() <= 5  # type: ignore[operator]
    mixed = rows.filter(variant="mixed_with_real")
    if mixed.height:
        mine = dense.orders.filter(pl.col("buyer_id").is_in(mixed["buyer_id"].implode()))
        assert 1.0 - mixed.height / mine.height > 0.3


def test_a_naive_pool_shares_a_bank_account_and_a_machine(dense: Sample) -> None:
    """T1: colluding shops of a naive pool are tied by payout account and back-office device."""
    shops = acting(dense, brushing.NAME, "merchant").filter(variant="naive")
    rows = (
        shops.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(
            banks=pl.len() - pl.col("bank_account_id").n_unique(),
            machines=pl.len() - pl.col("device_id").n_unique(),
        )
    )
    assert rows["banks"].min() >= 1  # type: ignore[operator]
    assert rows["machines"].min() >= 1  # type: ignore[operator]


# ---- T3 --------------------------------------------------------------------------


def test_farmed_accounts_are_new_and_cash_in_after_the_launch(dense: Sample) -> None:
    """T3: 70-95 % younger than a day at the first order, 1-72 h after launch, 1-2 orders."""
    rows = cashed_in(dense).filter(~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"]))
    first = rows.sort("created_at").unique("buyer_id", keep="first")
    age = pl.col("created_at") - pl.col("opened_at")
    assert inside(share(first, age < 24 * HOUR), (0.70, 0.95))
    wait = pl.col("created_at") - pl.col("offered_at")
    assert share(first, wait.is_between(0.9 * HOUR, 72 * HOUR)) > 0.95
    assert rows.group_by("buyer_id").len()["len"].max() <= 2  # type: ignore[operator]


def test_farmed_baskets_carry_the_offer_and_just_pass_its_minimum(dense: Sample) -> None:
    """T3: vouchers on 95-100 % (honest 10-30 %), 0-5 % above the minimum, few goods."""
    rows = cashed_in(dense).filter(~pl.col("variant").is_in(["mixed_with_real"]))
    assert share(rows, pl.col("voucher_id").is_not_null()) >= 0.95
    over = pl.col("items_minor") / pl.col("min_spend_minor") - 1.0
    assert share(rows.filter(pl.col("offer").is_not_null()), over.is_between(0.0, 0.05)) > 0.95
    goods = rows.group_by("ring_id").agg(pl.col("product_id").n_unique())["product_id"]
    assert goods.max() <= 6  # type: ignore[operator]
    planted = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(planted.implode()))
    assert inside(share(honest, pl.col("voucher_id").is_not_null()), (0.10, 0.30))


def test_farmed_accounts_crowd_phones_and_addresses(dense: Sample) -> None:
    """T3: 5-50 accounts per phone and 5-40 per address in naive rings, 3-5 in cells."""
    rows = cashed_in(dense)
    for variant, low, high in (("naive", 5, 50), ("fragmented_cells", 1, 5)):
        mine = rows.filter(variant=variant)
        for kind in ("device_id", "address_id"):
            if kind == "address_id" and variant == "naive":
                mine = mine.filter(pl.len().over("address_id") > 1)  # a gift goes elsewhere
            crowd = mine.group_by("ring_id", kind).agg(pl.col("buyer_id").n_unique())
            assert crowd.is_empty() or inside(median(crowd, "buyer_id"), (low, high)), variant
    turned = rows.filter(variant="rotated_identifiers")
    assert turned.is_empty() or turned["device_id"].n_unique() > 0.6 * turned.height


def test_voucher_rings_have_the_sizes_of_the_domain(dense: Sample) -> None:
    """T3: ring size is log-normal with a median near 15."""
    size = cashed_in(dense).group_by("ring_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    low, high = voucher_farms.PARAMETERS.size
    assert size.min() >= low - 1  # type: ignore[operator]
    assert size.max() <= high  # type: ignore[operator]
    assert inside(float(size.median()), (8.0, 24.0))  # type: ignore[arg-type]


def test_all_five_schemes_of_incentive_abuse_are_planted(dense: Sample) -> None:
    """T3: new-buyer, platform and shipping offers are drained, own shops collude, a price slips."""
    rows = farmed(dense)
    main = rows.group_by("ring_id").agg(pl.col("offer").mode().first())
    assert {"new_buyer", "platform", "shipping"} <= set(main["offer"].drop_nulls())
    shops = dense.members(incentive_abuse.NAME, "merchant")
    assert set(shops["role"]) == {"actor", "victim"}


def test_shops_of_a_naive_voucher_ring_have_one_owner(dense: Sample) -> None:
    """T3: the shops that turn vouchers into money are paid into one account, run on one machine."""
    shops = acting(dense, incentive_abuse.NAME, "merchant").filter(variant="naive")
    rows = (
        shops.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(pl.len(), pl.col("bank_account_id").n_unique(), pl.col("device_id").n_unique())
    )
    several = rows.filter(pl.col("len") > 1)
    assert several.height >= 1
    assert several["bank_account_id"].max() == several["device_id"].max() == 1


def test_a_wrong_price_is_bought_empty_within_minutes(dense: Sample) -> None:
    """T3: a swarm takes several pieces each at a small part of the price, in 20 minutes."""
    goods = acting(dense, incentive_abuse.NAME, "product", role="victim")
    rows = ringed(dense, incentive_abuse.NAME, "buyer").join(
        goods.select("ring_id", "product_id"), on=("ring_id", "product_id")
    )
    rows = rows.join(dense.table("products").select("product_id", "price_minor"), on="product_id")
    assert rows.height >= 10
    paid = pl.col("items_minor") / pl.col("quantity") / pl.col("price_minor")
    assert share(rows, paid < 0.2) > 0.95
    naive = (
        rows.filter(variant="naive")
        .group_by("ring_id")
        .agg(took=pl.col("created_at").max() - pl.col("created_at").min())
    )
    assert naive.is_empty() or share(naive, pl.col("took") <= pl.duration(minutes=20)) == 1.0
    assert rows["quantity"].min() >= 2  # type: ignore[operator]


def test_incentive_abuse_costs_the_platform_real_money(dense: Sample) -> None:
    """T3: the rings together take at least hundreds of dollars, nearly all from the platform."""
    rings = told(dense).filter(pl.col("typology") == incentive_abuse.NAME)
    scale = dense.made.settings.scale
    assert inside(float(rings["loss_platform_usd"].sum()), (600.0 * scale, 9_000.0 * scale))


# ---- T4 --------------------------------------------------------------------------


def test_a_circle_clicks_at_once_without_having_looked(dense: Sample) -> None:
    """T4: no earlier view, click to order below 5 s, raised commission."""
    rows = linked(dense).filter(~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"]))
    assert rows.height >= 60
    assert share(rows, pl.col("click_to_order_seconds") < 5.0) > 0.7
    assert share(rows, pl.col("has_prior_view")) < 0.15
    usual = dense.orders.filter((pl.col("channel") == "affiliate") & ~pl.col("is_sample"))
    assert median(rows, "commission_rate") > 1.5 * median(usual, "commission_rate")


def test_a_circle_refunds_after_the_payout(dense: Sample) -> None:
    """T4: more than 60 % come back, 12 to 25 days after delivery, the commission already paid."""
    rows = linked(dense).filter(pl.col("delivered_at") < dense.end - 26 * DAY)
    fast = rows.filter(pl.col("variant") != "slow_and_low")
    assert share(fast, pl.col("refund_id").is_not_null()) > 0.6
    slow = rows.filter(variant="slow_and_low")
    assert slow.is_empty() or share(slow, pl.col("refund_id").is_not_null()) < 0.7
    asked = rows.filter(pl.col("refund_id").is_not_null())
    days = (pl.col("requested_at") - pl.col("delivered_at")) / DAY
    assert share(asked, days.is_between(12.0, 25.1)) > 0.97
    paid = asked.join(dense.table("commissions"), on="order_id", suffix="_c")
    assert share(paid, pl.col("refunded_at") > pl.col("paid_at_c")) > 0.6
    honest = dense.orders.filter((pl.col("channel") == "shop_tab") & (pl.col("refund_id") != ""))
    assert share(honest, days < 10.0) > 0.8


def test_circles_are_tied_to_their_creator(dense: Sample) -> None:
    """T4: 20-97 % of the buyers share a phone, address or card with the creator or each other."""
    rows = linked(dense)
    own = dense.table("creators").select("creator_id", host="device_id")
    rows = rows.join(own, on="creator_id")
    for _, mine in rows.filter(pl.col("variant") != "rotated_identifiers").group_by("ring_id"):
        tied = pl.lit(value=False)
        for kind in ("device_id", "address_id", "payment_token_id"):
            tied |= pl.col("buyer_id").n_unique().over(kind) > 1
        near = mine.with_columns(near=tied | (pl.col("device_id") == pl.col("host")))
        linked_share = near.group_by("buyer_id").agg(pl.col("near").any())["near"].mean()
        assert inside(float(linked_share), (0.2, 1.0)), mine["variant"][0]  # type: ignore[arg-type]


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
