"""T5: a fake sender's parcels are late, light or somebody else's."""

import polars as pl

from sample_data.hard_negatives import (
    carrier_strike,
    forwarder_returns,
)
from sample_data.kit.evasion_kinds import ROTATED
from sample_data.typologies import (
    fake_fulfilment,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, HOUR, acting, inside, share, while_acting


def _fake_orders(dense: Sample) -> pl.DataFrame:
    """Orders of fake senders in their bad weeks with what the parcels show."""
    goods = dense.table("products").select("product_id", declared="weight_grams")
    merchants = acting(dense, fake_fulfilment.NAME, "merchant")
    rows = (
        dense.orders.join(merchants, on="merchant_id")
        .filter(while_acting())
        .join(goods, on="product_id")
    )
    return _parcel_signs(rows, dense).filter(pl.col("shipped_at").is_not_null())


def _parcel_signs(rows: pl.DataFrame, dense: Sample) -> pl.DataFrame:
    """Late first scan, weight residual and missing or wrong goods per order."""
    scan = pl.coalesce("first_scan_at", dense.end)
    return rows.with_columns(
        late=(scan - pl.col("shipped_at")) > 72 * HOUR,
        residual=pl.col("parcel_grams") / (pl.col("declared") * pl.col("quantity")) - 1.0,
        claimed=pl.col("reason").is_in(["not_received", "not_as_described"]),
    )


def _old_enough(rows: pl.DataFrame, dense: Sample) -> pl.DataFrame:
    """Orders old enough for a claim to be known."""
    return rows.filter(pl.col("shipped_at") < dense.end - 20 * DAY)


def test_fake_senders_show_late_scans_light_parcels_and_claims(dense: Sample) -> None:
    """T5 naive: 30-90 % unscanned after 72 h, 10-40 % claims, residuals below -60 %."""
    limits, rows = fake_fulfilment.PARAMETERS, _fake_orders(dense).filter(variant="naive")
    assert rows.height >= 20
    for _, mine in rows.group_by("merchant_id"):
        assert inside(share(mine, pl.col("late")), limits.no_scan_share, slack=0.05)
        old = _old_enough(mine, dense)
        if old.height >= 20:
            assert inside(share(old, pl.col("claimed")), limits.claim_share, slack=0.06)
    light = share(rows.filter(pl.col("residual").is_not_null()), pl.col("residual") < -0.6)
    assert light > 0.2


def test_fake_senders_are_complained_about_late(dense: Sample) -> None:
    """T5: complaints come 5 to 15 days after the tracking says delivered."""
    rows = _fake_orders(dense).join(dense.table("complaints"), on="order_id", suffix="_c")
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
    rows = _old_enough(rows.filter(pl.col("shipped_at").is_not_null()), dense)
    assert share(rows, pl.col("late")) < 0.06
    assert share(rows, pl.col("claimed")) < 0.09
    assert share(rows, pl.col("residual") < -0.6) < 0.02


def test_recycled_labels_repeat_and_miss_the_door(dense: Sample) -> None:
    """T5: naive shops use tracking numbers again; they end at other doors of the town."""
    rows = _fake_orders(dense)
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
    merchants = rows.group_by("merchant_id").agg(pl.len(), pl.col("late").mean())
    merchants = merchants.filter(pl.col("len") >= 15)
    stealth_members = acting(dense, fake_fulfilment.NAME, "merchant").filter(
        pl.col("variant") != "naive"
    )
    alike = pl.concat(
        acting(dense, story.NAME, "merchant") for story in (forwarder_returns, carrier_strike)
    )
    highest = merchants.join(alike, on="merchant_id", how="semi")["late"].max()
    stealthy = merchants.join(stealth_members, on="merchant_id", how="semi")["late"]
    assert highest > stealthy.median()  # type: ignore[operator]
