"""T3: vouchers taken without a customer leave what the domain says they leave."""

import polars as pl

from sample_data.planting import voucher_farms
from sample_data.typologies import (
    incentive_abuse,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import (
    HOUR,
    acting,
    inside,
    median,
    ring_orders,
    ring_truth,
    share,
)


def farmed_orders(sample: Sample) -> pl.DataFrame:
    """Orders of farmed accounts, with the offer they used."""
    offers = sample.table("vouchers").select(
        "voucher_id", "min_spend_minor", offer="kind", offered_at="starts_at"
    )
    registered = sample.table("buyers").select("buyer_id", opened_at="registered_at")
    rows = ring_orders(sample, incentive_abuse.NAME, "buyer").join(registered, on="buyer_id")
    return rows.join(offers, on="voucher_id", how="left")


def new_buyer_orders(sample: Sample) -> pl.DataFrame:
    """Orders of the rings that live on new-buyer offers, whichever goods they take."""
    rows = farmed_orders(sample)
    offer_shares = rows.group_by("ring_id").agg(mine=(pl.col("offer") == "new_buyer").mean())
    return rows.join(offer_shares.filter(pl.col("mine") > 0.3), on="ring_id")


def test_farmed_accounts_are_new_and_cash_in_after_the_launch(dense: Sample) -> None:
    """T3: 70-95 % younger than a day at the first order, 1-72 h after launch, 1-2 orders."""
    rows = new_buyer_orders(dense).filter(
        ~pl.col("variant").is_in(["slow_and_low", "mixed_with_real"])
    )
    first = rows.sort("created_at").unique("buyer_id", keep="first")
    age = pl.col("created_at") - pl.col("opened_at")
    assert inside(share(first, age < 24 * HOUR), (0.70, 0.95))
    wait = pl.col("created_at") - pl.col("offered_at")
    assert share(first, wait.is_between(0.9 * HOUR, 72 * HOUR)) > 0.95
    assert rows.group_by("buyer_id").len()["len"].max() <= 2  # type: ignore[operator]


def test_farmed_baskets_carry_the_offer_and_just_pass_its_minimum(dense: Sample) -> None:
    """T3: vouchers on 95-100 % (honest 10-30 %), 0-5 % above the minimum, few goods."""
    rows = new_buyer_orders(dense).filter(~pl.col("variant").is_in(["mixed_with_real"]))
    assert share(rows, pl.col("voucher_id").is_not_null()) >= 0.95
    over = pl.col("items_minor") / pl.col("min_spend_minor") - 1.0
    assert share(rows.filter(pl.col("offer").is_not_null()), over.is_between(0.0, 0.05)) > 0.95
    goods = rows.group_by("ring_id").agg(pl.col("product_id").n_unique())["product_id"]
    assert goods.max() <= 6  # type: ignore[operator]
    story_buyers = dense.truth.filter(pl.col("entity_type") == "buyer")["entity_id"]
    honest = dense.orders.filter(~pl.col("buyer_id").is_in(story_buyers.implode()))
    assert inside(share(honest, pl.col("voucher_id").is_not_null()), (0.10, 0.30))


def test_farmed_accounts_crowd_phones_and_addresses(dense: Sample) -> None:
    """T3: 5-50 accounts per phone and 5-40 per address in naive rings, 3-5 in cells."""
    rows = new_buyer_orders(dense)
    for variant, low, high in (("naive", 5, 50), ("fragmented_cells", 1, 5)):
        mine = rows.filter(variant=variant)
        for key in ("device_id", "address_id"):
            if key == "address_id" and variant == "naive":
                mine = mine.filter(pl.len().over("address_id") > 1)  # a gift goes elsewhere
            buyers_per_key = mine.group_by("ring_id", key).agg(pl.col("buyer_id").n_unique())
            assert buyers_per_key.is_empty() or inside(
                median(buyers_per_key, "buyer_id"), (low, high)
            ), variant
    rotating = rows.filter(variant="rotated_identifiers")
    assert rotating.is_empty() or rotating["device_id"].n_unique() > 0.6 * rotating.height


def test_voucher_rings_have_the_sizes_of_the_domain(dense: Sample) -> None:
    """T3: ring size is log-normal with a median near 15."""
    size = (
        new_buyer_orders(dense).group_by("ring_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    )
    low, high = voucher_farms.PARAMETERS.size
    assert size.min() >= low - 1  # type: ignore[operator]
    assert size.max() <= high  # type: ignore[operator]
    assert inside(float(size.median()), (8.0, 24.0))  # type: ignore[arg-type]


def test_all_five_schemes_of_incentive_abuse_are_planted(dense: Sample) -> None:
    """T3: new-buyer, platform and shipping offers are drained, own shops collude, a price slips."""
    rows = farmed_orders(dense)
    main = rows.group_by("ring_id").agg(pl.col("offer").mode().first())
    assert {"new_buyer", "platform", "shipping"} <= set(main["offer"].drop_nulls())
    merchants = dense.members(incentive_abuse.NAME, "merchant")
    assert set(merchants["role"]) == {"actor", "victim"}


def test_shops_of_a_naive_voucher_ring_have_one_owner(dense: Sample) -> None:
    """T3: the shops that turn vouchers into money are paid into one account, run on one machine."""
    merchants = acting(dense, incentive_abuse.NAME, "merchant").filter(variant="naive")
    rows = (
        merchants.join(dense.table("merchants"), on="merchant_id")
        .group_by("ring_id")
        .agg(pl.len(), pl.col("bank_account_id").n_unique(), pl.col("device_id").n_unique())
    )
    several = rows.filter(pl.col("len") > 1)
    assert several.height >= 1
    assert several["bank_account_id"].max() == several["device_id"].max() == 1


def test_a_wrong_price_is_bought_empty_within_minutes(dense: Sample) -> None:
    """T3: a swarm takes several pieces each at a small part of the price, in 20 minutes."""
    goods = acting(dense, incentive_abuse.NAME, "product", role="victim")
    rows = ring_orders(dense, incentive_abuse.NAME, "buyer").join(
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
    rings = ring_truth(dense).filter(pl.col("typology") == incentive_abuse.NAME)
    scale = dense.world.settings.scale
    assert inside(float(rings["loss_platform_usd"].sum()), (600.0 * scale, 9_000.0 * scale))
