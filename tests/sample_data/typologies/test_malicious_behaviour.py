"""T13: an attacked shop is the victim, and the attackers leave a mark."""

import polars as pl

from sample_data.typologies import (
    malicious_behaviour,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import acting, share


def _hostile(dense: Sample) -> pl.DataFrame:
    """Orders of T13 accounts at the shop they turned on."""
    people = acting(dense, malicious_behaviour.NAME, "buyer")
    victims = dense.members(malicious_behaviour.NAME, "merchant").filter(role="victim")
    victims = victims.select("ring_id", merchant_id="entity_id")
    return dense.orders.join(people, on="buyer_id").join(victims, on=("ring_id", "merchant_id"))


def test_attacked_shops_are_victims(dense: Sample) -> None:
    """T13: each ring has one victim shop, buyers who act, and sometimes a rival who gains."""
    members = dense.truth.filter(typology=malicious_behaviour.NAME)
    for _, ring in members.group_by("ring_id"):
        merchants = ring.filter(entity_type="merchant")
        assert merchants.filter(role="victim").height == 1
        assert merchants.height <= 2
        assert ring.filter(entity_type="buyer", role="actor").height >= 8


def test_attackers_share_phones_and_leave_one_of_four_marks(dense: Sample) -> None:
    """T13: cancelled or refused orders, one stars, praise nobody asked for, or a drop sold out."""
    rows = _hostile(dense)
    marks = set()
    for _, ring in rows.group_by("ring_id"):
        prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=75)
        reviews = ring.filter(pl.col("rating").is_not_null())
        signs = {
            "denied": share(ring, pl.col("cancelled_at").is_not_null()) > 0.5,
            "extorted": share(reviews, pl.col("rating") == 1) > 0.5,
            "framed": share(reviews, (pl.col("rating") == 5) & prompt) > 0.6,
            "scalped": share(ring, pl.col("view_seconds") < 4.5) > 0.9,
        }
        assert any(signs.values())
        marks |= {name for name, is_so in signs.items() if is_so}
        if ring["variant"][0] == "naive":
            assert ring["device_id"].n_unique() < ring["buyer_id"].n_unique()
    assert len(marks) >= 2


def test_extortion_is_reported_before_the_stars(dense: Sample) -> None:
    """T13: where harassment was reported, it was reported before the review."""
    rows = _hostile(dense).join(dense.table("complaints"), on="order_id", suffix="_c")
    rows = rows.filter((pl.col("topic") == "harassment") & pl.col("reviewed_at").is_not_null())
    assert share(rows, pl.col("event_at") < pl.col("reviewed_at")) > 0.9 or rows.is_empty()
