"""What the graph draws, read and chosen: the ties between nodes, what is hidden, since when."""

from __future__ import annotations

import polars as pl

from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.view_models.neighbourhood import EDGE_LIMIT
from dashboard.view_models.picture import DrawnTies, drawn_ties, with_joined_on

_ISO_DAY = "%Y-%m-%d"
# What a picture says of a node beyond what every query of nodes returns.
_OPTIONAL = (
    *("hidden", "joined_on", "home", "role", "ring_id", "ring_title", "money_usd"),
    *("note", "user_share"),
)


def ties_between(nodes: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Every tie among `nodes`, after those already `known` from elsewhere."""
    edges = read("pages/graph/edges_between", node_keys=nodes["node_key"].to_list())
    if known is None:
        return edges
    both = pl.concat([known, edges], how="vertical_relaxed")
    return both.unique(["src", "dst", "relation"], keep="first", maintain_order=True)


def lines_drawn(edges: pl.DataFrame, node_count: int, *, keep: str = "") -> DrawnTies:
    """As many of `edges` as can be read at once: two lines a node where nodes are many."""
    return drawn_ties(edges, limit=max(EDGE_LIMIT, 2 * node_count), keep=keep)


def with_surroundings(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with `hidden`, neighbours not drawn, and `joined_on`, the day of its first tie."""
    counts = read("pages/graph/hidden_counts", node_keys=nodes["node_key"].to_list())
    hidden = counts.rename({"hidden_count": "hidden"})
    joined = nodes.join(hidden, on="node_key", how="left", maintain_order="left")
    return with_joined_on(joined.with_columns(pl.col("hidden").fill_null(0)), edges)


def with_facts(nodes: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with role, ring and money, where the build has them."""
    try:
        facts = read("pages/graph/node_facts", node_keys=nodes["node_key"].to_list())
    except TableMissing:
        return nodes
    new = [name for name in facts.columns if name == "node_key" or name not in nodes.columns]
    return nodes.join(facts.select(new), on="node_key", how="left", maintain_order="left")


def component_nodes(nodes: pl.DataFrame, member_count: int | None = None) -> pl.DataFrame:
    """`nodes` under the names that the component reads; after `member_count` they were added."""
    members = len(nodes) if member_count is None else member_count
    return nodes.select(
        pl.col("node_key").alias("key"),
        *("entity_type", "name", "x", "y"),
        pl.col("score_band").alias("band"),
        *("score", "weight"),
        *(name for name in _OPTIONAL if name in nodes.columns),
        (pl.int_range(pl.len()) < members).alias("is_member"),
    )


def component_edges(edges: pl.DataFrame) -> pl.DataFrame:
    """`edges` as the component reads them: times as ISO days."""
    return edges.with_columns(pl.col("first_seen_at", "last_seen_at").dt.strftime(_ISO_DAY))
