"""What was stopped before it cost, and what moves first, from the delivered rows, in Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from tests.laws.asking import rows
from tests.laws.delivered import ZONES, usd
from tests.laws.outcomes import DAYS, MARKET, local

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


def sign_ups(delivery: Delivery) -> pl.DataFrame:
    """Accounts opened since the first whole day."""
    first = pl.lit(delivery.raw("orders").select(pl.col("paid_at").min().dt.date()).item())
    opened = delivery.raw("buyers").with_columns(local("registered_at"))
    # Data begin at midnight UTC: a first day that began earlier is not whole.
    is_west = MARKET.is_in([m for m, zone in ZONES.items() if zone.startswith("America")])
    whole = pl.when(is_west).then(first).otherwise(first + DAYS[1])
    return counted(ones(opened).filter(pl.col("day") >= whole), pl.col("one"))


def price_drops(delivery: Delivery) -> pl.DataFrame:
    """Versions of listings at 70 % of the price before, or less."""
    raw = delivery.raw
    shops = (
        raw("products")
        .select("product_id", "merchant_id")
        .join(raw("merchants").select("merchant_id", "market"), on="merchant_id")
    )
    versions = (
        raw("listing_versions")
        .with_columns(usd("price_minor"))
        .sort("product_id", "version")
        .with_columns(earlier=pl.col("price_usd").shift(1).over("product_id"))
        .filter(pl.col("price_usd") <= 0.7 * pl.col("earlier"))
    )
    return counted(
        ones(versions.join(shops, on="product_id")).with_columns(local("valid_from")),
        pl.col("one"),
    )


def followers(delivery: Delivery) -> pl.DataFrame:
    """Followers gained over the day before."""
    steps = (
        delivery.raw("creator_days")
        .sort("creator_id", "day")
        .with_columns(gained=pl.col("followers").diff().over("creator_id"))
        .filter(pl.col("gained") > 0)
        .join(delivery.raw("creators").select("creator_id", "market"), on="creator_id")
    )
    return counted(steps, pl.col("gained"))


def follower_steps(delivery: Delivery) -> pl.DataFrame:
    """Hosts with a tenth and fifty followers more than the day before."""
    before = pl.col("followers").shift().over("creator_id")
    steps = (
        delivery.raw("creator_days")
        .sort("creator_id", "day")
        .filter(
            pl.col("followers") >= 1.1 * before,
            pl.col("followers") >= before + 50,
        )
        .join(delivery.raw("creators").select("creator_id", "market"), on="creator_id")
    )
    return counted(ones(steps), pl.col("one"))


def new_links(delivery: Delivery) -> pl.DataFrame:
    """Buyers seen later than another on an identifier."""
    sql = """
        select l.* from graph.links as l
        join graph.identifiers as i using (relation, identifier_id)
        where l.entity_type = 'buyer' and not i.is_hub and l.relation <> 'ip'
    """
    links = rows(delivery.con, sql).sort("first_seen_at", "entity_id")
    later = links.filter(pl.int_range(pl.len()).over("relation", "identifier_id") > 0)
    buyers = delivery.raw("buyers").select("market", entity_id="buyer_id")
    return counted(
        ones(later.join(buyers, on="entity_id")).with_columns(local("first_seen_at")),
        pl.col("one"),
    )
