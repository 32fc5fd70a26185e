"""Stories about accounts, cards, shops' papers and leaks look as their parameters say."""

import polars as pl
import pytest

from sample_data import card_trials
from sample_data.typologies import account_takeover, fraud_merchant, info_leak, payment_fraud

from .conftest import Sample
from .signatures import inside

T7, T8 = payment_fraud.NAME, account_takeover.NAME
T10, T12 = fraud_merchant.NAME, info_leak.NAME
CHANGES = ("password_change", "phone_change")
HOUR, DAY = pl.duration(hours=1), pl.duration(days=1)
LOOK_ALIKES = {  # honest story: what it looks like
    "HN_TRAVELLER": (T8, "buyer"),
    "HN_GIFT_ADDRESSES": (T7, "buyer"),
    "HN_SIBLING_SHOPS": (T10, "merchant"),
    "HN_CREATOR_SAMPLES": ("T4_AFFILIATE_FRAUD", "creator"),
    "HN_CARRIER_NAT": (T8, "buyer"),
}


def _members(sample: Sample, typology: str, entity_type: str, role: str) -> pl.DataFrame:
    """Planted entities of one typology and role."""
    rows = sample.members(typology, entity_type)
    return rows.filter(pl.col("role") == role).rename({"entity_id": f"{entity_type}_id"})


def _median(rows: pl.DataFrame, value: pl.Expr) -> float:
    found = rows.select(value.median()).item()
    assert found is not None
    return float(found)


def _mean(rows: pl.DataFrame, value: pl.Expr) -> float:
    found = rows.select(value.mean()).item()
    assert found is not None
    return float(found)


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
    taken = _members(sample, T8, "buyer", "compromised")["buyer_id"].to_list()
    honest = _renewals(sample).filter(~pl.col("account_id").is_in(taken))
    assert honest["account_id"].n_unique() >= 3 * len(taken)


# T7: cards.


def _trials(sample: Sample) -> pl.DataFrame:
    """Refused attempts without an order by accounts of payment fraud, with their ring."""
    crew = _members(sample, T7, "buyer", "actor")
    lost = sample.table("declined_payments").filter(pl.col("order_id").is_null())
    return lost.join(crew, on="buyer_id")


def _tested(sample: Sample) -> pl.DataFrame:
    """Orders that testers' cards paid for."""
    testers = _trials(sample).select("buyer_id", "ring_id", "variant").unique()
    columns = ["buyer_id", "device_id", "created_at", "payment_token_id", "is_billing_match"]
    rows = sample.table("orders").select(*columns, "items_minor", "usd_per_unit")
    return rows.join(testers, on="buyer_id")


def test_testers_try_many_small_cards_of_few_issuers(sample: Sample) -> None:
    """T7 testing: cards per phone and day, share refused, tickets and issuers in range."""
    trials = _trials(sample)
    assert trials["ring_id"].n_unique() >= 2
    usd = trials["amount_minor"] / 100.0 * trials["usd_per_unit"]
    assert inside(float(usd.max()), card_trials.TICKET_USD, slack=0.01)  # type: ignore[arg-type]
    per_ring = trials.group_by("ring_id").agg(pl.col("card_bin").n_unique())
    assert per_ring["card_bin"].max() <= card_trials.LISTS[1]  # type: ignore[operator]
    steady = trials.filter(pl.col("variant") != "rotated_identifiers")
    cards = steady.group_by("device_id", pl.col("attempted_at").dt.date()).len()
    assert inside(_median(cards, pl.col("len")), (4.0, 200.0))
    paid = _tested(sample).filter(~pl.col("is_billing_match")).group_by("ring_id").len()
    rate = trials.group_by("ring_id").len().join(paid, on="ring_id", suffix="_paid")
    refused = rate["len"] / (rate["len"] + rate["len_paid"])
    assert refused.min() >= 0.55  # type: ignore[operator]
    assert refused.max() <= 0.97  # type: ignore[operator]


