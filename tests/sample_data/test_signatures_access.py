"""Sign-ins and takeovers look as their parameters say, and so do their look-alikes."""

import polars as pl
import pytest

from sample_data.typologies import account_takeover, fraud_merchant, payment_fraud

from .conftest import Sample
from .signatures import DAY, HOUR, inside, mean, median, members

T7 = payment_fraud.NAME
T8 = account_takeover.NAME
T10 = fraud_merchant.NAME
CHANGES = ("password_change", "phone_change")
LOOK_ALIKES = {  # honest story: what it looks like
    "HN_TRAVELLER": (T8, "buyer"),
    "HN_GIFT_ADDRESSES": (T7, "buyer"),
    "HN_SIBLING_SHOPS": (T10, "merchant"),
    "HN_CREATOR_SAMPLES": ("T4_AFFILIATE_FRAUD", "creator"),
    "HN_CARRIER_NAT": (T8, "buyer"),
}


# Sign-ins of everybody.


def test_people_sign_in_about_thrice_in_ten_orders(sample: Sample) -> None:
    """The volume of sign-in events follows the orders."""
    share = sample.table("auth_events").height / sample.table("orders").height
    assert inside(share, (0.24, 0.42))


def test_no_account_signs_in_before_it_exists(sample: Sample) -> None:
    """Each event belongs to a known account and comes after its registration."""
    events = sample.table("auth_events")
    for kind in ("buyer", "merchant", "creator"):
        owners = sample.table(f"{kind}s").select(f"{kind}_id", "registered_at")
        mine = events.filter(pl.col("account_type") == kind)
        known = mine.join(owners, left_on="account_id", right_on=f"{kind}_id", how="inner")
        assert known.height == mine.height > 0
        assert (known["happened_at"] >= known["registered_at"]).all()


def _renewals(sample: Sample) -> pl.DataFrame:
    """Sign-ins with the credential changes on the same device in the next hour."""
    events = sample.table("auth_events").filter(pl.col("account_type") == "buyer")
    signed = events.filter(pl.col("kind") == "login")
    changed = events.filter(pl.col("kind").is_in(CHANGES))
    keys = ["account_id", "device_id"]
    rows = signed.join(changed, on=keys, suffix="_change")
    wait = pl.col("happened_at_change") - pl.col("happened_at")
    return rows.filter((wait > pl.duration(seconds=0)) & (wait <= HOUR))


def test_honest_people_renew_credentials_too(sample: Sample) -> None:
    """Most accounts that change a password or number within an hour are nobody's victims."""
    taken = members(sample, T8, "buyer", "compromised")["buyer_id"].to_list()
    honest = _renewals(sample).filter(~pl.col("account_id").is_in(taken))
    assert honest["account_id"].n_unique() >= 3 * len(taken)


# T8: takeovers.


def _takeovers(sample: Sample) -> pl.DataFrame:
    """First strange sign-in of each buyer account taken over, with its ring."""
    owners = members(sample, T8, "buyer", "compromised")
    events = sample.table("auth_events").filter(pl.col("kind") == "login")
    rows = owners.join(events, left_on="buyer_id", right_on="account_id")
    near = pl.col("happened_at").is_between("started_at", pl.col("ended_at") + HOUR)
    known = sample.table("orders").select("buyer_id", "device_id", "created_at")
    known = known.join(owners.select("buyer_id", "started_at"), on="buyer_id")
    known = known.filter(pl.col("created_at") < pl.col("started_at"))
    strange = rows.filter(near).join(known, on=["buyer_id", "device_id"], how="anti")
    return strange.sort("happened_at").group_by("buyer_id", maintain_order=True).first()


def _after(sample: Sample, kinds: tuple[str, ...]) -> pl.DataFrame:
    """First event of these kinds on the intruder's device, by account."""
    events = sample.table("auth_events").filter(pl.col("kind").is_in(kinds))
    events = events.select("device_id", buyer_id=pl.col("account_id"), then="happened_at").sort(
        "then"
    )
    rows = _takeovers(sample).join(events, on=["buyer_id", "device_id"])
    rows = rows.filter(pl.col("then") >= pl.col("happened_at"))
    return rows.group_by("buyer_id", maintain_order=True).first()


def test_a_takeover_signs_in_changes_the_locks_moves_and_buys_in_this_order(
    sample: Sample,
) -> None:
    """T8: unknown device, credentials within the hour, then the address, then an order by 24 h."""
    owners = members(sample, T8, "buyer", "compromised")
    locks = _after(sample, CHANGES).select("buyer_id", changed="then", signed="happened_at")
    moves = _after(sample, ("address_change",)).select("buyer_id", "device_id", moved="then")
    rows = locks.join(moves, on="buyer_id")
    assert rows.height >= 0.9 * owners.height
    assert (rows["changed"] - rows["signed"]).max().total_seconds() <= 3_600  # type: ignore[union-attr]
    assert (rows["moved"] > rows["changed"]).all()
    orders = sample.table("orders").select("buyer_id", "device_id", "created_at")
    bought = rows.join(orders, on=["buyer_id", "device_id"])
    first = bought.group_by("buyer_id").agg(pl.col("created_at").min(), pl.col("moved").first())
    assert first.height >= 0.9 * rows.height
    wait = first["created_at"] - first["moved"]
    assert wait.min().total_seconds() > 0  # type: ignore[union-attr]
    assert wait.max().total_seconds() <= 24 * 3_600  # type: ignore[union-attr]


