"""Every planted story is there, looks as its parameters say, and has honest look-alikes."""

import itertools

import numpy as np
import polars as pl
import pytest

from sample_data import stories
from sample_data.typologies import (
    affiliate_fraud,
    brushing,
    incentive_abuse,
    refund_abuse,
    viewer_inflation,
)

from .conftest import Sample

TYPOLOGIES = (brushing, viewer_inflation, incentive_abuse, affiliate_fraud, refund_abuse)
DAY = pl.duration(days=1)


def _share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item())


def _between(value: float, span: tuple[float, float], slack: float = 0.0) -> bool:
    return span[0] - slack <= value <= span[1] + slack


def test_every_story_module_planted_something(sample: Sample) -> None:
    """Stories are found by listing the packages, and each one's name is in the truth."""
    names = {module.NAME for module in stories.modules()}
    assert names == set(sample.truth["typology"])
    assert {module.NAME for module in TYPOLOGIES} <= names


@pytest.mark.parametrize("name", [module.NAME for module in TYPOLOGIES])
def test_half_of_the_rings_are_active_in_the_last_month(sample: Sample, name: str) -> None:
    """Each typology has rings that are over (to learn from) and rings still running (to find)."""
    rings = (
        sample.truth.filter(pl.col("typology") == name)
        .group_by("ring_id")
        .agg(pl.col("ended_at").max(), pl.col("started_at").min())
    )
    running = rings.filter(pl.col("ended_at") >= sample.end - 31 * DAY)
    assert running.height >= max(1, 0.4 * rings.height)
    assert rings.filter(pl.col("started_at") < sample.end - 40 * DAY).height >= 1


@pytest.mark.parametrize("entity_type", ["merchant", "creator", "product", "buyer"])
def test_look_alikes_are_twice_the_positives(sample: Sample, entity_type: str) -> None:
    """Per entity type, at least two honest look-alikes for each bad entity."""
    rows = sample.truth.filter(pl.col("entity_type") == entity_type)
    good = rows.filter(pl.col("is_hard_negative"))["entity_id"].n_unique()
    bad = rows.filter(~pl.col("is_hard_negative"))["entity_id"].n_unique()
    assert good >= 2 * bad > 0


def test_nobody_is_both_bad_and_a_look_alike(sample: Sample) -> None:
    """Look-alikes of shops, creators and buyers are innocent; each says what clears it."""
    actors = sample.truth.filter(pl.col("entity_type") != "product")
    verdicts = actors.group_by("entity_type", "entity_id").agg(
        pl.col("is_hard_negative").n_unique()
    )
    assert verdicts["is_hard_negative"].max() == 1
    alike = sample.truth.filter(pl.col("is_hard_negative"))
    assert alike["clears_because"].null_count() == 0
    assert alike["loss_usd"].sum() == 0.0


def _brushed(sample: Sample, variant: str) -> pl.DataFrame:
    """Orders of brushing workers at brushed shops."""
    shops = sample.members(brushing.NAME, "merchant").filter(pl.col("variant") == variant)
    workers = sample.members(brushing.NAME, "buyer")["entity_id"]
    rows = sample.orders.join(shops, left_on="merchant_id", right_on="entity_id")
    inside = pl.col("created_at").is_between("started_at", "ended_at")
    return rows.filter(pl.col("buyer_id").is_in(workers.implode()) & inside)


@pytest.mark.parametrize("variant", ["naive", "stealth"])
def test_brushing_pays_praises_and_ships_as_its_parameters_say(
    sample: Sample, variant: str
) -> None:
    """T1: paid within a minute, five stars within 48 h, light parcels, next to no refunds."""
    rows, limits = _brushed(sample, variant), brushing.PARAMETERS
    prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=60)
    assert _share(rows, prompt) > (0.9 if variant == "naive" else 0.7)
    matured = rows.filter(pl.col("delivered_at") < sample.end - 3 * DAY)
    praised = (pl.col("rating") == 5) & (
        pl.col("reviewed_at") - pl.col("delivered_at") <= pl.duration(hours=48)
    )
    assert _between(_share(matured, praised), limits.five_star, slack=0.06)
    assert _share(matured, pl.col("parcel_grams") < 50.0) > 0.7
    assert _share(rows, pl.col("refund_id").is_not_null()) < 0.03
    per_shop = rows.group_by("merchant_id").agg(
        pl.len(), days=pl.col("created_at").dt.date().n_unique()
    )
    daily = (per_shop["len"] / per_shop["days"]).mean()
    assert isinstance(daily, float)
    assert _between(daily, limits.orders_per_day, slack=4.0)
    assert _between(float(per_shop["days"].max()), limits.campaign_days, slack=2.0)  # type: ignore[arg-type]