def test_testers_begin_minutes_after_sign_up_unless_they_wait(sample: Sample) -> None:
    """T7 testing: first card within ten minutes of registration, weeks in the slow variant."""
    buyers = sample.table("buyers").select("buyer_id", "registered_at")
    first = _trials(sample).join(buyers, on="buyer_id")
    age = (pl.col("attempted_at") - pl.col("registered_at")).min()
    for key, rows in first.group_by("ring_id", "variant"):
        waited = rows.select(age).item()
        if key[1] == "slow_and_low":
            assert waited.days >= 4
        else:
            assert waited.total_seconds() < 900


def _stolen(sample: Sample) -> pl.DataFrame:
    """Orders on cards that the account uses once, by crews of payment fraud that do not test."""
    crew = _members(sample, T7, "buyer", "actor")
    crew = crew.join(_trials(sample).select("ring_id").unique(), on="ring_id", how="anti")
    rows = sample.table("orders").join(crew, on="buyer_id")
    cards = sample.table("orders").group_by("payment_token_id").len("uses")
    rows = rows.join(cards, on="payment_token_id")
    return rows.filter(
        (pl.col("uses") == 1) & pl.col("created_at").is_between("started_at", "ended_at")
    )


def test_stolen_cards_are_billed_elsewhere_and_disputed(sample: Sample) -> None:
    """T7: billing differs from shipping, attempts fail first, banks report fraud later."""
    rows, everybody = _stolen(sample), sample.table("orders")
    assert rows.height >= 15
    assert _mean(rows, pl.col("is_billing_match")) < 0.35
    assert _mean(rows, pl.col("is_express")) > 2 * _mean(everybody, pl.col("is_express"))
    refused = sample.table("declined_payments").select("order_id").drop_nulls().unique()
    failed = rows.join(refused, on="order_id", how="semi").height / rows.height
    usual = refused.height / everybody.height
    assert failed > 2 * usual
    disputes = sample.table("disputes").filter(pl.col("kind") == "fraud")
    ripe = rows.filter(pl.col("created_at") < sample.end - 80 * DAY)
    if ripe.height >= 10:
        assert ripe.join(disputes, on="order_id", how="semi").height > 0.4 * ripe.height


def test_a_front_shop_undercuts_itself_and_reuses_tracking_numbers(sample: Sample) -> None:
    """T7 triangulation: 10-30 % under retail, one tracking number on two parcels."""
    shops = _members(sample, T7, "merchant", "actor")
    goods = _members(sample, T7, "product", "actor").select("product_id", "started_at")
    versions = sample.table("listing_versions").join(goods, on="product_id")
    first = versions.filter(pl.col("version") == 1).select("product_id", usual="price_minor")
    cut = versions.join(first, on="product_id").filter(pl.col("price_minor") < pl.col("usual"))
    off = 1.0 - cut["price_minor"] / cut["usual"]
    assert shops.height > 0
    assert off.is_between(0.05, 0.35).all()
    parcels = sample.table("shipments").join(
        sample.table("orders").select("order_id", "merchant_id"), on="order_id"
    )
    twice = parcels.filter(pl.col("tracking_number").is_duplicated())
    for shop in shops["merchant_id"]:
        assert twice.filter(pl.col("merchant_id") == shop).height >= 3


# T8: takeovers.


def _takeovers(sample: Sample) -> pl.DataFrame:
    """First strange sign-in of each buyer account taken over, with its ring."""
    owners = _members(sample, T8, "buyer", "compromised")
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
    owners = _members(sample, T8, "buyer", "compromised")
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
    assert inside(_median(loud, pl.col("taken") / pl.col("own")), (1.8, 5.5))


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
    shops = _members(sample, T8, "merchant", "compromised")
    events = sample.table("auth_events").rename({"account_id": "merchant_id"})
    bank = shops.join(events.filter(pl.col("kind") == "bank_change"), on="merchant_id")
    bank = bank.filter(pl.col("happened_at").is_between("started_at", "ended_at"))
    assert bank.height == shops.height > 0
    assert (bank["happened_at"] - bank["started_at"]).max().total_seconds() <= 3_600  # type: ignore[union-attr]
    goods = _members(sample, T8, "product", "compromised").select("product_id", "started_at")
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


