"""T6: bought reviews come in bursts, within a day, by people who meet elsewhere."""

import itertools

import numpy as np
import polars as pl

from sample_data.kit.evasion_kinds import COPIED, SLOW
from sample_data.typologies import (
    review_manipulation,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import HOUR, acting, inside, share


def _reviews(dense: Sample) -> pl.DataFrame:
    """What reviewers of T6 rings wrote about listings of their ring."""
    people = acting(dense, review_manipulation.NAME, "buyer")
    products = dense.members(review_manipulation.NAME, "product").select(
        "ring_id", "role", product_id="entity_id"
    )
    rows = dense.orders.filter(pl.col("rating").is_not_null()).join(people, on="buyer_id")
    return rows.join(products, on=("ring_id", "product_id"))


def test_bought_reviews_come_within_a_day_and_say_what_was_paid_for(dense: Sample) -> None:
    """T6: five stars for the shop, one for its rival, all but the slow ring within 24 h."""
    rows = _reviews(dense)
    assert rows.height >= 30
    praise, attack = (rows.filter(role=role) for role in ("actor", "victim"))
    assert share(praise, pl.col("rating") == 5) > 0.85
    if attack.height:
        assert share(attack, pl.col("rating") == 1) > 0.8
    prompt = (pl.col("reviewed_at") - pl.col("delivered_at")) <= 24 * HOUR
    hasty = rows.filter(pl.col("variant") != SLOW.name)
    assert share(hasty, prompt) > 0.9


def test_bought_praise_is_a_burst(dense: Sample) -> None:
    """T6: in its best ten days a pushed listing gets several times its usual five stars."""
    goods = acting(dense, review_manipulation.NAME, "product")
    goods = goods.filter(pl.col("variant") != SLOW.name)
    stars = dense.orders.filter(pl.col("rating") == 5).join(goods, on="product_id")
    days = stars.with_columns(day=pl.col("reviewed_at").dt.date()).sort("day")
    bursts = []
    for _, mine in days.group_by("product_id"):
        ten = mine.rolling("day", period="10d").agg(pl.len())["len"].to_numpy().max()
        rest = (mine.height - ten) / (dense.world.settings.days - 10.0)
        bursts.append(float(ten / 10.0 / max(rest, 0.02)))
    assert len(bursts) >= 2
    assert inside(float(np.median(bursts)), review_manipulation.PARAMETERS.burst, slack=3.0)


def test_reviewers_of_a_ring_meet_at_unrelated_listings(dense: Sample) -> None:
    """T6: the buyer sets of a ring's shops overlap; two honest shops share next to nobody."""
    merchants = (
        dense.members(review_manipulation.NAME, "merchant").group_by("ring_id").agg("entity_id")
    )
    buyers = {
        str(key[0]): set(rows["buyer_id"])
        for key, rows in dense.table("orders").group_by("merchant_id")
    }
    overlaps = [
        len(buyers[a] & buyers[b])
        for ids in merchants["entity_id"].to_list()
        for a, b in itertools.combinations(ids, 2)
    ]
    assert overlaps
    assert min(overlaps) >= 4


def test_sheets_are_variations_and_copies_repeat_honest_texts(dense: Sample) -> None:
    """T6: inside a ring texts repeat words; the copying ring's texts stand elsewhere already."""
    rows = _reviews(dense).filter(pl.col("body").str.len_chars() > 0)
    copies = rows.filter(variant=COPIED.name)
    honest = dense.table("reviews").filter(~pl.col("order_id").is_in(rows["order_id"].implode()))
    if copies.height:
        repeats = copies.join(honest, on="body", how="semi")
        assert repeats.height / copies.height > 0.5
    assert rows.height > 0
