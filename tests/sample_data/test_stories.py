"""Every planted story is there, hides in several ways, and has honest look-alikes."""

import re

import polars as pl
import pytest

from sample_data import story_list
from sample_data.hard_negatives import dorm_address, family_device, flash_sale
from sample_data.kit import evasion_kinds, timeline
from sample_data.typologies import (
    affiliate_fraud,
    brushing,
    cross_domain,
    incentive_abuse,
    refund_abuse,
    unseen_value_transfer,
)

from .conftest import Sample
from .signatures import DAY, acting, inside, share, told

ORDERLY = (brushing, incentive_abuse, affiliate_fraud, refund_abuse)  # stories about orders
PUBLIC_ID = re.compile(r"\b(mer|cre|buy|prd|pro|ord|rng|ses|liv)_[0-9a-z]+", re.IGNORECASE)


def bad(sample: Sample, entity_type: str) -> pl.DataFrame:
    """Entities of a type that do wrong; victims do not."""
    wrong = ~pl.col("is_hard_negative") & (pl.col("role") != "victim")
    return sample.truth.filter(wrong & (pl.col("entity_type") == entity_type))


def test_every_story_module_planted_something(dense: Sample) -> None:
    """Stories are found by listing the packages, and each one's name is in the truth."""
    assert {module.NAME for module in story_list.modules()} == set(dense.truth["typology"])


@pytest.mark.parametrize("name", [module.NAME for module in ORDERLY])
def test_half_of_the_rings_are_active_in_the_last_month(dense: Sample, name: str) -> None:
    """Each typology has rings that are over (to learn from) and rings still running (to find)."""
    rings = told(dense).filter(pl.col("typology") == name)
    running = rings.filter(pl.col("ended_at") >= dense.end - 31 * DAY)
    assert running.height >= max(1, 0.4 * rings.height)
    assert rings.filter(pl.col("started_at") < dense.end - 40 * DAY).height >= 1


@pytest.mark.parametrize("name", [module.NAME for module in ORDERLY])
def test_rings_hide_in_all_six_ways(dense: Sample, name: str) -> None:
    """DOMAIN 3.6: every variant is planted where there are rings enough, nearly all where not."""
    rings = told(dense).filter(pl.col("typology") == name)
    known = {variant.name for variant in evasion_kinds.ALL}
    assert set(rings["variant"]) <= known
    assert rings["variant"].n_unique() >= min(len(known), rings.height)


def test_headline_stories_start_on_their_day(dense: Sample) -> None:
    """DOMAIN 3.5: the wave, the voucher attack, the chain and the unseen pattern have their day."""
    first = dense.made.settings.start_s
    rings = told(dense).with_columns(day=(pl.col("started_at").dt.epoch("s") - first) / 86_400)
    slack = {incentive_abuse.NAME: 13.0, brushing.NAME: 3.0}  # a launch may come days later
    headlines = (brushing, incentive_abuse, cross_domain, unseen_value_transfer)
    for module in headlines:
        day = timeline.HEADLINES[module.NAME]
        mine = rings.filter(pl.col("typology") == module.NAME)["day"].to_list()
        assert any(day - 1.0 <= started <= day + slack.get(module.NAME, 3.0) for started in mine)


@pytest.mark.parametrize("entity_type", ["merchant", "creator", "product", "buyer"])
def test_look_alikes_are_twice_the_positives(dense: Sample, entity_type: str) -> None:
    """Per entity type, at least two honest look-alikes for each bad entity."""
    alike = pl.col("is_hard_negative") & (pl.col("entity_type") == entity_type)
    good = dense.truth.filter(alike)["entity_id"].n_unique()
    wrong = bad(dense, entity_type)["entity_id"].n_unique()
    assert good >= 2 * wrong > 0


@pytest.mark.parametrize(
    ("alike", "entity_type", "imitated"),
    [
        ((flash_sale,), "merchant", flash_sale.LOOKS_LIKE),
        ((flash_sale,), "product", flash_sale.LOOKS_LIKE),
        ((family_device, dorm_address), "buyer", family_device.LOOKS_LIKE),
    ],
)
def test_look_alikes_are_twice_what_they_look_like(
    dense: Sample, alike: tuple[object, ...], entity_type: str, imitated: tuple[str, ...]
) -> None:
    """Sales stand against brushed shops and listings, families and dorms against bad accounts."""
    names = [module.NAME for module in alike]  # type: ignore[attr-defined]
    good = pl.col("typology").is_in(names) & (pl.col("entity_type") == entity_type)
    wrong = bad(dense, entity_type).filter(pl.col("typology").is_in(list(imitated)))
    assert dense.truth.filter(good)["entity_id"].n_unique() >= 2 * wrong["entity_id"].n_unique()


def test_nobody_is_both_bad_and_a_look_alike(dense: Sample) -> None:
    """Look-alikes of shops, creators and buyers are innocent; each says what clears it."""
    actors = dense.truth.filter(
        pl.col("entity_type").is_in(["merchant", "creator", "buyer"]) & (pl.col("role") == "actor")
    )
    verdicts = actors.group_by("entity_type", "entity_id").agg(
        pl.col("is_hard_negative").n_unique()
    )
    assert verdicts["is_hard_negative"].max() == 1
    alike = dense.truth.filter(pl.col("is_hard_negative"))
    assert alike["clears_because"].null_count() == 0
    assert alike["loss_usd"].sum() == 0.0