# T10: farms.


def _busts(sample: Sample) -> pl.DataFrame:
    """Orders of farm shops in their last days, with how they ended."""
    shops = _members(sample, T10, "merchant", "actor")
    rows = sample.orders.join(shops, on="merchant_id")
    shut = sample.table("merchants").select("merchant_id", "closed_at")
    rows = rows.join(shut, on="merchant_id").filter(
        pl.col("closed_at").is_null() | (pl.col("closed_at") > pl.col("started_at") + 2 * DAY)
    )
    goods = _members(sample, T10, "product", "actor").select("product_id")
    rows = rows.join(goods, on="product_id", how="semi")
    return rows.filter(pl.col("created_at").is_between("started_at", "ended_at"))


def test_a_farm_shares_papers_with_a_closed_shop(sample: Sample) -> None:
    """T10: shops of a farm meet in device or return address, naive ones in the bank account."""
    farm = _members(sample, T10, "merchant", "actor").join(
        sample.table("merchants"), on="merchant_id"
    )
    papers = ("device_id", "return_address_id", "bank_account_id")
    for key, rows in farm.group_by("ring_id", "variant"):
        shared = {paper: rows.height - rows[paper].n_unique() for paper in papers}
        assert rows.height >= 3
        assert rows["closed_at"].null_count() < rows.height
        if key[1] in {"naive", "copied_review_text"}:
            assert shared["bank_account_id"] == rows.height - 1
        if key[1] != "rotated_identifiers":
            assert shared["device_id"] + shared["return_address_id"] >= 2


def test_a_bust_turns_to_dear_goods_under_their_usual_price(sample: Sample) -> None:
    """T10: another category, 30-60 % below what that category costs."""
    usd = pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    products = sample.table("products").with_columns(usd=usd)
    usual = products.group_by("category").agg(usual=pl.col("usd").median())
    goods = _members(sample, T10, "product", "actor").select("product_id", "started_at")
    versions = sample.table("listing_versions").with_columns(usd=usd)
    before = products.select("product_id", old="category")
    turned = versions.join(goods, on="product_id").filter(pl.col("version") > 1)
    turned = turned.join(before, on="product_id").join(usual, on="category")
    assert turned.height >= goods.height
    assert _mean(turned, pl.col("category") != pl.col("old")) > 0.75
    assert inside(_median(turned, 1.0 - pl.col("usd") / pl.col("usual")), (0.3, 0.6), 0.03)


def test_a_bust_sells_many_times_the_shops_pace_and_does_not_deliver(sample: Sample) -> None:
    """T10: orders 5-20 times those of the weeks before, parcels without a scan."""
    bust = _busts(sample)
    days = (pl.col("ended_at") - pl.col("started_at")).dt.total_hours() / 24.0
    now = bust.group_by("merchant_id").agg(
        daily=pl.len() / days.first(), began=pl.col("started_at").first()
    )
    before = sample.table("orders").join(now.select("merchant_id", "began"), on="merchant_id")
    before = before.filter(pl.col("created_at").is_between(pl.col("began") - 28 * DAY, "began"))
    pace = before.group_by("merchant_id").agg(usual=pl.len() / 28.0)
    rate = now.join(pace, on="merchant_id")
    assert inside(_median(rate, pl.col("daily") / pl.col("usual")), (5.0, 20.0), 1.0)
    ripe = bust.filter(
        (pl.col("variant") != "mixed_with_real") & (pl.col("created_at") < sample.end - 15 * DAY)
    ).filter(pl.col("shipped_at").is_not_null())
    assert _mean(ripe, pl.col("delivered_at").is_null()) > 0.4


# T12: leaks.