def test_an_intruder_spends_a_multiple_of_what_the_owner_does(sample: Sample) -> None:
    """T8: value 2-5 times the owner's own p95, less in the slow variant."""
    strange = _takeovers(sample).select("buyer_id", "variant", intruder="device_id")
    usd = pl.col("items_minor") / 100.0 * pl.col("usd_per_unit")
    orders = sample.table("orders").with_columns(usd=usd).join(strange, on="buyer_id")
    taken = (
        orders.filter(pl.col("device_id") == pl.col("intruder"))
        .group_by("buyer_id")
        .agg(pl.col("variant").first(), taken=pl.col("usd").max())
    )
    own = (
        orders.filter(pl.col("device_id") != pl.col("intruder"))
        .group_by("buyer_id")
        .agg(pl.len(), own=pl.col("usd").quantile(0.95))
    )
    rows = taken.join(own.filter(pl.col("len") >= 3), on="buyer_id")
    loud = rows.filter(pl.col("variant") != "slow_and_low")
    assert rows.height >= 4
    assert inside(median(loud, pl.col("taken") / pl.col("own")), (1.8, 5.5))


def test_most_sign_ins_from_an_intruders_network_fail(sample: Sample) -> None:
    """T8: lists of passwords are tried on many accounts, few open."""
    events, strange = sample.table("auth_events"), _takeovers(sample)
    tried = events.join(strange.select("ip_id", "ring_id").unique(), on="ip_id")
    tried = tried.filter(pl.col("kind").is_in(["login", "login_failed"]))
    failed = tried.group_by("ring_id").agg((pl.col("kind") == "login_failed").mean())
    assert failed["kind"].min() > 0.6  # type: ignore[operator]
    spread = tried.group_by("ring_id").agg(pl.col("account_id").n_unique())
    assert spread["account_id"].min() >= 20  # type: ignore[operator]


def test_a_shop_taken_over_changes_bank_then_prices_then_sells(sample: Sample) -> None:
    """T8 seller: bank within the hour, -50 to -90 %, then buyers whose parcels do not come."""
    shops = members(sample, T8, "merchant", "compromised")
    events = sample.table("auth_events").rename({"account_id": "merchant_id"})
    bank = shops.join(events.filter(pl.col("kind") == "bank_change"), on="merchant_id")
    bank = bank.filter(pl.col("happened_at").is_between("started_at", "ended_at"))
    assert bank.height == shops.height > 0
    assert (bank["happened_at"] - bank["started_at"]).max().total_seconds() <= 3_600  # type: ignore[union-attr]
    goods = members(sample, T8, "product", "compromised").select("product_id", "started_at")
    versions = sample.table("listing_versions").join(goods, on="product_id")
    usual = versions.filter(pl.col("version") == 1).select("product_id", usual="price_minor")
    dumped = versions.join(usual, on="product_id").filter(
        pl.col("valid_from").dt.truncate("1m") == pl.col("started_at").dt.truncate("1m")
    )
    assert dumped.height == goods.height
    cut = 1.0 - dumped["price_minor"] / dumped["usual"]
    assert cut.is_between(0.45, 0.95).all()
    owners = sample.table("products").select("product_id", "merchant_id")
    first = dumped.join(owners, on="product_id").join(
        bank.select("merchant_id", changed="happened_at"), on="merchant_id"
    )
    assert (first["valid_from"] > first["changed"]).all()


# Look-alikes.


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_each_look_alike_outnumbers_what_it_imitates(sample: Sample, name: str) -> None:
    """At least two honest entities for each bad one, and each says what clears it."""
    typology, entity_type = LOOK_ALIKES[name]
    honest, bad = sample.members(name, entity_type), sample.members(typology, entity_type)
    bad = bad.filter(pl.col("role") != "victim")
    assert honest["entity_id"].n_unique() >= 2 * bad["entity_id"].n_unique()
    assert honest["clears_because"].null_count() == 0


def test_a_traveller_enters_a_code_before_changing_anything(sample: Sample) -> None:
    """The clearing fact of the traveller is in the data."""
    people = sample.members("HN_TRAVELLER", "buyer").select(account_id="entity_id")
    events = sample.table("auth_events").join(people, on="account_id", how="semi")
    coded = (
        events.filter(pl.col("kind") == "step_up_passed")
        .group_by("account_id", "device_id")
        .agg(coded=pl.col("happened_at").min())
    )
    travellers = people.join(coded, on="account_id", how="semi").height
    assert travellers >= 0.95 * people.height
    changed = events.filter(pl.col("kind").is_in(CHANGES)).join(
        coded, on=["account_id", "device_id"]
    )
    assert (changed["happened_at"] >= changed["coded"]).mean() > 0.9  # type: ignore[operator]


def test_siblings_share_a_bank_account_and_deliver(sample: Sample) -> None:
    """The clearing fact of sibling shops is in the data."""
    shops = sample.members("HN_SIBLING_SHOPS", "merchant").rename({"entity_id": "merchant_id"})
    joined = shops.join(sample.table("merchants"), on="merchant_id")
    shared = joined.group_by("ring_id").agg(pl.len() - pl.col("bank_account_id").n_unique())
    assert mean(shared, pl.col("len") > 0) > 0.5
    parcels = sample.orders.join(shops, on="merchant_id").filter(
        pl.col("shipped_at") < sample.end - 20 * DAY
    )
    assert mean(parcels, pl.col("delivered_at").is_not_null()) > 0.93


def test_listings_begin_with_version_one(sample: Sample) -> None:
    """Every product has a first version at its listing, numbered on from there."""
    versions, products = sample.table("listing_versions"), sample.table("products")
    first = versions.filter(pl.col("version") == 1).join(products, on="product_id", suffix="_now")
    assert first.height == products.height
    assert (first["valid_from"] == first["listed_at"]).all()
    assert (first["price_minor"] == first["price_minor_now"]).all()
    span = versions.group_by("product_id").agg(pl.len(), pl.col("version").max())
    assert (span["len"] == span["version"]).all()
