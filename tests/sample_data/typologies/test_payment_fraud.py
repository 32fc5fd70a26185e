"""T7: card trials and stolen cards look as their parameters say."""

import polars as pl

from sample_data.planting import card_trials
from sample_data.typologies import payment_fraud
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, inside, mean, median, members

T7 = payment_fraud.NAME


def _trials(sample: Sample) -> pl.DataFrame:
    """Refused attempts without an order by accounts of payment fraud, with their ring."""
    crew = members(sample, T7, "buyer", "actor")
    without_order = sample.table("declined_payments").filter(pl.col("order_id").is_null())
    return without_order.join(crew, on="buyer_id")


def _tester_orders(sample: Sample) -> pl.DataFrame:
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
    assert inside(median(cards, pl.col("len")), (4.0, 200.0))
    paid = _tester_orders(sample).filter(~pl.col("is_billing_match")).group_by("ring_id").len()
    rate = trials.group_by("ring_id").len().join(paid, on="ring_id", suffix="_paid")
    refusal_rate = rate["len"] / (rate["len"] + rate["len_paid"])
    assert refusal_rate.min() >= 0.55  # type: ignore[operator]
    assert refusal_rate.max() <= 0.97  # type: ignore[operator]


def test_testers_begin_minutes_after_sign_up_unless_they_wait(sample: Sample) -> None:
    """T7 testing: first card within ten minutes of registration, weeks in the slow variant."""
    buyers = sample.table("buyers").select("buyer_id", "registered_at")
    first = _trials(sample).join(buyers, on="buyer_id")
    age = (pl.col("attempted_at") - pl.col("registered_at")).min()
    for key, rows in first.group_by("ring_id", "variant"):
        wait = rows.select(age).item()
        if key[1] == "slow_and_low":
            assert wait.days >= 4
        else:
            assert wait.total_seconds() < 900


def _stolen_card_orders(sample: Sample) -> pl.DataFrame:
    """Orders on cards that the account uses once, by crews of payment fraud that do not test."""
    crew = members(sample, T7, "buyer", "actor")
    crew = crew.join(_trials(sample).select("ring_id").unique(), on="ring_id", how="anti")
    rows = sample.table("orders").join(crew, on="buyer_id")
    cards = sample.table("orders").group_by("payment_token_id").len("uses")
    rows = rows.join(cards, on="payment_token_id")
    return rows.filter(
        (pl.col("uses") == 1) & pl.col("created_at").is_between("started_at", "ended_at")
    )


def test_stolen_cards_are_billed_elsewhere_and_disputed(sample: Sample) -> None:
    """T7: billing differs from shipping, attempts fail first, banks report fraud later."""
    rows, everybody = _stolen_card_orders(sample), sample.table("orders")
    assert rows.height >= 15
    assert mean(rows, pl.col("is_billing_match")) < 0.35
    assert mean(rows, pl.col("is_express")) > 2 * mean(everybody, pl.col("is_express"))
    declined_ids = sample.table("declined_payments").select("order_id").drop_nulls().unique()
    failure_rate = rows.join(declined_ids, on="order_id", how="semi").height / rows.height
    usual = declined_ids.height / everybody.height
    assert failure_rate > 2 * usual
    disputes = sample.table("disputes").filter(pl.col("kind") == "fraud")
    ripe = rows.filter(pl.col("created_at") < sample.end - 80 * DAY)
    if ripe.height >= 10:
        assert ripe.join(disputes, on="order_id", how="semi").height > 0.4 * ripe.height


def test_a_front_shop_undercuts_itself_and_reuses_tracking_numbers(sample: Sample) -> None:
    """T7 triangulation: 10-30 % under retail, one tracking number on two parcels."""
    merchants = members(sample, T7, "merchant", "actor")
    goods = members(sample, T7, "product", "actor").select("product_id", "started_at")
    versions = sample.table("listing_versions").join(goods, on="product_id")
    first = versions.filter(pl.col("version") == 1).select("product_id", usual="price_minor")
    cut = versions.join(first, on="product_id").filter(pl.col("price_minor") < pl.col("usual"))
    off = 1.0 - cut["price_minor"] / cut["usual"]
    assert merchants.height > 0
    assert off.is_between(0.05, 0.35).all()
    parcels = sample.table("shipments").join(
        sample.table("orders").select("order_id", "merchant_id"), on="order_id"
    )
    twice = parcels.filter(pl.col("tracking_number").is_duplicated())
    for merchant in merchants["merchant_id"]:
        assert twice.filter(pl.col("merchant_id") == merchant).height >= 3
