"""Which suspects act together: clusters over the evidence that ties them, pruned and joined.

Pure functions, frames in and frames out, and the step that writes `rings.actors`. Measured
against partitions of everybody in docs/decisions/0086-rings-among-suspects.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import graspologic_native
import polars as pl

from pipeline.tables import query, store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from pipeline.settings.rings import RingSettings

TABLE = "rings.actors"
_CLUSTERS = {"node": pl.String, "cluster": pl.Int64}


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    settings: RingSettings,
) -> None:
    """Make `rings.actors`: node, cluster, and cell, its part of one that was put together.

    Raises StageError when `rings.ties` is missing.
    """
    ties = pair_weights(query(con, "select src, dst, weight from rings.ties"), settings)
    suspects = query(con, "select node, typology, suspicion, is_crowd from rings.suspects")
    clusters = clusters_of(ties, settings)
    cells = without_hangers_on(clusters, ties, suspects, settings)
    clusters = with_likely_members(joined(cells, ties, settings), suspects, settings)
    clusters = clusters.join(cells.rename({"cluster": "cell"}), on="node")
    on_progress(TABLE, store(con, TABLE, clusters.sort("node")))


def pair_weights(ties: pl.DataFrame, settings: RingSettings) -> pl.DataFrame:
    """`src, dst, weight`, one row a pair: its ties add up to at most `pair_weight`."""
    summed = ties.sort("src", "dst", "weight").group_by("src", "dst", maintain_order=True)
    total = pl.col("weight").sum().clip(upper_bound=settings.pair_weight)
    return summed.agg(total).filter(pl.col("weight") > settings.least_tie)


def clusters_of(ties: pl.DataFrame, settings: RingSettings) -> pl.DataFrame:
    """`node, cluster`: Leiden by the constant Potts model (Traag et al. 2019), a partition."""
    cluster_of: dict[str, int] = {}
    if ties.height:
        _, cluster_of = graspologic_native.leiden(
            ties.rows(),
            resolution=settings.resolution,
            use_modularity=False,
            iterations=settings.iterations,
            seed=settings.seed,
        )
    return pl.DataFrame(sorted(cluster_of.items()), schema=_CLUSTERS, orient="row")


def without_hangers_on(
    clusters: pl.DataFrame, ties: pl.DataFrame, suspects: pl.DataFrame, settings: RingSettings
) -> pl.DataFrame:
    """`clusters` without members of another typology than the ring's that few ties hold.

    A flatmate of a fraudster is tied by one address; an accomplice by several things.
    """
    inside = _inside(clusters, ties)
    ends = pl.concat([inside.select("cluster", node=end) for end in ("src", "dst")])
    members = (
        clusters.join(ends.group_by("node").agg(ties=pl.len()), on="node", how="left")
        .join(suspects, on="node")
        .with_columns(size=pl.len().over("cluster"))
    )
    main = (
        members.filter(pl.col("typology").is_not_null())
        .group_by("cluster", "typology")
        .agg(pl.col("suspicion").sum())
        .sort("suspicion", "typology", descending=[True, False])
        .group_by("cluster", maintain_order=True)
        .agg(main=pl.col("typology").first())
    )
    is_other = pl.col("typology").ne_missing(pl.col("main"))
    is_loose = pl.col("ties").fill_null(0) < settings.other_ties
    drops = (pl.col("size") >= settings.large_ring) & is_other & is_loose
    return members.join(main, on="cluster", how="left").filter(~drops).select("node", "cluster")


def with_likely_members(
    clusters: pl.DataFrame, suspects: pl.DataFrame, settings: RingSettings
) -> pl.DataFrame:
    """`clusters` of which somebody is likely bad, or that an odd crowd is behind.

    Hints alone, all of them with one return address, are customers of a warehouse.
    """
    is_likely = (pl.col("suspicion") >= settings.even_suspicion) | pl.col("is_crowd")
    likely = clusters.join(suspects.filter(is_likely), on="node", how="semi")
    return clusters.join(likely, on="cluster", how="semi")


def joined(clusters: pl.DataFrame, ties: pl.DataFrame, settings: RingSettings) -> pl.DataFrame:
    """`clusters` with those put together that a large part of the smaller one is tied across.

    A ring split into cells keeps few ties between cells, too few for one dense group.
    """
    for _ in range(settings.join_rounds):
        size = clusters.group_by("cluster").agg(size=pl.len())
        pairs = _across(clusters, ties).join(size, left_on="inner", right_on="cluster")
        share, strength = pl.col("members") / pl.col("size"), pl.col("weight") / pl.col("size")
        several = pl.min_horizontal("members", "partners") >= settings.join_members
        close = pairs.filter(
            (share >= settings.join_share) & (strength >= settings.join_share) & several
        )
        ranked = close.with_columns(strength=strength).sort(
            "strength", "inner", "outer", descending=[True, False, False]
        )
        moves: dict[int, int] = {}
        for inner, outer in ranked.select("inner", "outer").iter_rows():
            if not {inner, outer} & {*moves, *moves.values()}:
                moves[inner] = outer
        if not moves:
            break
        clusters = clusters.with_columns(pl.col("cluster").replace(moves))
    return clusters


def _inside(clusters: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Ties with both ends in one cluster, and it."""
    both = _ends(clusters, ties)
    return both.filter(pl.col("cluster") == pl.col("cluster_dst"))


def _across(clusters: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """`inner, outer, members, partners, weight`: of one cluster tied to another, both ways."""
    both = _ends(clusters, ties).filter(pl.col("cluster") != pl.col("cluster_dst"))
    one = both.select("weight", node="src", to="dst", inner="cluster", outer="cluster_dst")
    other = both.select("weight", node="dst", to="src", inner="cluster_dst", outer="cluster")
    return (
        pl.concat([one, other])
        .group_by("inner", "outer")
        .agg(
            members=pl.col("node").n_unique(),
            partners=pl.col("to").n_unique(),
            weight=pl.col("weight").sum(),
        )
    )


def _ends(clusters: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Ties with the cluster of each end; those of nobody's cluster are left out."""
    return ties.join(clusters, left_on="src", right_on="node").join(
        clusters, left_on="dst", right_on="node", suffix="_dst"
    )
