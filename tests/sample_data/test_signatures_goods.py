"""Stories about goods, parcels and reviews leave in the tables what the domain says they leave."""

import itertools

import numpy as np
import polars as pl

from sample_data.hard_negatives import (
    carrier_strike,
    forwarder_returns,
)
from sample_data.kit.evasion_kinds import COPIED, ROTATED, SLOW
from sample_data.language import names
from sample_data.typologies import (
    fake_fulfilment,
    malicious_behaviour,
    prohibited_goods,
    review_manipulation,
)

from .conftest import Sample
from .signatures import DAY, HOUR, acting, inside, share, while_acting


def _fulfilled(dense: Sample) -> pl.DataFrame:
    """Orders of fake senders in their bad weeks with what the parcels show."""
    goods = dense.table("products").select("product_id", declared="weight_grams")
    shops = acting(dense, fake_fulfilment.NAME, "merchant")
    rows = (
        dense.orders.join(shops, on="merchant_id")
        .filter(while_acting())
        .join(goods, on="product_id")
    )
    return _parcel_signs(rows, dense).filter(pl.col("shipped_at").is_not_null())


def _parcel_signs(rows: pl.DataFrame, dense: Sample) -> pl.DataFrame:
    """Late first scan, weight residual and missing or wrong goods per order."""
    seen = pl.coalesce("first_scan_at", dense.end)
    return rows.with_columns(
        late=(seen - pl.col("shipped_at")) > 72 * HOUR,
        residual=pl.col("parcel_grams") / (pl.col("declared") * pl.col("quantity")) - 1.0,
        claimed=pl.col("reason").is_in(["not_received", "not_as_described"]),
    )


def _matured(rows: pl.DataFrame, dense: Sample) -> pl.DataFrame:
    """Orders old enough for a claim to be known."""
    return rows.filter(pl.col("shipped_at") < dense.end - 20 * DAY)


def test_fake_senders_show_late_scans_light_parcels_and_claims(dense: Sample) -> None:
    """T5 naive: 30-90 % unscanned after 72 h, 10-40 % claims, residuals below -60 %."""
    limits, rows = fake_fulfilment.PARAMETERS, _fulfilled(dense).filter(variant="naive")
    assert rows.height >= 20
    for _, mine in rows.group_by("merchant_id"):
        assert inside(share(mine, pl.col("late")), limits.no_scan_share, slack=0.05)
        old = _matured(mine, dense)
        if old.height >= 20:
            assert inside(share(old, pl.col("claimed")), limits.claim_share, slack=0.06)
    light = share(rows.filter(pl.col("residual").is_not_null()), pl.col("residual") < -0.6)
    assert light > 0.2


def test_fake_senders_are_complained_about_late(dense: Sample) -> None:
    """T5: complaints come 5 to 15 days after the tracking says delivered."""
    rows = _fulfilled(dense).join(dense.table("complaints"), on="order_id", suffix="_c")
    rows = rows.filter(pl.col("topic").is_in(["not_received", "not_as_described"]))
    lag = rows.filter(pl.col("delivered_at").is_not_null()).select(
        days=(pl.col("event_at") - pl.col("delivered_at")).dt.total_hours() / 24.0
    )
    assert lag.height >= 5
    assert share(lag, pl.col("days").is_between(4.9, 15.1)) > 0.7


def test_honest_shops_are_scanned_and_believed(dense: Sample) -> None:
    """T5: honest shops outside the strike have few late scans and few claims."""
    bad = dense.truth.filter(pl.col("entity_type") == "merchant")["entity_id"]
    goods = dense.table("products").select("product_id", declared="weight_grams")
    rows = dense.orders.filter(~pl.col("merchant_id").is_in(bad.implode()))
    rows = _parcel_signs(rows.join(goods, on="product_id"), dense)
    rows = _matured(rows.filter(pl.col("shipped_at").is_not_null()), dense)
    assert share(rows, pl.col("late")) < 0.06
    assert share(rows, pl.col("claimed")) < 0.09
    assert share(rows, pl.col("residual") < -0.6) < 0.02


