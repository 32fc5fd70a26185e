"""T8: a takeover signs in, changes the locks, moves and buys."""

import polars as pl

from sample_data.typologies import account_takeover
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import HOUR, inside, median, members

T8 = account_takeover.NAME
CHANGES = ("password_change", "phone_change")


def _takeovers(sample: Sample) -> pl.DataFrame:
    """First strange sign-in of each buyer account taken over, with its ring."""
    owners = members(sample, T8, "buyer", "compromised")
    events = sample.table("auth_events").filter(pl.col("kind") == "login")
    rows = owners.join(events, left_on="buyer_id", right_on="account_id")
    near = pl.col("happened_at").is_between("started_at", pl.col("ended_at") + HOUR)
    own_devices = sample.table("orders").select("buyer_id", "device_id", "created_at")
    own_devices = own_devices.join(owners.select("buyer_id", "started_at"), on="buyer_id")
    own_devices = own_devices.filter(pl.col("created_at") < pl.col("started_at"))
    strange = rows.filter(near).join(own_devices, on=["buyer_id", "device_id"], how="anti")
    return strange.sort("happened_at").group_by("buyer_id", maintain_order=True).first()


def _after(sample: Sample, events_of: tuple[str, ...]) -> pl.DataFrame:
    """First event of these kinds on the intruder's device, by account."""
    events = sample.table("auth_events").filter(pl.col("kind").is_in(events_of))
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
    purchases = rows.join(orders, on=["buyer_id", "device_id"])
    first = purchases.group_by("buyer_id").agg(pl.col("created_at").min(), pl.col("moved").first())
    assert first.height >= 0.9 * rows.height
    wait = first["created_at"] - first["moved"]
    assert wait.min().total_seconds() > 0  # type: ignore[union-attr]
    assert wait.max().total_seconds() <= 24 * 3_600  # type: ignore[union-attr]


def test_an_intruder_spends_a_multiple_of_what_the_owner_does(sample: Sample) -> None:
    """T8: value 2-5 times the owner's own p95, less in the slow variant."""
    strange = _takeovers(sample).select("buyer_id", "variant", intruder="device_id")
    usd = pl.col("items_minor") / 100.0 * pl.col("usd_per_unit")
    orders = sample.table("orders").with_columns(usd=usd).join(strange, on="buyer_id")
    intruders = (
        orders.filter(pl.col("device_id") == pl.col("intruder"))
        .group_by("buyer_id")
        .agg(pl.col("variant").first(), taken=pl.col("usd").max())
    )
    own = (
        orders.filter(pl.col("device_id") != pl.col("intruder"))
        .group_by("buyer_id")
        .agg(pl.len(), own=pl.col("usd").quantile(0.95))
    )
    rows = intruders.join(own.filter(pl.col("len") >= 3), on="buyer_id")
    loud = rows.filter(pl.col("variant") != "slow_and_low")
    assert rows.height >= 4
    assert inside(median(loud, pl.col("taken") / pl.col("own")), (1.8, 5.5))


def test_most_sign_ins_from_an_intruders_network_fail(sample: Sample) -> None:
    """T8: lists of passwords are tried on many accounts, few open."""
    events, strange = sample.table("auth_events"), _takeovers(sample)
    attempts = events.join(strange.select("ip_id", "ring_id").unique(), on="ip_id")
    attempts = attempts.filter(pl.col("kind").is_in(["login", "login_failed"]))
    failure_rate = attempts.group_by("ring_id").agg((pl.col("kind") == "login_failed").mean())
    assert failure_rate["kind"].min() > 0.6  # type: ignore[operator]
    spread = attempts.group_by("ring_id").agg(pl.col("account_id").n_unique())
    assert spread["account_id"].min() >= 20  # type: ignore[operator]


def test_a_shop_taken_over_changes_bank_then_prices_then_sells(sample: Sample) -> None:
    """T8 seller: bank within the hour, -50 to -90 %, then buyers whose parcels do not come."""
    merchants = members(sample, T8, "merchant", "compromised")
    events = sample.table("auth_events").rename({"account_id": "merchant_id"})
    bank = merchants.join(events.filter(pl.col("kind") == "bank_change"), on="merchant_id")
    bank = bank.filter(pl.col("happened_at").is_between("started_at", "ended_at"))
    assert bank.height == merchants.height > 0
    assert (bank["happened_at"] - bank["started_at"]).max().total_seconds() <= 3_600  # type: ignore[union-attr]
    goods = members(sample, T8, "product", "compromised").select("product_id", "started_at")
    versions = sample.table("listing_versions").join(goods, on="product_id")
    usual = versions.filter(pl.col("version") == 1).select("product_id", usual="price_minor")
    dumps = versions.join(usual, on="product_id").filter(
        pl.col("valid_from").dt.truncate("1m") == pl.col("started_at").dt.truncate("1m")
    )
    assert dumps.height == goods.height
    cut = 1.0 - dumps["price_minor"] / dumps["usual"]
    assert cut.is_between(0.45, 0.95).all()
    owners = sample.table("products").select("product_id", "merchant_id")
    first = dumps.join(owners, on="product_id").join(
        bank.select("merchant_id", changed="happened_at"), on="merchant_id"
    )
    assert (first["valid_from"] > first["changed"]).all()