def test_a_pool_serves_several_shops_that_share_no_other_buyers(sample: Sample) -> None:
    """T1: buyer sets of two shops of one pool overlap far more than those of other shops."""
    shops = sample.members(brushing.NAME, "merchant").group_by("ring_id").agg("entity_id")
    buyers = {
        str(key[0]): set(rows["buyer_id"])
        for key, rows in sample.table("orders").group_by("merchant_id")
    }
    for ids in shops["entity_id"].to_list():
        pairs = list(itertools.combinations(ids, 2))
        assert len(ids) >= 3
        shared = [len(buyers[a] & buyers[b]) for a, b in pairs]
        assert float(np.median(shared)) >= 8


def test_stealth_workers_order_once_per_shop_and_naive_ones_in_bursts(sample: Sample) -> None:
    """T1: the two variants differ as DOMAIN 3.6 says."""
    for variant, low, high in (("naive", 2.0, 60.0), ("stealth", 1.0, 1.2)):
        rows = _brushed(sample, variant)
        each = rows.group_by("merchant_id", "buyer_id").len()["len"].mean()
        assert isinstance(each, float)
        assert low <= each <= high, variant


def _inflated(sample: Sample, variant: str) -> pl.DataFrame:
    creators = sample.members(viewer_inflation.NAME, "creator").filter(pl.col("variant") == variant)
    rows = sample.table("live_sessions").join(creators, left_on="creator_id", right_on="entity_id")
    inside = pl.col("started_at").is_between("started_at_right", pl.col("ended_at_right") + 5 * DAY)
    return rows.filter(inside & pl.col("merchant_id").is_not_null())


def test_inflated_rooms_are_full_of_machines(sample: Sample) -> None:
    """T2: even watch times, repeated comments, young accounts, few devices, paid slots."""
    rows, limits = _inflated(sample, "naive"), viewer_inflation.PARAMETERS
    assert rows.height >= 6
    told = rows.select(
        watch_cv=(pl.col("watch_seconds_sd") / pl.col("watch_seconds_mean")).median(),
        watch_mean=pl.col("watch_seconds_mean").median(),
        young_share=(pl.col("young_viewers") / pl.col("unique_viewers")).median(),
        viewers_per_device=(pl.col("unique_viewers") / pl.col("viewer_devices")).median(),
        peak_share=(pl.col("peak_concurrent") / pl.col("unique_viewers")).median(),
        distinct_share=(pl.col("distinct_comments").sum() / pl.col("comments").sum()),
    ).row(0, named=True)
    for name, value in told.items():
        assert _between(value, getattr(limits, name), slack=0.12), name
    assert rows["slot_fee_minor"].min() > 0  # type: ignore[operator]


def test_bought_followers_leave_again(sample: Sample) -> None:
    """T2: after a step most of the gained followers are gone within two weeks."""
    days = sample.table("creator_days").sort("creator_id", "day")
    lost = []
    for row in sample.members(viewer_inflation.NAME, "creator").iter_rows(named=True):
        own = days.filter(pl.col("creator_id") == row["entity_id"])["followers"].to_numpy()
        step = int(np.argmax(np.diff(own)))
        if step + 16 < len(own):
            lost.append(
                (own[step + 1] - own[step + 1 : step + 17].min()) / (own[step + 1] - own[step])
            )
    assert lost
    assert _between(float(np.median(lost)), viewer_inflation.PARAMETERS.follower_loss, slack=0.15)


def test_farmed_accounts_cash_in_and_fall_asleep(sample: Sample) -> None:
    """T3: new accounts on shared phones redeem the offer just above its minimum, after launch."""
    limits = incentive_abuse.PARAMETERS
    accounts = sample.members(incentive_abuse.NAME, "buyer")
    rows = sample.orders.join(accounts, left_on="buyer_id", right_on="entity_id")
    rows = rows.join(sample.table("buyers"), on="buyer_id").join(
        sample.table("vouchers"), on="voucher_id", how="left", suffix="_v"
    )
    first = rows.sort("created_at").unique("buyer_id", keep="first")
    assert _share(rows, pl.col("voucher_id").is_not_null()) > 0.95
    over = pl.col("items_minor") / pl.col("min_spend_minor") - 1.0
    assert _share(rows, over.is_between(0.0, limits.over_min_spend)) > 0.95
    age = pl.col("created_at") - pl.col("registered_at")
    assert abs(_share(first, age < pl.duration(hours=24)) - limits.young_share) < 0.12
    after = pl.col("created_at") - pl.col("starts_at")
    assert _share(first, after <= pl.duration(hours=72)) == 1.0
    assert rows.group_by("buyer_id").len()["len"].max() <= 2  # type: ignore[operator]
    phones = rows.filter(pl.col("variant") == "naive").group_by("device_id")
    crowd = phones.agg(pl.col("buyer_id").n_unique())["buyer_id"].median()
    assert isinstance(crowd, float)
    assert _between(crowd, (5.0, 21.0))