def test_recycled_labels_repeat_and_miss_the_door(dense: Sample) -> None:
    """T5: naive shops use tracking numbers again; they end at other doors of the town."""
    rows = _fulfilled(dense)
    rows = rows.with_columns(again=pl.col("tracking_number").is_duplicated())
    naive, rotated = (rows.filter(variant=name) for name in ("naive", ROTATED.name))
    assert share(naive, pl.col("again")) > 0.12
    if rotated.height:
        assert share(rotated, pl.col("again")) < 0.05
    there = naive.filter(pl.col("is_address_match").is_not_null())
    assert share(there, ~pl.col("is_address_match")) > 0.12


def test_stealthy_senders_hide_among_forwarded_and_struck_shops(dense: Sample) -> None:
    """T5: some honest shop has more late scans than each stealthy one."""
    goods = dense.table("products").select("product_id", declared="weight_grams")
    rows = _parcel_signs(dense.orders.join(goods, on="product_id"), dense)
    rows = rows.filter(pl.col("shipped_at").is_not_null())
    shops = rows.group_by("merchant_id").agg(pl.len(), pl.col("late").mean())
    shops = shops.filter(pl.col("len") >= 15)
    hidden = acting(dense, fake_fulfilment.NAME, "merchant").filter(pl.col("variant") != "naive")
    alike = pl.concat(
        acting(dense, story.NAME, "merchant") for story in (forwarder_returns, carrier_strike)
    )
    highest = shops.join(alike, on="merchant_id", how="semi")["late"].max()
    stealthy = shops.join(hidden, on="merchant_id", how="semi")["late"]
    assert highest > stealthy.median()  # type: ignore[operator]


def _reviews(dense: Sample) -> pl.DataFrame:
    """What reviewers of T6 rings wrote about listings of their ring."""
    people = acting(dense, review_manipulation.NAME, "buyer")
    listed = dense.members(review_manipulation.NAME, "product").select(
        "ring_id", "role", product_id="entity_id"
    )
    rows = dense.orders.filter(pl.col("rating").is_not_null()).join(people, on="buyer_id")
    return rows.join(listed, on=("ring_id", "product_id"))


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
    found = []
    for _, mine in days.group_by("product_id"):
        ten = mine.rolling("day", period="10d").agg(pl.len())["len"].to_numpy().max()
        rest = (mine.height - ten) / (dense.made.settings.days - 10.0)
        found.append(float(ten / 10.0 / max(rest, 0.02)))
    assert len(found) >= 2
    assert inside(float(np.median(found)), review_manipulation.PARAMETERS.burst, slack=3.0)


def test_reviewers_of_a_ring_meet_at_unrelated_listings(dense: Sample) -> None:
    """T6: the buyer sets of a ring's shops overlap; two honest shops share next to nobody."""
    shops = dense.members(review_manipulation.NAME, "merchant").group_by("ring_id").agg("entity_id")
    buyers = {
        str(key[0]): set(rows["buyer_id"])
        for key, rows in dense.table("orders").group_by("merchant_id")
    }
    shared = [
        len(buyers[a] & buyers[b])
        for ids in shops["entity_id"].to_list()
        for a, b in itertools.combinations(ids, 2)
    ]
    assert shared
    assert min(shared) >= 4


def test_sheets_are_variations_and_copies_repeat_honest_texts(dense: Sample) -> None:
    """T6: inside a ring texts repeat words; the copying ring's texts stand elsewhere already."""
    rows = _reviews(dense).filter(pl.col("body").str.len_chars() > 0)
    copied = rows.filter(variant=COPIED.name)
    honest = dense.table("reviews").filter(~pl.col("order_id").is_in(rows["order_id"].implode()))
    if copied.height:
        known = copied.join(honest, on="body", how="semi")
        assert known.height / copied.height > 0.5
    assert rows.height > 0


def _bad_listings(dense: Sample) -> pl.DataFrame:
    """Versions of T11 listings that were open while the ring acted, with the brand's median."""
    goods = dense.table("products").with_columns(
        usd=pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    )
    median = goods.group_by("brand").agg(median=pl.col("usd").median())
    versions = dense.table("listing_versions").with_columns(
        version_usd=pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    )
    mine = acting(dense, prohibited_goods.NAME, "product")
    mine = mine.join(
        goods.select("product_id", "brand", "title", "usd", "removed_at"), on="product_id"
    )
    mine = mine.join(median, on="brand", how="left").join(
        versions.drop("title", "currency", "usd_per_unit"), on="product_id"
    )
    return mine.filter((pl.col("version") > 1) & (pl.col("valid_from") <= pl.col("until")))


