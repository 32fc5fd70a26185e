"""Honest look-alikes about goods, parcels and loyal buyers show the fact that clears them."""

import polars as pl
import pytest

from sample_data.hard_negatives import (
    apparel_returns,
    carrier_strike,
    defect_recall,
    forwarder_returns,
    light_goods,
    super_fans,
)
from sample_data.typologies import (
    fake_fulfilment,
    malicious_behaviour,
    prohibited_goods,
    review_manipulation,
)

from .conftest import Sample
from .signatures import DAY, HOUR, acting, inside, share, while_acting

T5, T6, T11, T13 = (
    story.NAME
    for story in (fake_fulfilment, review_manipulation, prohibited_goods, malicious_behaviour)
)


@pytest.mark.parametrize(
    ("typologies", "look_alikes", "entity_type"),
    [
        ((T5,), (forwarder_returns.NAME, carrier_strike.NAME), "merchant"),
        ((T6, T11), (defect_recall.NAME, super_fans.NAME), "merchant"),
        ((T6, T11), (defect_recall.NAME, light_goods.NAME), "product"),
        ((T6, T13), (super_fans.NAME, apparel_returns.NAME), "buyer"),
    ],
)
def test_each_feature_space_holds_twice_as_many_honest_ones(
    dense: Sample, typologies: tuple[str, ...], look_alikes: tuple[str, ...], entity_type: str
) -> None:
    """Look-alikes of each kind are at least twice the positives they imitate."""

    def planted(names: tuple[str, ...]) -> int:
        rows = pl.concat(acting(dense, name, entity_type) for name in names)
        return int(rows[f"{entity_type}_id"].n_unique())

    assert planted(look_alikes) >= 2 * planted(typologies) > 0


def test_light_goods_weigh_what_their_parcels_weigh(dense: Sample) -> None:
    """HN: parcels below 50 g within 12 h, and the declared weight says the same."""
    goods = dense.table("products").select("product_id", declared="weight_grams")
    listed = acting(dense, light_goods.NAME, "product")
    rows = (
        dense.orders.join(listed, on="product_id")
        .join(goods, on="product_id")
        .filter(while_acting())
    )
    rows = rows.filter(pl.col("delivered_at").is_not_null() & (pl.col("quantity") == 1))
    quick = (pl.col("delivered_at") - pl.col("first_scan_at")) < 12 * HOUR
    assert share(rows, quick) > 0.5
    assert share(rows, pl.col("parcel_grams") < 60.0) > 0.6
    assert share(rows, pl.col("parcel_grams") >= 0.8 * pl.col("declared")) > 0.97


def test_fans_have_their_own_phones_and_bulk_buyers_full_parcels(dense: Sample) -> None:
    """HN: buyers who concentrate on one shop share nothing with each other."""
    people = acting(dense, super_fans.NAME, "buyer")
    rows = dense.orders.join(people, on="buyer_id").filter(while_acting())
    per = rows.group_by("ring_id", "buyer_id", "merchant_id").len()
    assert per.filter(pl.col("len") >= 4)["buyer_id"].n_unique() > 0.6 * people.height
    crowd = rows.group_by("device_id").agg(pl.col("buyer_id").n_unique())
    assert share(crowd, pl.col("buyer_id") == 1) > 0.95


def test_recalls_are_told_in_many_words(dense: Sample) -> None:
    """HN: one-star bursts of honest buyers, defective goods, texts of their own."""
    shops = acting(dense, defect_recall.NAME, "merchant")
    rows = dense.orders.join(shops, on="merchant_id").filter(while_acting())
    assert share(rows, pl.col("reason") == "defective") > 0.15
    angry = rows.filter(pl.col("rating") == 1)
    assert angry.height >= 20
    assert angry["body"].n_unique() / angry.height > 0.3


def test_live_apparel_returns_whole_and_in_time(dense: Sample) -> None:
    """HN: 30-80 % come back within nine days with their full weight."""
    hosts = acting(dense, apparel_returns.NAME, "creator")
    buyers = acting(dense, apparel_returns.NAME, "buyer").select("ring_id", "buyer_id")
    rows = dense.orders.join(hosts, on="creator_id").join(buyers, on=("ring_id", "buyer_id"))
    old = rows.filter(pl.col("delivered_at") < dense.end - 10 * DAY)
    asked = old.filter(pl.col("refund_id").is_not_null())
    assert inside(asked.height / old.height, apparel_returns.PARAMETERS.return_rate, slack=0.05)
    wait = (pl.col("requested_at") - pl.col("delivered_at")).dt.total_hours() / 24.0
    assert share(asked, wait <= 9.1) > 0.97
    back = asked.filter(pl.col("return_weight_grams").is_not_null())
    assert share(back, pl.col("return_weight_grams") > 0.85 * pl.col("parcel_grams")) > 0.95
