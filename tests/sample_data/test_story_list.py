"""Every planted story is there, hides in several ways, and has honest look-alikes."""

from collections.abc import Callable

import polars as pl
import pytest

from sample_data import story_list
from sample_data.hard_negatives import (
    apparel_returns,
    carrier_strike,
    defect_recall,
    dorm_address,
    family_device,
    flash_sale,
    forwarder_returns,
    light_goods,
    super_fans,
)
from sample_data.kit import evasion_kinds
from sample_data.typologies import (
    account_takeover,
    affiliate_fraud,
    brushing,
    fake_fulfilment,
    fraud_merchant,
    incentive_abuse,
    malicious_behaviour,
    payment_fraud,
    prohibited_goods,
    refund_abuse,
    review_manipulation,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, acting, ring_truth, share

ORDERLY = (brushing, incentive_abuse, affiliate_fraud, refund_abuse)  # stories about orders
T5, T6, T11, T13 = (
    story.NAME
    for story in (fake_fulfilment, review_manipulation, prohibited_goods, malicious_behaviour)
)
T7 = payment_fraud.NAME
T8 = account_takeover.NAME
T10 = fraud_merchant.NAME
LOOK_ALIKES = {  # honest story: what it looks like
    "HN_TRAVELLER": (T8, "buyer"),
    "HN_GIFT_ADDRESSES": (T7, "buyer"),
    "HN_SIBLING_SHOPS": (T10, "merchant"),
    "HN_CREATOR_SAMPLES": ("T4_AFFILIATE_FRAUD", "creator"),
    "HN_CARRIER_NAT": (T8, "buyer"),
}
ODD: dict[str, tuple[str, Callable[[Sample], pl.Series]]] = {
    "an order line of five pieces or more": (
        "buyer",
        lambda s: s.table("orders").filter(pl.col("quantity") >= 5)["buyer_id"],
    ),
    "a declined attempt without an order": (
        "buyer",
        lambda s: s.table("declined_payments").filter(pl.col("order_id").is_null())["buyer_id"],
    ),
    "a commission above 22 %": (
        "creator",
        lambda s: s.table("orders").filter(pl.col("commission_rate") > 0.22)["creator_id"],
    ),
    "another picture": ("product", lambda s: _repriced_far(s, "image_id")["product_id"]),
    "another category": ("product", lambda s: _repriced_far(s, "category")["product_id"]),
    "a listing taken down": (
        "product",
        lambda s: s.table("products").filter(pl.col("removed_at").is_not_null())["product_id"],
    ),
    "a failed sign-in to a shop": (
        "merchant",
        lambda s: (
            s.table("auth_events")
            .filter((pl.col("account_type") == "merchant") & (pl.col("kind") == "login_failed"))
            .get_column("account_id")
        ),
    ),
}


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
    rings = ring_truth(dense).filter(pl.col("typology") == name)
    running = rings.filter(pl.col("ended_at") >= dense.end - 31 * DAY)
    assert running.height >= max(1, 0.4 * rings.height)
    assert rings.filter(pl.col("started_at") < dense.end - 40 * DAY).height >= 1


@pytest.mark.parametrize("name", [module.NAME for module in ORDERLY])
def test_rings_hide_in_all_six_ways(dense: Sample, name: str) -> None:
    """Every variant of docs/domain.md §3.6 is planted, nearly all where rings are few."""
    rings = ring_truth(dense).filter(pl.col("typology") == name)
    variants = {variant.name for variant in evasion_kinds.ALL}
    assert set(rings["variant"]) <= variants
    assert rings["variant"].n_unique() >= min(len(variants), rings.height)


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


def test_bad_shops_and_creators_keep_their_honest_trade(dense: Sample) -> None:
    """A bad shop or creator is first of all an ordinary one: others buy there, too."""
    for module, entity_type in ((brushing, "merchant"), (affiliate_fraud, "creator")):
        members = acting(dense, module.NAME, entity_type)
        crew = dense.members(module.NAME, "buyer")["entity_id"]
        rows = dense.orders.join(members.unique(f"{entity_type}_id"), on=f"{entity_type}_id")
        each = rows.group_by(f"{entity_type}_id").agg(
            honest=(~pl.col("buyer_id").is_in(crew.implode())).sum()
        )
        assert share(each, pl.col("honest") >= 1) > 0.8, module.NAME


def test_no_single_number_tells_a_bad_shop(dense: Sample) -> None:
    """Honest shops overlap with bad ones in each signature: no one-feature rule is perfect."""
    prompt = (pl.col("paid_at") - pl.col("created_at")) < pl.duration(seconds=60)
    merchants = dense.orders.group_by("merchant_id").agg(
        pl.len(),
        prompt=prompt.mean(),
        praised=((pl.col("rating") == 5).fill_null(value=False)).mean(),
        light=(pl.col("parcel_grams") < 50.0).mean(),
        voucher=pl.col("voucher_id").is_not_null().mean(),
    )
    wrong = bad(dense, "merchant")["entity_id"]
    merchants = merchants.filter(pl.col("len") >= 5).with_columns(
        bad=pl.col("merchant_id").is_in(wrong.implode())
    )
    for name in ("prompt", "praised", "light", "voucher"):
        median_bad = merchants.filter("bad")[name].median()
        assert merchants.filter(~pl.col("bad") & (pl.col(name) > median_bad)).height > 3, name


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


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_each_look_alike_outnumbers_what_it_imitates(sample: Sample, name: str) -> None:
    """At least two honest entities for each bad one, and each says what clears it."""
    typology, entity_type = LOOK_ALIKES[name]
    honest, bad = sample.members(name, entity_type), sample.members(typology, entity_type)
    bad = bad.filter(pl.col("role") != "victim")
    assert honest["entity_id"].n_unique() >= 2 * bad["entity_id"].n_unique()
    assert honest["clears_because"].null_count() == 0


def _story_entities(sample: Sample, entity_type: str) -> pl.Series:
    """Entities of bad stories, victims included."""
    wrong = sample.truth.filter(~pl.col("is_hard_negative"))
    return wrong.filter(pl.col("entity_type") == entity_type)["entity_id"].unique()


def _repriced_far(sample: Sample, column: str) -> pl.DataFrame:
    later = sample.table("listing_versions").sort("product_id", "version")
    before = pl.col(column).shift().over("product_id")
    return later.filter(before.is_not_null() & (before != pl.col(column)))


@pytest.mark.parametrize("oddity", ODD)
def test_honest_actors_do_it_too(sample: Sample, oddity: str) -> None:
    """Of those who do an odd thing, at least a fifth are part of no story."""
    entity_type, find = ODD[oddity]
    who = find(sample).unique().drop_nulls()
    assert len(who) >= 3
    assert float(who.is_in(_story_entities(sample, entity_type).implode()).mean()) <= 0.8  # type: ignore[arg-type]
