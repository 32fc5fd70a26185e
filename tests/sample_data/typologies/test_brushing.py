"""T1: bought praise leaves in the tables what the domain says it leaves."""

import itertools

import numpy as np
import polars as pl

from sample_data.typologies import (
    brushing,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import (
    DAY,
    HOUR,
    acting,
    inside,
    local_hour,
    median,
    ring_orders,
    share,
)

FAST = [variant.name for variant in brushing.FAST]


def brushed_orders(sample: Sample) -> pl.DataFrame:
    """Orders of a pool's workers for the listings its shops want praised."""
    return ring_orders(sample, brushing.NAME, "product", "merchant", "buyer")


def test_pools_have_dozens_of_workers_for_a_few_shops(dense: Sample) -> None:
    """T1: 30-300 workers are reused by 3-15 unrelated shops."""
    limits = brushing.PARAMETERS
    for entity_type, span in (("buyer", (20, 300)), ("merchant", limits.merchants)):
        size = dense.members(brushing.NAME, entity_type).group_by("ring_id").len()["len"]
        assert size.min() >= span[0]  # type: ignore[operator]
        assert size.max() <= span[1]  # type: ignore[operator]


def test_campaigns_last_days_at_tens_of_orders_in_waking_hours(dense: Sample) -> None:
    """T1: 3-14 days, 10-60 orders a day, inside 09-23 h local."""
    limits, rows = brushing.PARAMETERS, brushed_orders(dense)
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
    rows = brushed_orders(dense).filter(variant="naive")
    hours = rows.group_by("merchant_id", "buyer_id", pl.col("created_at").dt.truncate("2h")).len()
    assert share(hours, pl.col("len") >= 3) > 0.4
    careful = brushed_orders(dense).filter(~pl.col("variant").is_in([*FAST, "mixed_with_real"]))
    each = careful.group_by("merchant_id", "buyer_id").len()
    assert share(each, pl.col("len") == 1) > 0.98  # rented accounts also buy for themselves


def test_shops_of_a_pool_share_buyers_and_others_do_not(dense: Sample) -> None:
    """T1: buyer-set Jaccard 0.1-0.4 within a pool, below 0.01 between other shops."""
    pools = (
        brushed_orders(dense).group_by("ring_id", "merchant_id").agg(pl.col("buyer_id").unique())
    )
    within = [
        _jaccard(a, b)
        for _, merchants in pools.group_by("ring_id")
        for a, b in itertools.combinations(merchants["buyer_id"].to_list(), 2)
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
    limits, rows = brushing.PARAMETERS, brushed_orders(dense)
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
    rows = brushed_orders(dense).filter(
        pl.col("variant").is_in(FAST) & pl.col("delivered_at").is_not_null()
    )
    assert inside(share(rows, pl.col("parcel_grams") < 50.0), (0.85, 0.95), slack=0.06)
    is_quick = pl.col("delivered_at") - pl.col("first_scan_at") < 12 * HOUR
    assert inside(share(rows, is_quick), (0.60, 0.80), slack=0.05)
    assert median(rows.filter(is_quick), "scan_count") <= 2.0


def test_brushing_labels_come_from_one_run(dense: Sample) -> None:
    """T1: labels bought in bulk are neighbours, far from what carriers hand out that day."""
    rows = brushed_orders(dense).filter(pl.col("tracking_number").is_not_null())
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
    rows = brushed_orders(dense).join(goods.drop("currency", "price_minor"), on="product_id")
    rows = rows.join(low, on=("category", "currency"))
    cheap = pl.col("items_minor") / pl.col("quantity") <= pl.col("low")
    assert share(rows, cheap) > 0.7


def test_each_brushing_variant_hides_in_its_own_way(dense: Sample) -> None:
    """T1: one sheet, cells of three to five, fresh phones, real orders in between."""
    rows = brushed_orders(dense)
    naive, rotated = (rows.filter(variant=name) for name in ("naive", "rotated_identifiers"))
    sheet = naive.filter(pl.col("body") != "")["body"]
    assert sheet.n_unique() < 0.8 * len(sheet)
    if rotated.height:
        assert rotated["device_id"].n_unique() > 0.6 * rotated.height
    phones = naive.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert inside(float(phones.median()), (3.0, 9.0))  # type: ignore[arg-type]
    cells = rows.filter(variant="fragmented_cells")
    buyers_per_phone = cells.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert buyers_per_phone.is_empty() or buyers_per_phone.max() <= 5  # type: ignore[operator]
    mixed = rows.filter(variant="mixed_with_real")
    if mixed.height:
        mine = dense.orders.filter(pl.col("buyer_id").is_in(mixed["buyer_id"].implode()))
        assert 1.0 - mixed.height / mine.height > 0.3


def test_a_naive_pool_shares_a_bank_account_and_a_machine(dense: Sample) -> None:
    """T1: colluding shops of a naive pool are tied by payout account and back-office device."""
    merchants = acting(dense, brushing.NAME, "merchant").filter(variant="naive")
    rows = (
        merchants.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(
            banks=pl.len() - pl.col("bank_account_id").n_unique(),
            machines=pl.len() - pl.col("device_id").n_unique(),
        )
    )
    assert rows["banks"].min() >= 1  # type: ignore[operator]
    assert rows["machines"].min() >= 1  # type: ignore[operator]
