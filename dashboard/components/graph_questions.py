"""What is asked of the graph behind a picture: a path, what is around, the rows of a link.

Answers are frames of the shape that a picture is drawn from, names hidden and identifiers
masked for the viewer; things that entities share are nodes like them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard import theme
from dashboard.components import scope
from dashboard.store import read
from queries.graph_stores.duck import DuckStore
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from queries.graph_stores import GraphStore, Path

ROWS_SHOWN = 200
EDGE = pl.Schema(
    {
        **dict.fromkeys(("src", "dst", "relation"), pl.String()),
        "weight": pl.Float64(),
        "evidence_count": pl.Int64(),
        **dict.fromkeys(("first_seen_at", "last_seen_at"), pl.Datetime("us")),
    }
)
ROW = pl.Schema(
    {
        **dict.fromkeys(("source_table", "row_id"), pl.String()),
        "happened_at": pl.Datetime("us"),
        **dict.fromkeys(("node", "detail"), pl.String()),
        "total_count": pl.Int64(),
    }
)
IDENTIFIERS = tuple(theme.IDENTIFIER_LABELS)


@dataclass(frozen=True)
class GraphAnswer:
    """Nodes (as of pages/graph) and edges to draw, and what is said of them."""

    nodes: pl.DataFrame
    edges: pl.DataFrame
    sentence: str


def graph_store() -> GraphStore:
    """The graph of the file that this session looks at."""
    return DuckStore(read)


def path_between(start: str, end: str) -> GraphAnswer:
    """The shortest path between two nodes, in the order walked; no edges where there is none."""
    path = graph_store().path(start, end)
    keys = list(dict.fromkeys(key for hop in path.hops for key in (hop.start, hop.end)))
    return GraphAnswer(named_nodes(keys), _hops(path), path.sentence)


def rows_behind(src: str, dst: str, relation: str) -> pl.DataFrame:
    """The newest raw rows behind one edge, `total_count` in all."""
    return read("pages/graph/rows_behind", src=src, dst=dst, relation=relation, limit=ROWS_SHOWN)


def recorded_rows(edges: pl.DataFrame, ends: tuple[str, str] | None) -> pl.DataFrame:
    """The raw rows behind `edges`, or those of them that are between two nodes, newest first."""
    if ends is not None:
        both = pl.col("src").is_in(list(ends)) & pl.col("dst").is_in(list(ends))
        edges = edges.filter(both)
    lines = edges.select("src", "dst", "relation").unique(maintain_order=True)
    parts = [rows_behind(src, dst, _as_edge(relation)) for src, dst, relation in lines.iter_rows()]
    rows = pl.concat(parts, how="vertical_relaxed") if parts else pl.DataFrame(schema=ROW)
    return rows.unique(maintain_order=True).sort("happened_at", descending=True, nulls_last=True)


def _as_edge(relation: str) -> str:
    """What accounts share by the name that it has as an edge of the graph."""
    return f"shares_{relation}" if relation in IDENTIFIERS else relation


def named_nodes(keys: list[str]) -> pl.DataFrame:
    """Nodes with name, market and score, in the order of `keys`; a thing is named by its id."""
    nodes = scope.hide_names(read("pages/graph/named_nodes", node_keys=keys))
    is_thing = ~pl.col("entity_type").is_in(ENTITY_TYPES)
    shown = scope.shortened(nodes.with_columns(shown="entity_id"), "shown")
    named = shown.with_columns(name=pl.when(is_thing).then("shown").otherwise("name"))
    order = pl.DataFrame({"node_key": keys}, schema={"node_key": pl.String})
    return order.join(named.drop("shown"), on="node_key", how="inner", maintain_order="left")


def _hops(path: Path) -> pl.DataFrame:
    """The hops of a path as edges, each in the direction it was walked."""
    rows = [
        (hop.start, hop.end, hop.relation, hop.weight, hop.evidence_count,
         hop.first_seen_at, hop.last_seen_at)
        for hop in path.hops
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EDGE, orient="row")
