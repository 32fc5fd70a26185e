"""Who belongs to which community, and by which name it is known.

Pure functions, frames in and frames out: clustering over evidence, sellers joined by their
trade: docs/decisions/0021-communities.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import graspologic_native
import polars as pl

if TYPE_CHECKING:
    from datetime import date

    from pipeline.settings.build import CommunitySettings


def clusters(edges: pl.DataFrame, settings: CommunitySettings) -> pl.DataFrame:
    """`node, cluster`: Leiden (Traag et al. 2019) over the relations that are evidence.

    A partition: each node in exactly one cluster, by the constant Potts model. Weights of
    several relations between two nodes add up. Edges go in sorted, so that the seed decides
    everything, and in single precision: two engines add up the same weights in other orders, and
    where two cuts are as good as each other the last bit of a double would choose.
    """
    evidence = edges.filter(pl.col("relation").is_in(settings.relations))
    summed = evidence.sort("src", "dst", "relation").group_by("src", "dst", maintain_order=True)
    pairs = summed.agg(pl.col("weight").sum().cast(pl.Float32).cast(pl.Float64))
    cluster_of: dict[str, int] = {}
    if pairs.height:
        _, cluster_of = graspologic_native.leiden(
            pairs.rows(),
            resolution=settings.resolution,
            use_modularity=False,
            iterations=settings.iterations,
            seed=settings.seed,
        )
    rows = sorted(cluster_of.items())
    return pl.DataFrame(rows, schema={"node": pl.String, "cluster": pl.Int64}, orient="row")


def joined_by_trade(
    grouped: pl.DataFrame, edges: pl.DataFrame, as_of: date, settings: CommunitySettings
) -> pl.DataFrame:
    """`clusters` with sellers moved to the buyer cluster their recent trade is with.

    Sellers that are tied to each other but to no buyer move as one, when at least half of
    them are drawn to the same buyers: the shops of one order-faking ring arrive together.
    """
    since = as_of - timedelta(days=settings.attach_days)
    is_recent = pl.col("relation").is_in(settings.attach_relations) & (
        pl.col("last_seen_at") >= since
    )
    trade = edges.filter(is_recent).select(buyer="src", node="dst")
    buyers = grouped.filter(pl.col("node").str.starts_with("buyer:"))
    sellers = grouped.join(buyers, on="cluster", how="anti")
    loose = trade.select("node").unique().join(grouped, on="node", how="anti")
    units = pl.concat(
        [
            sellers.select("node", unit=pl.col("cluster").cast(pl.String)),
            loose.select("node", unit="node"),
        ]
    )
    moves = units.join(_votes(units, _homes(trade, buyers, settings)), on="unit")
    stay = grouped.join(moves, on="node", how="anti")
    return pl.concat([stay, moves.select("node", cluster="home")]).sort("node")


def _homes(trade: pl.DataFrame, buyers: pl.DataFrame, settings: CommunitySettings) -> pl.DataFrame:
    """`node, home`: the buyer cluster each seller is drawn to, if any."""
    total = trade.group_by("node").agg(total=pl.len())
    size = buyers.group_by("cluster").agg(size=pl.len())
    home = buyers.select(buyer="node", home="cluster")
    shared = (
        trade.join(home, on="buyer")
        .group_by("node", "home")
        .agg(shared=pl.len())
        .join(total, on="node")
        .join(size, left_on="home", right_on="cluster")
    )
    count = pl.col("shared")
    mostly = (count >= settings.attach_share_buyers) & (
        count >= settings.attach_share * pl.col("total")
    )
    covers = (count >= settings.attach_buyers) & (
        count >= settings.attach_coverage * pl.col("size")
    )
    ranked = shared.filter(mostly | covers)
    ranked = ranked.sort("node", "shared", "home", descending=[False, True, False])
    return ranked.group_by("node", maintain_order=True).first().select("node", "home")


def _votes(units: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """`unit, home`: the home of at least half of the sellers of a unit."""
    size = units.group_by("unit").agg(size=pl.len())
    votes = units.join(homes, on="node").group_by("unit", "home").agg(votes=pl.len())
    majority = votes.join(size, on="unit").filter(2 * pl.col("votes") >= pl.col("size"))
    ranked = majority.sort("unit", "votes", "home", descending=[False, True, False])
    return ranked.group_by("unit", maintain_order=True).first().select("unit", "home")
