"""What a community is worth a look for: its size, labels, scores, money and what ties it.

A community is a dense group, not a verdict: families and dormitories form communities too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.tables import query

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from pipeline.settings.build import CommunitySettings

_BONDS = {
    "shares_address": "addresses",
    "shares_bank_account": "bank accounts",
    "shares_buyers": "buyers",
    "shares_device": "devices",
    "shares_payment_token": "payment methods",
}
_COUNTED = ("buyer", "merchant", "creator", "product")
_ORDER = ("order_id", *(f"{one}_id" for one in _COUNTED), "paid_at", "paid_usd", "voucher_usd")
_IN_FORCE = (
    "from facts.verdicts where known_day < $as_of "
    "and (replaced_day is null or replaced_day >= $as_of)"
)
_MONEY = ("gmv_usd_30d", "refund_usd_30d", "voucher_usd_30d")


def summaries(
    con: duckdb.DuckDBPyConnection,
    named: pl.DataFrame,
    inside: pl.DataFrame,
    as_of: date,
    settings: CommunitySettings,
) -> pl.DataFrame:
    """Rows of `communities.communities`, largest first."""
    counts = [
        (pl.col("entity_type") == one).sum().cast(pl.Int64).alias(f"{one}_count")
        for one in _COUNTED
    ]
    size = named.group_by("community_id").agg(
        pl.len().cast(pl.Int64).alias("member_count"), *counts
    )
    parts = (
        _standing(con, named, as_of),
        _money(con, named, as_of, settings),
        _ties(inside, settings),
    )
    for part in parts:
        size = size.join(part, on="community_id", how="left")
    possible = pl.col("member_count") * (pl.col("member_count") - 1) / 2.0
    whole = size.with_columns(
        pl.col("confirmed_bad_count", "confirmed_good_count").fill_null(0),
        pl.col(*_MONEY).fill_null(0.0),
        as_of=pl.lit(as_of),
        title=_title(),
        density=pl.col("pairs") / possible,
    )
    return whole.select(
        *("community_id", "as_of", "title", "member_count"),
        *(f"{one}_count" for one in ("merchant", "creator", "buyer", "product")),
        "confirmed_bad_count",
        "confirmed_good_count",
        "score_mean",
        "score_max",
        *_MONEY,
        "density",
        *("first_seen_at", "last_seen_at"),
        "top_relation",
    ).sort("member_count", "community_id", descending=[True, False])


def _title() -> pl.Expr:
    """Words such as "34 buyers, 3 merchants sharing devices"."""
    counted = [
        pl.when(pl.col(f"{one}_count") > 0).then(
            pl.concat_str(
                f"{one}_count",
                pl.lit(f" {one}"),
                pl.when(pl.col(f"{one}_count") > 1).then(pl.lit("s")).otherwise(pl.lit("")),
            )
        )
        for one in _COUNTED
    ]
    bond = pl.col("top_relation").replace_strict(_BONDS, default="links", return_dtype=pl.String)
    return pl.concat_str(
        pl.concat_str(counted, separator=", ", ignore_nulls=True), pl.lit(" sharing "), bond
    )


def _standing(con: duckdb.DuckDBPyConnection, named: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Verdicts in force and scores of the members; what only a rule said is no verdict."""
    key = ["entity_type", "entity_id"]
    last = query(con, f"select entity_type, entity_id, label {_IN_FORCE}", as_of=as_of)
    sql = "select entity_type, entity_id, score from scores.scores where as_of = $as_of"
    scores = query(con, sql, as_of=as_of)
    whole = named.join(last, on=key, how="left").join(scores, on=key, how="left")
    return (
        whole.sort("node")
        .group_by("community_id", maintain_order=True)
        .agg(
            confirmed_bad_count=(pl.col("label") == "bad").sum().cast(pl.Int64),
            confirmed_good_count=(pl.col("label") == "good").sum().cast(pl.Int64),
            score_mean=pl.col("score").mean(),
            score_max=pl.col("score").max(),
        )
    )


def _money(
    con: duckdb.DuckDBPyConnection,
    named: pl.DataFrame,
    as_of: date,
    settings: CommunitySettings,
) -> pl.DataFrame:
    """Orders and refund requests of the window, each order counted once per community.

    What the buyers of a community spent; where it has no buyers, what its sellers sold.
    Sales of a member shop to strangers are left out: a popular shop that a ring preys on
    would drown the ring's own money.
    """
    since = as_of - timedelta(days=settings.money_days)
    returned = "from staging.refunds where requested_at >= $since"
    asked_back = query(con, f"select order_id, amount_usd {returned}", since=since)
    refunds = asked_back.group_by("order_id").agg(pl.col("amount_usd").sum())
    where = f"paid_at >= $since or order_id in (select order_id {returned})"
    sql = f"select {', '.join(_ORDER)} from staging.orders where {where}"
    orders, recent = query(con, sql, since=since), pl.col("paid_at") >= since
    flows = orders.join(refunds, on="order_id", how="left").select(
        "order_id",
        gmv_usd_30d=pl.when(recent).then("paid_usd"),
        refund_usd_30d="amount_usd",
        voucher_usd_30d=pl.when(recent).then("voucher_usd"),
    )
    joined = _orders_of(orders, named).join(flows, on="order_id").sort("community_id", "order_id")
    return joined.group_by("community_id", maintain_order=True).agg(pl.col(*_MONEY).sum())


def _orders_of(orders: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """`order_id, community_id` of the orders whose money is a community's own."""
    buyers = named.filter(pl.col("entity_type") == "buyer")
    counted = pl.concat([buyers, named.join(buyers, on="community_id", how="anti")])
    return pl.concat(
        orders.select("order_id", entity_id=f"{one}_id")
        .join(counted.filter(pl.col("entity_type") == one), on="entity_id")
        .select("order_id", "community_id")
        for one in _COUNTED
    ).unique()


def _ties(inside: pl.DataFrame, settings: CommunitySettings) -> pl.DataFrame:
    """Linked pairs, span of the evidence and the relation that binds most."""
    evidence = inside.filter(pl.col("relation").is_in(settings.relations))
    span = evidence.group_by("community_id").agg(
        pl.col("first_seen_at").min(), pl.col("last_seen_at").max()
    )
    pairs = inside.group_by("community_id").agg(pairs=pl.struct("src", "dst").n_unique())
    bonds = evidence.group_by("community_id", "relation", maintain_order=True).agg(
        pl.col("weight").sum()
    )
    top = (
        bonds.sort("community_id", "weight", "relation", descending=[False, True, False])
        .group_by("community_id", maintain_order=True)
        .agg(top_relation=pl.col("relation").first())
    )
    return pairs.join(span, on="community_id", how="left").join(top, on="community_id", how="left")