def test_fakes_cost_a_fraction_of_their_brand(dense: Sample) -> None:
    """T11 naive: edited after approval to below 40 % of the brand's median; stealth stays near."""
    rows = _bad_listings(dense).filter(pl.col("brand").is_not_null())
    rows = rows.with_columns(ratio=pl.col("version_usd") / pl.col("median"))
    lowest = rows.group_by("product_id", "variant").agg(pl.col("ratio").min())
    naive = lowest.filter(variant="naive")
    assert naive.height >= 1
    assert share(naive, pl.col("ratio") < prohibited_goods.PARAMETERS.brand_price) > 0.9
    slow = lowest.filter(variant=SLOW.name)
    assert slow.is_empty() or slow["ratio"].max() > 0.40  # type: ignore[operator]


def test_fakes_come_back_as_not_as_described(dense: Sample) -> None:
    """T11: above 5 % of the bad listings' orders, far above for naive ones; honest ones below."""
    goods = acting(dense, prohibited_goods.NAME, "product")
    old = dense.orders.filter(pl.col("delivered_at") < dense.end - 10 * DAY)
    rows = old.join(goods, on="product_id").filter(while_acting())
    returned = pl.col("reason") == "not_as_described"
    naive = share(rows.filter(variant="naive"), returned)
    assert share(rows, returned) > prohibited_goods.PARAMETERS.not_as_described
    bad = dense.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == "merchant"))
    honest = old.filter(~pl.col("merchant_id").is_in(bad["entity_id"].implode()))
    assert share(honest, returned) < 0.06 < naive / 2.0


def test_some_fake_has_a_known_picture_or_a_misspelt_name(dense: Sample) -> None:
    """T11: a removed item's picture returns, or a title almost names its brand."""
    rows = _bad_listings(dense)
    gone = dense.table("products").filter(pl.col("removed_at").is_not_null())
    reused = rows.join(gone.select("image_id"), on="image_id", how="semi").height
    branded = rows.filter(pl.col("brand").is_not_null())
    told = [
        names.misspelt(brand) in title
        for brand, title in branded.select("brand", "title").iter_rows()
    ]
    assert reused + sum(told) > 0


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
        shops = ring.filter(entity_type="merchant")
        assert shops.filter(role="victim").height == 1
        assert shops.height <= 2
        assert ring.filter(entity_type="buyer", role="actor").height >= 8


def test_attackers_share_phones_and_leave_one_of_four_marks(dense: Sample) -> None:
    """T13: cancelled or refused orders, one stars, praise nobody asked for, or a drop sold out."""
    rows = _hostile(dense)
    marks = set()
    for _, ring in rows.group_by("ring_id"):
        prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=75)
        told = ring.filter(pl.col("rating").is_not_null())
        found = {
            "denied": share(ring, pl.col("cancelled_at").is_not_null()) > 0.5,
            "extorted": share(told, pl.col("rating") == 1) > 0.5,
            "framed": share(told, (pl.col("rating") == 5) & prompt) > 0.6,
            "scalped": share(ring, pl.col("view_seconds") < 4.5) > 0.9,
        }
        assert any(found.values())
        marks |= {name for name, is_so in found.items() if is_so}
        if ring["variant"][0] == "naive":
            assert ring["device_id"].n_unique() < ring["buyer_id"].n_unique()
    assert len(marks) >= 2


def test_extortion_is_reported_before_the_stars(dense: Sample) -> None:
    """T13: where harassment was reported, it was reported before the review."""
    rows = _hostile(dense).join(dense.table("complaints"), on="order_id", suffix="_c")
    rows = rows.filter((pl.col("topic") == "harassment") & pl.col("reviewed_at").is_not_null())
    assert share(rows, pl.col("event_at") < pl.col("reviewed_at")) > 0.9 or rows.is_empty()
