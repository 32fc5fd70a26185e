"""What became of each paid order and each verdict, from the delivered rows, in Polars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from tests.laws.delivered import MATURE, ZONES, usd

if TYPE_CHECKING:
    import duckdb

    from tests.laws.delivered import Raw

DAYS = {days: timedelta(days=days) for days in (1, 7, 30, 60)}
NEVER = date(9999, 12, 31)
MARKET = pl.col("market")


class Delivery:
    """The delivered rows, the paid orders with what became of them, and the built file."""

    def __init__(self, raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
        self.raw, self.con = raw, con
        self.markets = _markets(raw)
        self.orders = _outcomes(self)
        self.verdicts = _verdicts(self)


def local(column: str) -> pl.Expr:
    """The day of an instant (UTC) on the clock of `market`."""
    utc = pl.col(column).dt.replace_time_zone("UTC")
    days = (
        pl.when(market == MARKET).then(utc.dt.convert_time_zone(zone).dt.date())
        for market, zone in ZONES.items()
    )
    return pl.coalesce(*days).alias("day")


def _markets(raw: Raw) -> pl.DataFrame:
    """The market of every subject: that of its shop or host where it is a listing or a room."""
    own = [
        raw(f"{kind}s").select(
            pl.lit(kind).alias("entity_type"), entity_id=f"{kind}_id", market="market"
        )
        for kind in ("merchant", "creator", "buyer")
    ]
    listings = raw("products").join(
        raw("merchants").select("merchant_id", "market"), on="merchant_id"
    )
    rooms = raw("live_sessions").join(
        raw("creators").select("creator_id", "market"), on="creator_id"
    )
    of_others = [
        frame.select(pl.lit(kind).alias("entity_type"), entity_id=f"{kind}_id", market="market")
        for kind, frame in (("product", listings), ("live_session", rooms))
    ]
    return pl.concat([*own, *of_others])


def _outcomes(delivery: Delivery) -> pl.DataFrame:
    raw = delivery.raw
    firsts = [
        raw("refunds")
        .group_by("order_id")
        .agg(
            asked_at=pl.col("requested_at").min(),
            missing_at=pl.col("requested_at").filter(pl.col("reason") == "not_received").min(),
        ),
        raw("shipments")
        .group_by("order_id")
        .agg(pl.col("shipped_at").min(), pl.col("delivered_at").min()),
        raw("reviews")
        .filter(pl.col("rating") <= 2)
        .group_by("order_id")
        .agg(low_at=pl.col("created_at").min()),
        raw("disputes").group_by("order_id").agg(contested_at=pl.col("observed_at").min()),
    ]
    orders = (
        raw("orders")
        .filter(pl.col("paid_at").is_not_null() & ~pl.col("is_sample"))
        .join(raw("merchants").select("merchant_id", "market"), on="merchant_id")
        .join(raw("buyers").select("buyer_id", "registered_at"), on="buyer_id", how="left")
        .join(raw("vouchers").select("voucher_id", kind="kind"), on="voucher_id", how="left")
        .join(_device_accounts(raw), on="order_id", how="left")
    )
    for first in firsts:
        orders = orders.join(first, on="order_id", how="left")
    placed = pl.col("created_at")
    soon = (pl.col("cancelled_at") < placed + 2 * DAYS[1]).fill_null(value=False)
    orders = orders.with_columns(
        local("created_at"),
        usd("paid_minor"),
        usd("voucher_minor"),
        usd("items_minor"),
        one=pl.lit(1),
        asked=pl.col("asked_at") < placed + MATURE,
        missing=pl.col("missing_at") < placed + MATURE,
        new_buyer=pl.col("kind") == "new_buyer",
        young=placed < pl.col("registered_at") + DAYS[7],
        crowded=pl.col("device_accounts") >= 3,
        fast=(pl.col("paid_at") > placed) & (pl.col("paid_at") < placed + timedelta(minutes=1)),
        late=~soon & ~(pl.col("shipped_at") <= placed + 2 * DAYS[1]).fill_null(value=False),
        unsent=~soon & ~(pl.col("shipped_at") <= placed + DAYS[7]).fill_null(value=False),
        delivered=pl.col("delivered_at") < placed + DAYS[30],
        low=pl.col("low_at") < placed + DAYS[30],
        contested=pl.col("contested_at") < placed + DAYS[60],
    ).with_columns(
        small=pl.col("paid_usd").is_between(0.0, 10.0, closed="right"),
        small_asked=pl.col("paid_usd").is_between(0.0, 10.0, closed="right") & pl.col("asked"),
        commission_usd=pl.when(pl.col("creator_id").is_not_null())
        .then(pl.col("items_usd") * pl.col("commission_rate"))
        .fill_null(0.0),
    )
    orders = orders.join(_bad(delivery, orders), on="order_id", how="left")
    flags = [name for name, kind in orders.schema.items() if kind == pl.Boolean]
    return orders.with_columns(pl.col(flags).fill_null(value=False)).with_columns(
        bad_usd=pl.when("bad_30").then("paid_usd").otherwise(0.0)
    )


def _device_accounts(raw: Raw) -> pl.DataFrame:
    """Accounts that had placed an order on the device of each order, itself included."""
    uses = (
        raw("orders")
        .filter(pl.col("device_id").is_not_null() & pl.col("buyer_id").is_not_null())
        .filter(~pl.col("is_sample"))
        .sort("created_at", "order_id")
    )
    is_first = ~pl.struct("device_id", "buyer_id").is_duplicated() | (
        pl.int_range(pl.len()).over("device_id", "buyer_id") == 0
    )
    return uses.select(
        "order_id", device_accounts=is_first.cast(pl.Int64).cum_sum().over("device_id")
    )


def _bad(delivery: Delivery, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders of which a party was confirmed bad, as known at 7, 30 and 60 days."""
    key = ["entity_type", "entity_id"]
    words = (
        delivery.raw("labels")
        .filter(pl.col("source") != "rule")
        .sort("known_at", "label_id")
        .with_columns(known=pl.col("known_at").dt.date())
        .with_columns(replaced=pl.col("known").shift(-1).over(key).fill_null(NEVER))
        .filter(pl.col("label") == "bad")
        .with_columns(began=pl.col("event_at").fill_null(pl.col("known_at") - DAYS[30]))
        .select(*key, "known", "replaced", "began")
    )
    parties = pl.concat(
        orders.select(
            "order_id", "created_at", entity_id=f"{kind}_id", entity_type=pl.lit(kind)
        ).drop_nulls()
        for kind in ("merchant", "creator", "product", "buyer", "live_session")
    )
    touched = parties.join(words, on=key).filter(pl.col("began") <= pl.col("created_at"))
    at = {age: (pl.col("created_at") + DAYS[age]).dt.date() for age in (7, 30, 60)}
    return touched.group_by("order_id").agg(
        ((pl.col("known") < day) & (pl.col("replaced") >= day)).any().alias(f"bad_{age}")
        for age, day in at.items()
    )


def _verdicts(delivery: Delivery) -> pl.DataFrame:
    """Labels with market, local day, and whether a bad one was cleared within 30 days."""
    labels = delivery.raw("labels").join(delivery.markets, on=["entity_type", "entity_id"])
    good = labels.filter(pl.col("label") == "good").select(
        "entity_type", "entity_id", cleared_at="known_at"
    )
    after = pl.col("cleared_at") - pl.col("known_at")
    cleared = (
        labels.filter(pl.col("label") == "bad")
        .join(good, on=["entity_type", "entity_id"])
        .filter((after > timedelta(0)) & (after < DAYS[30]))["label_id"]
    )
    return labels.with_columns(
        local("known_at"), overturned=pl.col("label_id").is_in(cleared.implode())
    )