def test_every_ring_says_what_to_find_without_giving_ids_away(dense: Sample) -> None:
    """A fact is a sentence an analyst can check; no public id stands in it."""
    for row in told(dense).iter_rows(named=True):
        assert row["facts"], row["typology"]
        assert not any(PUBLIC_ID.search(fact) for fact in row["facts"]), row["facts"]


def test_losses_have_a_bearer_and_add_up(dense: Sample) -> None:
    """What stories about orders cost is borne by rivals, platform and shops, as the domain says."""
    rings = told(dense)
    bearers = {
        brushing: "rival",
        incentive_abuse: "platform",
        affiliate_fraud: "merchant",
        refund_abuse: "merchant",
    }
    for module, bearer in bearers.items():
        mine = rings.filter(pl.col("typology") == module.NAME)
        assert float(mine[f"loss_{bearer}_usd"].sum()) > 100.0, module.NAME
    columns = [name for name in rings.columns if name.startswith("loss_")]
    honest = rings.filter(pl.col("is_hard_negative")).select(pl.sum_horizontal(columns).sum())
    assert honest.item() == 0.0


def test_bad_shops_and_creators_keep_their_honest_trade(dense: Sample) -> None:
    """A bad shop or creator is first of all an ordinary one: others buy there, too."""
    for module, kind in ((brushing, "merchant"), (affiliate_fraud, "creator")):
        members = acting(dense, module.NAME, kind)
        crew = dense.members(module.NAME, "buyer")["entity_id"]
        rows = dense.orders.join(members.unique(f"{kind}_id"), on=f"{kind}_id")
        each = rows.group_by(f"{kind}_id").agg(
            honest=(~pl.col("buyer_id").is_in(crew.implode())).sum()
        )
        assert share(each, pl.col("honest") >= 1) > 0.8, module.NAME


def test_no_single_number_tells_a_bad_shop(dense: Sample) -> None:
    """Honest shops overlap with bad ones in each signature: no one-feature rule is perfect."""
    prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=60)
    shops = dense.orders.group_by("merchant_id").agg(
        pl.len(),
        prompt=prompt.mean(),
        praised=((pl.col("rating") == 5).fill_null(value=False)).mean(),
        light=(pl.col("parcel_grams") < 50.0).mean(),
        voucher=pl.col("voucher_id").is_not_null().mean(),
    )
    wrong = bad(dense, "merchant")["entity_id"]
    shops = shops.filter(pl.col("len") >= 5).with_columns(
        bad=pl.col("merchant_id").is_in(wrong.implode())
    )
    for name in ("prompt", "praised", "light", "voucher"):
        median_bad = shops.filter("bad")[name].median()
        assert shops.filter(~pl.col("bad") & (pl.col(name) > median_bad)).height > 3, name


def test_sales_are_bursts_with_one_voucher_by_people_with_their_own_phones(dense: Sample) -> None:
    """HN: 80-100 % of a flash sale's orders carry its voucher; its buyers share no phones."""
    shops = acting(dense, flash_sale.NAME, "merchant")
    rows = dense.orders.join(shops, on="merchant_id")
    rows = rows.filter(pl.col("created_at").is_between("since", "until"))
    rows = rows.filter(pl.col("campaign_id").is_not_null())
    assert inside(share(rows, pl.col("voucher_id").is_not_null()), (0.75, 1.0))
    crowd = rows.group_by("device_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert float(crowd.mean()) < 1.2  # type: ignore[arg-type]


def test_dorms_share_an_address_and_families_a_phone(dense: Sample) -> None:
    """HN: 20 and more accounts at one address on phones of their own; 2-6 accounts on one phone."""
    for module, kind, span in (
        (dorm_address, "address_id", (15, 200)),
        (family_device, "device_id", (1, 6)),
    ):
        rows = dense.orders.join(acting(dense, module.NAME, "buyer"), on="buyer_id")
        crowd = rows.group_by("ring_id", kind).agg(pl.col("buyer_id").n_unique())
        most = crowd.group_by("ring_id").agg(pl.col("buyer_id").max())["buyer_id"]
        assert inside(float(most.median()), span), module.NAME  # type: ignore[arg-type]
    phones = dense.orders.join(acting(dense, dorm_address.NAME, "buyer"), on="buyer_id")
    assert share(phones.unique(("buyer_id", "device_id")), pl.len().over("device_id") > 2) < 0.1


def test_light_honest_goods_travel_light_and_fast(dense: Sample) -> None:
    """Stationery looks like an empty parcel signed the same day, and its weight is declared."""
    goods = dense.table("products").filter(pl.col("category") == "Stationery")
    rows = dense.orders.join(goods, on="product_id").filter(pl.col("first_scan_at").is_not_null())
    assert share(rows, pl.col("parcel_grams") < 60.0) > 0.4
    quick = pl.col("delivered_at") - pl.col("first_scan_at") < pl.duration(hours=12)
    assert share(rows, quick) > 0.2


def test_honest_live_apparel_comes_back_a_lot(dense: Sample) -> None:
    """Returns above 30 % in live apparel are normal here (DOMAIN 3.1 T4)."""
    goods = dense.table("products").filter(pl.col("category") == "Apparel")
    rows = dense.orders.join(goods, on="product_id").filter(
        (pl.col("channel") == "live") & (pl.col("delivered_at") < dense.end - 10 * DAY)
    )
    assert inside(share(rows, pl.col("refund_id").is_not_null()), (0.3, 0.6))