def _linked(sample: Sample) -> pl.DataFrame:
    """Affiliate orders of linked buyers through their creator."""
    creators = sample.members(affiliate_fraud.NAME, "creator").select(
        "ring_id", creator_id="entity_id"
    )
    buyers = sample.members(affiliate_fraud.NAME, "buyer").select("ring_id", buyer_id="entity_id")
    rows = sample.orders.join(creators, on="creator_id").join(buyers, on=("ring_id", "buyer_id"))
    return rows.filter(pl.col("channel") == "affiliate")


def test_linked_buyers_click_at_once_and_refund_after_the_payout(sample: Sample) -> None:
    """T4: no earlier view, click to order below 5 s, refunds 12 to 25 days after delivery."""
    rows, limits = _linked(sample), affiliate_fraud.PARAMETERS
    assert rows.height >= 60
    assert _share(rows, pl.col("click_to_order_seconds") < 5.0) > 0.7
    assert _share(rows, pl.col("has_prior_view")) < 0.15
    assert rows["commission_rate"].median() >= limits.commission_rate[0]  # type: ignore[operator]
    matured = rows.filter(pl.col("delivered_at") < sample.end - 26 * DAY)
    assert _share(matured, pl.col("refund_id").is_not_null()) > 0.6
    wait = (pl.col("requested_at") - pl.col("delivered_at")).dt.total_days()
    asked = matured.filter(pl.col("refund_id").is_not_null())
    assert _share(asked, wait.is_between(12, 25)) > 0.97
    paid = asked.join(sample.table("commissions"), on="order_id", suffix="_c")
    assert _share(paid, pl.col("refunded_at") > pl.col("paid_at_c")) > 0.6


def test_refund_abusers_claim_most_of_it_back(sample: Sample) -> None:
    """T9: above 60 % refunds over 8 orders, claimed missing though delivered, light returns."""
    buyers = sample.members(refund_abuse.NAME, "buyer")
    rows = sample.orders.join(buyers, left_on="buyer_id", right_on="entity_id")
    rows = rows.filter(pl.col("delivered_at") < sample.end - 8 * DAY)
    each = rows.group_by("buyer_id").agg(pl.len(), rate=pl.col("refund_id").is_not_null().mean())
    active = each.filter(pl.col("len") >= 8)
    assert active.height >= 0.5 * buyers.height
    assert _share(active, pl.col("rate") > 0.5) > 0.7
    asked = rows.filter(pl.col("refund_id").is_not_null())
    assert 0.3 < _share(asked, pl.col("reason") == "not_received") < 0.6
    back = asked.filter(pl.col("return_weight_grams").is_not_null())
    light = (pl.col("return_weight_grams") / pl.col("parcel_grams")) < 0.7
    assert _share(back, light) > 0.75
    copied = (
        asked.filter(pl.col("variant").str.starts_with("ring"))
        .group_by("ring_id", "claim_text")
        .agg(pl.col("buyer_id").n_unique())
    )
    assert copied["buyer_id"].max() >= 4  # type: ignore[operator]


def test_no_single_number_tells_a_bad_shop(sample: Sample) -> None:
    """Honest shops overlap with bad ones in each signature: no one-feature rule is perfect."""
    bad = sample.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == "merchant"))
    prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=60)
    shops = sample.orders.group_by("merchant_id").agg(
        pl.len(),
        prompt=prompt.mean(),
        praised=((pl.col("rating") == 5).fill_null(value=False)).mean(),
        light=(pl.col("parcel_grams") < 50.0).mean(),
        voucher=pl.col("voucher_id").is_not_null().mean(),
    )
    shops = shops.filter(pl.col("len") >= 5).with_columns(
        bad=pl.col("merchant_id").is_in(bad["entity_id"].implode())
    )
    for name in ("prompt", "praised", "light", "voucher"):
        lowest_bad = shops.filter("bad")[name].min()
        assert shops.filter(~pl.col("bad") & (pl.col(name) > lowest_bad)).height > 3, name


def test_light_honest_goods_travel_light_and_fast(sample: Sample) -> None:
    """Stationery looks like an empty parcel signed the same day, and its weight is declared."""
    goods = sample.table("products").filter(pl.col("category") == "Stationery")
    rows = sample.orders.join(goods, on="product_id").filter(pl.col("first_scan_at").is_not_null())
    assert _share(rows, pl.col("parcel_grams") < 60.0) > 0.4
    quick = pl.col("delivered_at") - pl.col("first_scan_at") < pl.duration(hours=12)
    assert _share(rows, quick) > 0.2


def test_honest_live_apparel_comes_back_a_lot(sample: Sample) -> None:
    """Returns above 30 % in live apparel are normal here (DOMAIN 3.1 T4)."""
    goods = sample.table("products").filter(pl.col("category") == "Apparel")
    rows = sample.orders.join(goods, on="product_id").filter(
        (pl.col("channel") == "live") & (pl.col("delivered_at") < sample.end - 10 * DAY)
    )
    assert 0.3 < _share(rows, pl.col("refund_id").is_not_null()) < 0.6