def test_a_leaking_person_opens_tens_of_times_the_own_usual(sample: Sample) -> None:
    """T12: 10-100 times the own baseline, mostly outside the shift unless mixed."""
    people = _members(sample, T12, "staff", "actor")
    rows = sample.table("staff_access").join(people, on="staff_id")
    during = pl.col("happened_at").is_between("started_at", "ended_at")
    usual = (
        rows.filter(~during & (pl.col("action") == "view"))
        .group_by("staff_id")
        .agg(usual=pl.col("orders").median())
    )
    rows = rows.join(usual, on="staff_id").with_columns(times=pl.col("orders") / pl.col("usual"))
    heavy = rows.filter((pl.col("times") > 7) & during)
    for key, mine in heavy.group_by("ring_id", "variant"):
        assert mine.height >= 4
        assert inside(_median(mine, pl.col("times")), (10.0, 100.0))
        if key[1] != "mixed_with_real":
            assert _mean(mine, pl.col("is_working_hours")) < 0.3


def test_staff_work_odd_hours_and_export_honestly_too(sample: Sample) -> None:
    """Overtime, weekend shifts and exports are no proof."""
    people = _members(sample, T12, "staff", "actor").select("staff_id")
    honest = sample.table("staff_access").join(people, on="staff_id", how="anti")
    assert inside(_mean(honest, ~pl.col("is_working_hours")), (0.01, 0.12))
    assert inside(_mean(honest, pl.col("action") == "export"), (0.01, 0.08))
    assert _mean(honest, pl.col("happened_at").dt.weekday() >= 6) > 0.1


def _called(sample: Sample) -> pl.DataFrame:
    """Orders with their warehouse and app and whether a stranger called about them."""
    shops = sample.table("merchants").select("merchant_id", "warehouse_id", "erp_app_id")
    calls = sample.table("complaints").filter(pl.col("topic") == "scam_call")
    calls = calls.select("order_id", "event_at").drop_nulls("order_id").unique("order_id")
    rows = sample.table("orders").select("order_id", "merchant_id", "created_at")
    rows = rows.join(shops, on="merchant_id").join(calls, on="order_id", how="left")
    return rows.with_columns(called=pl.col("event_at").is_not_null())


def test_buyers_of_a_leaking_warehouse_and_app_are_called_within_days(sample: Sample) -> None:
    """T12: scam calls many times the usual there, about a day after the order."""
    rows, usual = _called(sample), 0.0
    usual = _mean(rows, pl.col("called"))
    people = _members(sample, T12, "staff", "actor").select("staff_id", "ring_id")
    looks = sample.table("staff_access").join(people, on="staff_id")
    spans = _members(sample, T12, "warehouse", "victim")
    heavy = looks.sort("orders", descending=True).group_by("ring_id").first()
    for ring in spans.iter_rows(named=True):
        app = heavy.filter(pl.col("ring_id") == ring["ring_id"])["erp_app_id"][0]
        leaked = rows.filter(
            (pl.col("warehouse_id") == ring["warehouse_id"])
            & (pl.col("erp_app_id") == app)
            & pl.col("created_at").is_between(ring["started_at"], ring["ended_at"])
        )
        assert _mean(leaked, pl.col("called")) > 5 * usual
        wait = leaked.filter("called").select(pl.col("event_at") - pl.col("created_at"))
        assert wait.to_series().median().total_seconds() < 3 * 86_400  # type: ignore[union-attr]


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
    assert _mean(shared, pl.col("len") > 0) > 0.5
    parcels = sample.orders.join(shops, on="merchant_id").filter(
        pl.col("shipped_at") < sample.end - 20 * DAY
    )
    assert _mean(parcels, pl.col("delivered_at").is_not_null()) > 0.93


def test_listings_begin_with_version_one(sample: Sample) -> None:
    """Every product has a first version at its listing, numbered on from there."""
    versions, products = sample.table("listing_versions"), sample.table("products")
    first = versions.filter(pl.col("version") == 1).join(products, on="product_id", suffix="_now")
    assert first.height == products.height
    assert (first["valid_from"] == first["listed_at"]).all()
    assert (first["price_minor"] == first["price_minor_now"]).all()
    span = versions.group_by("product_id").agg(pl.len(), pl.col("version").max())
    assert (span["len"] == span["version"]).all()
