"""Every metric of the marketplace worked out again from the delivered rows, in Polars.

Nothing here reads a table of `metrics` or `kpis`. What a metric takes from elsewhere is taken
from there too: today's probabilities, the queue, and which identifiers are hubs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.laws import stopped
from tests.laws.asking import rows
from tests.laws.delivered import usd
from tests.laws.outcomes import DAYS, local
from tests.laws.stopped import counted, ones

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.laws.outcomes import Delivery

    Rows = Callable[[Delivery], pl.DataFrame]


def expected(code: str, delivery: Delivery) -> pl.DataFrame:
    """A metric by day and market: numerator, denominator (null where it is a sum)."""
    if code in SHARES:
        return _share(delivery, *SHARES[code])
    return OWN[code](delivery)


def _share(delivery: Delivery, top: str, bottom: str | None) -> pl.DataFrame:
    whole = pl.lit(None, dtype=pl.Float64) if bottom is None else pl.col(bottom).sum()
    return delivery.orders.group_by("day", "market").agg(
        pl.col(top).sum().cast(pl.Float64).alias("numerator"),
        whole.cast(pl.Float64).alias("denominator"),
    )


SHARES: dict[str, tuple[str, str | None]] = {
    "gmv_usd": ("paid_usd", None),
    "orders": ("one", None),
    "refund_rate": ("asked", "one"),
    "small_refund_rate": ("small_asked", "small"),
    "not_received_rate": ("missing", "one"),
    "voucher_cost_share": ("voucher_usd", "paid_usd"),
    "new_buyer_voucher_rate": ("new_buyer", "one"),
    "young_account_rate": ("young", "one"),
    "crowded_device_rate": ("crowded", "one"),
    "fast_payment_rate": ("fast", "one"),
    "late_dispatch_rate": ("late", "one"),
    "seller_cancellation_rate": ("unsent", "one"),
    "low_rating_rate": ("low", "delivered"),
    "chargeback_rate": ("contested", "one"),
    "commission_rate": ("commission_usd", "paid_usd"),
    "bad_order_rate": ("bad_30", "one"),
    "bad_order_rate_7d": ("bad_7", "one"),
    "bad_order_rate_60d": ("bad_60", "one"),
    "bad_gmv_rate": ("bad_usd", "paid_usd"),
    "bad_order_completion": ("bad_30", "bad_60"),
}
"""Metrics of the same orders: which flag or sum of an order over which."""


# ---------------------------------------------------------------- verdicts


def _enforced(delivery: Delivery) -> pl.DataFrame:
    return ones(
        delivery.verdicts.filter((pl.col("label") == "bad") & (pl.col("source") != "appeal"))
    )


def _precision(delivery: Delivery) -> pl.DataFrame:
    return counted(_enforced(delivery), ~pl.col("overturned"), pl.col("one"))


def _appeals(delivery: Delivery) -> pl.DataFrame:
    appeals = ones(delivery.verdicts.filter(pl.col("source") == "appeal"))
    return counted(appeals, pl.col("label") == "good", pl.col("one"))


def _minutes(since: str, until: str) -> pl.Expr:
    """Days between two instants, both cut to the minute."""
    return (
        pl.col(until).dt.truncate("1m") - pl.col(since).dt.truncate("1m")
    ).dt.total_minutes() / 1440.0


def _detect(delivery: Delivery) -> pl.DataFrame:
    named = delivery.verdicts.filter((pl.col("label") == "bad") & pl.col("event_at").is_not_null())
    return counted(ones(named), _minutes("event_at", "observed_at"), pl.col("one"))


def _mitigate(delivery: Delivery) -> pl.DataFrame:
    return counted(_enforced(delivery), _minutes("observed_at", "decided_at"), pl.col("one"))


def _friction(delivery: Delivery) -> pl.DataFrame:
    active = pl.concat(
        delivery.orders.select("day", entity_id=f"{kind}_id", entity_type=pl.lit(kind))
        .drop_nulls()
        .unique()
        for kind in ("merchant", "creator", "product", "buyer")
    )
    active = active.join(delivery.markets, on=["entity_type", "entity_id"])
    harmed = delivery.verdicts.filter("overturned", pl.col("entity_type") != "live_session")
    both = pl.concat(
        [
            active.select("day", "market", hit=pl.lit(0), one=pl.lit(1)),
            harmed.select("day", "market", hit=pl.lit(1), one=pl.lit(0)),
        ]
    )
    return counted(both, pl.col("hit"), pl.col("one"))


def _prevented(delivery: Delivery) -> pl.DataFrame:
    key = ["entity_type", "entity_id"]
    first = (
        delivery.verdicts.filter(
            (pl.col("label") == "bad")
            & ~pl.col("overturned")
            & ~pl.col("source").is_in(["rule", "appeal"])
        )
        .group_by(*key, "market")
        .agg(pl.col("day").min(), pl.col("decided_at").min())
    )
    orders = delivery.raw("orders").filter(pl.col("paid_at").is_not_null())
    orders = orders.select("order_id", "merchant_id", "created_at")
    kept = []
    for table, kind, left_at in (
        ("settlements", "merchant", "settled_at"),
        ("commissions", "creator", "paid_at"),
    ):
        payouts = delivery.raw(table).join(orders, on="order_id")
        kept.append(
            payouts.with_columns(usd("amount_minor"), usd("clawed_back_minor")).select(
                "created_at",
                pl.col(f"{kind}_id").alias("entity_id"),
                pl.lit(kind).alias("entity_type"),
                saved=pl.when(pl.col(left_at).is_null())
                .then("amount_usd")
                .otherwise(pl.col("clawed_back_usd").fill_null(0.0)),
            )
        )
    saved = pl.concat(kept).filter(pl.col("saved") > 0.0)
    both = first.join(saved, on=key).filter(pl.col("created_at") < pl.col("decided_at"))
    return counted(both, pl.col("saved"))


# ---------------------------------------------------------------- waiting


def _waiting(delivery: Delivery) -> pl.DataFrame:
    """Whoever waits at the end of each UTC day, once, with the longest age."""
    queue = rows(delivery.con, "select entity_type, entity_id, opened_on, as_of from alerts.alerts")
    queue = queue.filter(pl.col("opened_on") <= pl.col("as_of")).select(
        "entity_type",
        "entity_id",
        first=pl.col("opened_on") - DAYS[1],
        last=pl.col("as_of") - DAYS[1],
    )
    looked = delivery.raw("labels").filter(
        pl.col("source").is_in(["exploration", "review", "complaint", "appeal"])
    )
    judged = looked.select(
        "entity_type",
        "entity_id",
        first=pl.col("observed_at").dt.date(),
        last=pl.col("decided_at").dt.date() - DAYS[1],
    )
    cases = pl.concat([queue, judged]).filter(pl.col("last") >= pl.col("first"))
    return (
        cases.with_columns(day=pl.date_ranges("first", "last"))
        .explode("day")
        .with_columns(age=(pl.col("day") - pl.col("first")).dt.total_days())
        .group_by("entity_type", "entity_id", "day")
        .agg(pl.col("age").max())
        .join(delivery.markets, on=["entity_type", "entity_id"])
    )


def _backlog(delivery: Delivery) -> pl.DataFrame:
    return counted(ones(_waiting(delivery)), pl.col("one"))


def _breach(delivery: Delivery) -> pl.DataFrame:
    return counted(ones(_waiting(delivery)), pl.col("age") > 7, pl.col("one"))


def _ages(delivery: Delivery) -> pl.DataFrame:
    return (
        _waiting(delivery)
        .group_by("day", "market")
        .agg(pl.col("age").median().alias("numerator"), pl.lit(1.0).alias("denominator"))
    )


def _at_risk(delivery: Delivery, table: str, kind: str, left_at: str) -> pl.DataFrame:
    """What is still held at the end of each day, an order at a time."""
    sql = f"select entity_id, probability from alerts.probabilities where entity_type = '{kind}'"
    payouts = delivery.raw(table).with_columns(usd("amount_minor"))
    orders = delivery.orders.drop("currency", "usd_per_unit", "creator_id", "paid_at").join(
        payouts.select("order_id", "amount_usd", left_at, *(["creator_id"] * (kind == "creator"))),
        on="order_id",
    )
    worth = pl.col("paid_usd") if kind == "merchant" else pl.col("amount_usd")
    held = orders.join(rows(delivery.con, sql), left_on=f"{kind}_id", right_on="entity_id")
    held = held.select(
        "market", "day", local(left_at).alias("left"), amount=worth * pl.col("probability")
    )
    clocks = rows(
        delivery.con, "select market, max(last_whole_day) over () as last from metrics.clocks"
    )
    spans = held.group_by("market").agg(first=pl.col("day").min()).join(clocks, on="market")
    every = spans.select("market", day=pl.date_ranges("first", "last")).explode("day")
    days = every.join(held.rename({"day": "since"}), on="market")
    still = (pl.col("since") <= pl.col("day")) & (
        pl.col("left").is_null() | (pl.col("left") > pl.col("day"))
    )
    return days.group_by("day", "market").agg(
        numerator=pl.col("amount").filter(still).sum(),
        denominator=pl.lit(None, dtype=pl.Float64),
    )


OWN: dict[str, Rows] = {
    "enforcement_precision": _precision,
    "appeal_overturn_rate": _appeals,
    "time_to_detect": _detect,
    "time_to_mitigate": _mitigate,
    "false_positive_friction": _friction,
    "prevented_loss": _prevented,
    "backlog": _backlog,
    "backlog_breach": _breach,
    "backlog_age": _ages,
    "gmv_at_risk": lambda one: _at_risk(one, "settlements", "merchant", "settled_at"),
    "commission_at_risk": lambda one: _at_risk(one, "commissions", "creator", "paid_at"),
    "declined_payments": stopped.declined,
    "declined_payment_ratio": stopped.declined_ratio,
    "removed_listings": lambda one: counted(stopped.removed(one), pl.col("one")),
    "removed_listing_ratio": lambda one: counted(
        stopped.removed(one), ~pl.col("is_sold"), pl.col("is_sold")
    ),
    "sign_ups": stopped.sign_ups,
    "price_drops": stopped.price_drops,
    "follower_gains": stopped.followers,
    "follower_steps": stopped.follower_steps,
    "voucher_claims": lambda one: counted(
        one.orders.filter(pl.col("voucher_id").is_not_null()), pl.col("one")
    ),
    "new_links": stopped.new_links,
}
"""Metrics that have rows of their own."""
