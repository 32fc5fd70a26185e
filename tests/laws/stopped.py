"""What was stopped before it cost, and what moves first, from the delivered rows, in Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.laws.asking import rows
from tests.laws.delivered import usd
from tests.laws.outcomes import DAYS, local

if TYPE_CHECKING:
    from tests.laws.outcomes import Delivery


def counted(frame: pl.DataFrame, top: pl.Expr, bottom: pl.Expr | None = None) -> pl.DataFrame:
    """Sums by day and market, a row where anything is."""
    whole = pl.lit(None, dtype=pl.Float64) if bottom is None else bottom.sum()
    return frame.group_by("day", "market").agg(
        top.sum().cast(pl.Float64).alias("numerator"),
        whole.cast(pl.Float64).alias("denominator"),
    )


def ones(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that count as one each."""
    return frame.with_columns(one=pl.lit(1))


def declined(delivery: Delivery) -> pl.DataFrame:
    """Refused attempts."""
    buyers = delivery.raw("buyers").select("buyer_id", "market")
    tried = delivery.raw("declined_payments").join(buyers, on="buyer_id")
    return counted(ones(tried).with_columns(local("attempted_at")), pl.col("one"))


def declined_ratio(delivery: Delivery) -> pl.DataFrame:
    """Attempts whose order was never paid, over orders contested as fraud."""
    raw = delivery.raw
    buyers = raw("buyers").select("buyer_id", "market")
    paid = raw("orders").filter(pl.col("paid_at").is_not_null())
    stopped = raw("declined_payments").join(paid.select("order_id"), on="order_id", how="anti")
    fraud = (
        raw("disputes")
        .filter(pl.col("kind") == "fraud")
        .join(
            paid.filter(~pl.col("is_sample")).select("order_id", "buyer_id", "created_at"),
            on="order_id",
        )
    )
    fraud = fraud.filter(pl.col("observed_at") < pl.col("created_at") + DAYS[60])
    both = pl.concat(
        [
            stopped.select("buyer_id", at="attempted_at", top=pl.lit(1), bottom=pl.lit(0)),
            fraud.select("buyer_id", at="created_at", top=pl.lit(0), bottom=pl.lit(1)),
        ]
    ).join(buyers, on="buyer_id")
    return counted(both.with_columns(local("at")), pl.col("top"), pl.col("bottom"))


def removed(delivery: Delivery) -> pl.DataFrame:
    """Listings that were taken down, and whether they had sold anything."""
    raw = delivery.raw
    sold = (
        raw("orders")
        .filter(pl.col("paid_at").is_not_null() & ~pl.col("is_sample"))
        .group_by("product_id")
        .agg(sold_at=pl.col("created_at").min())
    )
    gone = (
        raw("products")
        .filter(pl.col("removed_at").is_not_null())
        .join(raw("merchants").select("merchant_id", "market"), on="merchant_id")
        .join(sold, on="product_id", how="left")
    )
    is_sold = (pl.col("sold_at") < pl.col("removed_at")).fill_null(value=False)
    return ones(gone).with_columns(local("removed_at"), is_sold=is_sold)


def whole(delivery: Delivery, frame: pl.DataFrame) -> pl.DataFrame:
    """What happened on days that the data hold whole (`test_local_days` says which these are)."""
    clocks = rows(
        delivery.con, "select market, first_whole_day, last_whole_day from metrics.clocks"
    )
    within = pl.col("day").is_between("first_whole_day", "last_whole_day")
    return frame.join(clocks, on="market").filter(within)


def sign_ups(delivery: Delivery) -> pl.DataFrame:
    """Accounts opened."""
    opened = delivery.raw("buyers").with_columns(local("registered_at"))
    return counted(whole(delivery, ones(opened)), pl.col("one"))


def price_drops(delivery: Delivery) -> pl.DataFrame:
    """Versions of listings at 80 % of the price before, or less, but for approved sales."""
    raw = delivery.raw
    shops = (
        raw("products")
        .select("product_id", "merchant_id")
        .join(raw("merchants").select("merchant_id", "market"), on="merchant_id")
    )
    sales = rows(delivery.con, "select product_id, version from facts.sale_prices")
    versions = (
        raw("listing_versions")
        .with_columns(usd("price_minor"))
        .sort("product_id", "version")
        .with_columns(earlier=pl.col("price_usd").shift(1).over("product_id"))
        .filter(pl.col("price_usd") <= 0.8 * pl.col("earlier"))
        .join(sales, on=["product_id", "version"], how="anti")
    )
    drops = ones(versions.join(shops, on="product_id")).with_columns(local("valid_from"))
    return counted(whole(delivery, drops), pl.col("one"))


def followers(delivery: Delivery) -> pl.DataFrame:
    """Creators who gained a tenth and fifty followers over the day before."""
    before = pl.col("followers").shift(1).over("creator_id")
    steps = (
        delivery.raw("creator_days")
        .sort("creator_id", "day")
        .filter((pl.col("followers") >= 1.1 * before) & (pl.col("followers") >= before + 50))
        .join(delivery.raw("creators").select("creator_id", "market"), on="creator_id")
    )
    return counted(whole(delivery, ones(steps)), pl.col("one"))


def new_links(delivery: Delivery) -> pl.DataFrame:
    """Accounts seen later than another on a device, card, address or bank account."""
    sql = """
        select l.relation, l.identifier_id, l.first_seen_at, e.market from graph.links as l
        join graph.entities as e using (entity_type, entity_id)
        where l.relation in ('device', 'payment_token', 'address', 'bank_account')
    """
    first = pl.col("first_seen_at").min().over("relation", "identifier_id")
    every = rows(delivery.con, sql)
    later = every.filter(pl.col("first_seen_at") > first)
    known = later.filter(pl.col("market").is_not_null())
    return counted(whole(delivery, ones(known).with_columns(local("first_seen_at"))), pl.col("one"))
