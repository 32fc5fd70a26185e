"""The communities stage: who belongs together, what ties them, what money moves there.

Only shared identifiers and shared buyers tie entities together; trade does not, because
everybody buys from a popular shop. Shops and creators join a buyer community afterwards,
when their recent trade is mostly with it. A community is a dense group, not a verdict:
families and dormitories form communities too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.communities.layout import Group, pictures
from pipeline.communities.membership import clusters, joined_by_trade, with_ids
from pipeline.tables import latest_snapshot, query, store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.build import CommunitySettings, Settings

_BONDS = {
    "shares_address": "addresses",
    "shares_bank_account": "bank accounts",
    "shares_buyers": "buyers",
    "shares_device": "devices",
    "shares_payment_token": "payment methods",
}
_COUNTED = ("buyer", "merchant", "creator", "product")
_ORDER = ("order_id", *(f"{kind}_id" for kind in _COUNTED), "paid_at", "paid_usd", "voucher_usd")
_TIE = ("src", "dst", "relation", "weight", "last_seen_at")
_MONEY = ("gmv_usd_30d", "refund_usd_30d", "voucher_usd_30d")


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    previous: pl.DataFrame | None = None,
) -> None:
    """Make every table of schema `communities`.

    `previous` is `communities.members` of the last build (community_id, entity_type,
    entity_id): communities that overlap with an earlier one keep its id. Raises StageError
    when the graph, scores or staging tables are missing.
    """
    as_of, chosen = latest_snapshot(con), settings.communities
    found = clusters(edges_of(con, chosen.relations), chosen)
    trade = edges_of(con, chosen.attach_relations, as_of - timedelta(days=chosen.attach_days))
    grouped = joined_by_trade(found, trade, as_of, chosen)
    named = with_ids(grouped, previous, chosen)
    inside = edges_inside(con, named)
    members = place(named, inside, chosen)
    tables = {
        "members": members.drop("node"),
        "identifiers": shared_identifiers(con, named),
        "communities": summaries(con, named, inside, as_of, chosen),
    }
    for name, frame in tables.items():
        on_progress(f"communities.{name}", store(con, f"communities.{name}", frame))


# ---------------------------------------------------------------- what is inside


def edges_of(
    con: duckdb.DuckDBPyConnection, relations: tuple[str, ...], since: date = date.min
) -> pl.DataFrame:
    """Edges of some relations, seen since a day: most are old trade and stay where they are."""
    where = "where list_contains($relations, relation) and last_seen_at >= $since"
    sql = f"select {', '.join(_TIE)} from graph.edges {where}"
    return query(con, sql, relations=list(relations), since=since)


def edges_inside(con: duckdb.DuckDBPyConnection, named: pl.DataFrame) -> pl.DataFrame:
    """Edges of every relation with both ends in one community, and its id."""
    ends = "join _home as a on e.src = a.node join _home as b on e.dst = b.node"
    same = "where a.community_id = b.community_id"
    sql = f"select e.*, a.community_id from graph.edges as e {ends} {same}"
    return _among(con, named, sql).sort("community_id", "src", "dst", "relation")


def _among(con: duckdb.DuckDBPyConnection, named: pl.DataFrame, sql: str) -> pl.DataFrame:
    """One line of SQL as a frame; it may read the members as `_home`."""
    con.register("_home", named)
    found = query(con, sql)
    con.unregister("_home")
    return found


def place(named: pl.DataFrame, inside: pl.DataFrame, settings: CommunitySettings) -> pl.DataFrame:
    """Rows of `communities.members` (and `node`): weighted degree and coordinates."""
    pairs = inside.group_by("community_id", "src", "dst", maintain_order=True).agg(
        pl.col("weight").sum()
    )
    ends = pl.concat([pairs.select("weight", node=end) for end in ("src", "dst")])
    degree = ends.group_by("node", maintain_order=True).agg(pl.col("weight").sum())
    members = named.join(degree, on="node", how="left").with_columns(
        pl.col("weight").fill_null(0.0)
    )
    members = members.sort(
        "community_id", "weight", "node", descending=[False, True, False]
    ).with_columns(place=pl.int_range(pl.len()).over("community_id"))
    spots = members.select("node", "place")
    linked = pairs.join(spots, left_on="src", right_on="node").join(
        spots, left_on="dst", right_on="node", suffix="_dst"
    )
    drawn = _drawn(members, linked.sort("community_id", "src", "dst"), settings)
    return members.select(
        *("node", "community_id", "entity_type", "entity_id", "weight"),
        x=pl.Series(drawn[:, 0]),
        y=pl.Series(drawn[:, 1]),
    )


def _drawn(
    members: pl.DataFrame, linked: pl.DataFrame, settings: CommunitySettings
) -> NDArray[np.float64]:
    """Coordinates (members, 2); both frames are ordered by community."""
    links = linked.select("place", "place_dst").to_numpy()
    weights = linked["weight"].to_numpy()
    sizes = members.group_by("community_id", maintain_order=True).agg(size=pl.len())
    edges = linked.group_by("community_id").agg(edges=pl.len())
    counted = sizes.join(edges, on="community_id", how="left", maintain_order="left")
    groups, start = [], 0
    for size, count in counted.select("size", pl.col("edges").fill_null(0)).iter_rows():
        own = slice(start, start + count)
        groups.append(Group(size, links[own], weights[own]))
        start += count
    return np.concatenate([np.zeros((0, 2)), *pictures(groups, settings)])


def shared_identifiers(con: duckdb.DuckDBPyConnection, named: pl.DataFrame) -> pl.DataFrame:
    """Rows of `communities.identifiers`: what at least two members have in common."""
    key = ["relation", "identifier_id"]
    home = "graph.links join _home using (entity_type, entity_id)"
    own = _among(con, named, f"select community_id, {', '.join(key)}, node from {home}")
    counted = own.group_by("community_id", *key).agg(member_count=pl.col("node").n_unique())
    sql = "select relation, identifier_id, degree, weight from graph.identifiers"
    return (
        counted.filter(pl.col("member_count") > 1)
        .join(query(con, sql), on=key)
        .sort("community_id", "member_count", *key, descending=[False, True, False, False])
    )


# ---------------------------------------------------------------- summaries


def summaries(
    con: duckdb.DuckDBPyConnection,
    named: pl.DataFrame,
    inside: pl.DataFrame,
    as_of: date,
    settings: CommunitySettings,
) -> pl.DataFrame:
    """Rows of `communities.communities`, largest first."""
    counts = [
        (pl.col("entity_type") == kind).sum().cast(pl.Int64).alias(f"{kind}_count")
        for kind in _COUNTED
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
        *(f"{kind}_count" for kind in ("merchant", "creator", "buyer", "product")),
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
        pl.when(pl.col(f"{kind}_count") > 0).then(
            pl.concat_str(
                f"{kind}_count",
                pl.lit(f" {kind}"),
                pl.when(pl.col(f"{kind}_count") > 1).then(pl.lit("s")).otherwise(pl.lit("")),
            )
        )
        for kind in _COUNTED
    ]
    bond = pl.col("top_relation").replace_strict(_BONDS, default="links", return_dtype=pl.String)
    return pl.concat_str(
        pl.concat_str(counted, separator=", ", ignore_nulls=True), pl.lit(" sharing "), bond
    )


def _standing(con: duckdb.DuckDBPyConnection, named: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Known labels (the last one of each entity counts) and scores of the members."""
    key = ["entity_type", "entity_id"]
    sql = "select * from staging.labels where known_at < $day"
    labels = query(con, sql, day=as_of).sort("known_at", "label_id")
    last = labels.group_by(key, maintain_order=True).agg(pl.col("label").last())
    sql = "select entity_type, entity_id, score from scores.scores where as_of = $day"
    whole = named.join(last, on=key, how="left").join(
        query(con, sql, day=as_of), on=key, how="left"
    )
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
    """Paid orders and refunds of the window, each order counted once per community.

    What the buyers of a community spent; where it has no buyers, what its sellers sold.
    Sales of a member shop to strangers are left out: a popular shop that a ring preys on
    would drown the ring's own money.
    """
    since = as_of - timedelta(days=settings.money_days)
    returned = "from staging.refunds where refunded_at >= $since"
    paid_back = query(con, f"select order_id, amount_usd {returned}", since=since)
    refunds = paid_back.group_by("order_id").agg(pl.col("amount_usd").sum())
    where = (
        f"paid_at is not null and (paid_at >= $since or order_id in (select order_id {returned}))"
    )
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
        orders.select("order_id", entity_id=f"{kind}_id")
        .join(counted.filter(pl.col("entity_type") == kind), on="entity_id")
        .select("order_id", "community_id")
        for kind in _COUNTED
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
