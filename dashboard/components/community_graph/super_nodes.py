"""More subjects than a picture holds: whole rings become one node each, with their number.

Leaving subjects out one by one would tear rings apart; a node that stands for a ring keeps
its ties to everybody else. The least risky rings fold first, and only as many as must.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection


def with_super_nodes(
    nodes: pl.DataFrame, edges: pl.DataFrame, *, most: int, keep: Collection[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`nodes` and `edges` with rings folded until `most` nodes are left, or none to fold.

    Rings of the nodes `keep`, and those whose own node (`ring:id`) is in it, stay open. Ties
    of the folded go to the node that stands for them; what was tied inside is inside.
    """
    rings = _foldable(nodes, keep)
    excess, folded = nodes.height - most, []
    for ring_id, members in rings.select("ring_id", "len").iter_rows():
        if excess <= 0:
            break
        folded.append(ring_id)
        excess -= members - 1
    if not folded:
        return nodes, edges
    is_folded = pl.col("ring_id").is_in(folded)
    inside = nodes.filter(is_folded)
    stand_in = {key: f"ring:{ring}" for key, ring in inside.select("key", "ring_id").iter_rows()}
    kept = nodes.filter(~is_folded | pl.col("ring_id").is_null())
    ends = [pl.col(end).cast(pl.String).replace(stand_in) for end in ("src", "dst")]
    lines = edges.with_columns(ends).filter(pl.col("src") != pl.col("dst"))
    return pl.concat([kept, _super_nodes(inside)], how="diagonal_relaxed"), _joined(lines)


def _foldable(nodes: pl.DataFrame, keep: Collection[str]) -> pl.DataFrame:
    is_open = pl.col("key").is_in(list(keep)) | pl.format("ring:{}", "ring_id").is_in(list(keep))
    open_ring = nodes.filter(is_open)["ring_id"].drop_nulls().unique().to_list()
    return (
        nodes.filter(pl.col("ring_id").is_not_null() & ~pl.col("ring_id").is_in(open_ring))
        .group_by("ring_id")
        .agg(pl.len(), pl.col("score").mean())
        .filter(pl.col("len") > 1)
        .sort("score", "len", "ring_id", descending=[False, True, False], nulls_last=False)
    )


def _super_nodes(inside: pl.DataFrame) -> pl.DataFrame:
    riskiest = inside.sort("score", descending=True, nulls_last=True)
    return (
        riskiest.group_by("ring_id", maintain_order=True)
        .agg(
            pl.lit("group").first().alias("entity_type"),
            pl.col("ring_title", "band", "score", "role").first(),
            pl.col("x", "y").mean(),
            pl.col("weight", "money_usd").sum(),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("is_member").any(),
        )
        .with_columns(
            key=pl.format("ring:{}", "ring_id"),
            name=pl.col("ring_title").fill_null("Ring"),
            note=pl.format("{} members, drawn as one", "count"),
            hidden=pl.lit(0),
            home=pl.lit(None, pl.String),
        )
    )


def _joined(edges: pl.DataFrame) -> pl.DataFrame:
    """Ties of one relation between the same two nodes as one."""
    low, high = pl.min_horizontal("src", "dst"), pl.max_horizontal("src", "dst")
    return (
        edges.with_columns(low.alias("src"), high.alias("dst"))
        .group_by("src", "dst", "relation", maintain_order=True)
        .agg(
            pl.col("weight", "evidence_count").sum(),
            pl.col("first_seen_at").min(),
            pl.col("last_seen_at").max(),
        )
    )
