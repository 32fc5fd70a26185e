"""Ids of groups that survive the next build, although their members come and go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Naming:
    """How groups of one kind are named."""

    prefix: str
    """Begins every id, with its underscore."""
    min_members: int
    """Smaller groups have no id and are left out."""
    min_overlap: float
    """Jaccard overlap from which a group inherits the id of an earlier one."""


def with_ids(grouped: pl.DataFrame, previous: pl.DataFrame | None, naming: Naming) -> pl.DataFrame:
    """`node, entity_type, entity_id, group_id` of clusters (node, cluster) that are large enough.

    `previous` is entity_type, entity_id, group_id of the last build. A cluster takes the id of
    the earlier group it overlaps most with (greedy, one to one); a new one is named after its
    first member in sort order, usually its oldest account, so that a newcomer does not rename
    it. An id that has died is not handed to somebody else.
    """
    size = pl.len().over("cluster")
    large = grouped.filter(size >= naming.min_members).sort("node")
    anchors = large.group_by("cluster", maintain_order=True).agg(anchor=pl.col("node").first())
    inherited, dead = _inherited(large, previous, naming.min_overlap)
    in_use, ids = set(dead), {}
    for cluster, anchor in anchors.iter_rows():
        ids[cluster] = inherited.get(cluster) or _fresh(naming.prefix, anchor, in_use)
        in_use.add(ids[cluster])
    parts = pl.col("node").str.splitn(":", 2).struct
    return large.select(
        "node",
        entity_type=parts.field("field_0"),
        entity_id=parts.field("field_1"),
        group_id=pl.col("cluster").replace_strict(ids, return_dtype=pl.String),
    )


def _inherited(
    grouped: pl.DataFrame, previous: pl.DataFrame | None, smallest: float
) -> tuple[dict[int, str], set[str]]:
    """Earlier id per cluster, and every earlier id."""
    if previous is None or previous.is_empty():
        return {}, set()
    earlier = previous.select(
        node=pl.concat_str("entity_type", pl.lit(":"), "entity_id"), old="group_id"
    ).with_columns(old_size=pl.len().over("old"))
    now = grouped.with_columns(size=pl.len().over("cluster"))
    overlap = (
        now.join(earlier, on="node")
        .group_by("cluster", "old")
        .agg(both=pl.len(), either=pl.col("size").first() + pl.col("old_size").first() - pl.len())
    )
    ranked = overlap.with_columns(jaccard=pl.col("both") / pl.col("either"))
    ranked = ranked.filter(pl.col("jaccard") >= smallest)
    ranked = ranked.sort("jaccard", "both", "old", "cluster", descending=[True, True, False, False])
    id_of: dict[int, str] = {}
    in_use: set[str] = set()
    for cluster, old in ranked.select("cluster", "old").iter_rows():
        if cluster not in id_of and old not in in_use:
            id_of[cluster] = old
            in_use.add(old)
    return id_of, set(earlier["old"])


def _fresh(prefix: str, anchor: str, in_use: set[str]) -> str:
    name, attempt = "", 0
    while not name or name in in_use:
        seed = f"{anchor}#{attempt}" if attempt else anchor
        name = prefix + hashlib.blake2b(seed.encode(), digest_size=5).hexdigest()
        attempt += 1
    return name
