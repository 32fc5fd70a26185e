"""What the nodes of a picture share and whom they deal with, asked of the graph behind it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dashboard.components.graph_questions import graph_store, named_nodes
from dashboard.errors import TableMissing
from dashboard.view_models.shared_things import (
    KINDS,
    is_simpler,
    room_for_things,
    things_placed,
    without_replaced,
)
from queries.vocabulary import ENTITY_TYPES

_IS_THING = pl.col("entity_type").is_in(KINDS)


@dataclass(frozen=True)
class SharedThings:
    """Things that several nodes of a picture use, and who uses which.

    `nodes` as of pages/graph with `degree`, everybody who uses it, and `is_hub`; `left` are
    the lines of the picture that things do not replace.
    """

    nodes: pl.DataFrame
    links: pl.DataFrame
    left: pl.DataFrame
    is_simpler: bool

    def drawn_with(self, subjects: pl.DataFrame) -> pl.DataFrame:
        """`subjects` and the things, placed among them."""
        places = things_placed(subjects, self.nodes["node_key"].to_list(), self.links)
        spots = [places[key] for key in self.nodes["node_key"]]
        placed = self.nodes.with_columns(
            pl.Series("x", [x for x, _ in spots], dtype=pl.Float64),
            pl.Series("y", [y for _, y in spots], dtype=pl.Float64),
        )
        return pl.concat([subjects, placed], how="diagonal_relaxed")


def shared_things(nodes: pl.DataFrame, edges: pl.DataFrame) -> SharedThings | None:
    """What the `nodes` of a picture share; None where nothing, or the build has no such graph."""
    keys = nodes.filter(pl.col("entity_type").is_in(ENTITY_TYPES))["node_key"].to_list()
    try:
        part = graph_store().shared(keys, limit=room_for_things(len(keys)))
    except TableMissing:
        return None
    things = part.nodes.filter(pl.col("hops") == 1)
    if things.is_empty():
        return None
    links = part.links
    left = without_replaced(edges, links)
    named = with_users(named_nodes(things["node"].to_list()), things)
    return SharedThings(named, links, left, is_simpler(len(keys), edges, left, links))


def with_users(named: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """`named` nodes with `degree` and `is_hub` of those that are things."""
    counts = found.select("degree", "is_hub", node_key="node")
    joined = named.join(counts, on="node_key", how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(_IS_THING).then("degree").alias("degree"),
        pl.when(_IS_THING).then("is_hub").alias("is_hub"),
    )


def around(
    anchor: str, shown: list[str], *, limit: int, has_things: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes two steps around `anchor` that are not `shown`, nearest and riskiest first; links.

    Without things those who share one with it are its neighbours.
    """
    part = graph_store().neighbourhood(anchor, limit=150)
    is_thing = pl.col("node_type").is_in(KINDS)
    things = part.nodes.filter(is_thing, pl.col("hops") == 1)["node"].to_list()
    ends = [
        part.links.filter(pl.col(a).is_in(things))[b] for a, b in (("src", "dst"), ("dst", "src"))
    ]
    sharers = pl.concat(ends).unique().to_list()
    near = (pl.col("hops") == 1) | pl.col("node").is_in(sharers)
    fresh = part.nodes.filter(near, ~pl.col("node").is_in([*shown, anchor]))
    if not has_things:
        fresh = fresh.filter(~is_thing)
    hops = fresh.select("hops", node_key="node")
    named = with_users(named_nodes(fresh["node"].to_list()), fresh).join(
        hops, on="node_key", maintain_order="left"
    )
    order = ["hops", "score", "node_key"] if has_things else ["score", "hops", "node_key"]
    ranked = named.sort(order, descending=[name == "score" for name in order], nulls_last=True)
    return ranked.head(limit).drop("hops"), part.links


def noted(nodes: pl.DataFrame, drawn: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with `note` and `user_share` of things: who uses it here and anywhere."""
    if "degree" not in nodes.columns:
        return nodes
    ends = pl.concat([drawn.select(node_key=end) for end in ("src", "dst")])
    here = ends.group_by("node_key").agg(here=pl.len())
    counted = nodes.join(here, on="node_key", how="left", maintain_order="left")
    own = pl.col("here").fill_null(0)
    users = pl.format("{} of its {} users are drawn", own, "degree")
    hub = pl.format("{}: so many share it that it says little", users)
    subjects = max(nodes.filter(~_IS_THING).height, 1)
    return counted.with_columns(
        note=pl.when(pl.col("is_hub")).then(hub).when(_IS_THING).then(users),
        user_share=pl.when(_IS_THING).then((own / subjects).clip(0.0, 1.0)),
    ).drop("here")
