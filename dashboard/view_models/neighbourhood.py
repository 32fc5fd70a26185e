"""The people around an entity: nodes and ties for the graph, and the same as a table.

Past about 150 nodes a drawing is a hairball, so the heaviest ties are kept and
what was left out is counted. The table holds exactly the nodes that are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme

if TYPE_CHECKING:
    from dashboard.view_models.picture import DrawnTies

NODE_LIMIT = 150
# About two lines a node; beyond that the strong ones drown.
EDGE_LIMIT = 320
EXPAND_LIMIT = 15


@dataclass(frozen=True)
class Node:
    """One entity on the drawing; `label` is its type in words, `hidden` who of its is not on it."""

    key: str
    entity_id: str
    label: str
    name: str
    market: str
    score: float | None
    band: str | None
    weight: float
    hidden: int = 0
    joined_on: str | None = None


@dataclass(frozen=True)
class Tie:
    """One edge; `text` says what is shared and how often."""

    src: str
    dst: str
    text: str


@dataclass(frozen=True)
class NeighbourhoodView:
    """What is drawn and what was left out."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    headline: str

    @classmethod
    def of(cls, nodes: pl.DataFrame, drawn: DrawnTies, *, total: int = 0) -> NeighbourhoodView:
        """The view of `pages/graph/*_nodes` and their ties; `total` nodes there are in all."""
        return cls(
            tuple(_node(row) for row in nodes.iter_rows(named=True)),
            tuple(_tie(row) for row in drawn.edges.iter_rows(named=True)),
            _headline(len(nodes), drawn, max(0, total - len(nodes))),
        )

    def node(self, key: str | None) -> Node | None:
        """The drawn node called `key`."""
        return next((node for node in self.nodes if node.key == key), None)

    def ties_of(self, key: str) -> tuple[Tie, ...]:
        """The drawn ties of one node, strongest first."""
        return tuple(tie for tie in self.ties if key in (tie.src, tie.dst))

    def partners_of(self, key: str) -> frozenset[str]:
        """The keys that one node has a line to."""
        return frozenset(tie.dst if tie.src == key else tie.src for tie in self.ties_of(key))

    def table(self) -> pl.DataFrame:
        """The nodes as display columns, riskiest first."""
        ranked = sorted(self.nodes, key=lambda node: (-(node.score or -1.0), node.key))
        return pl.DataFrame(
            {
                "key": [node.key for node in ranked],
                "name": [node.name for node in ranked],
                "entity": [node.label for node in ranked],
                "market": [node.market for node in ranked],
                "band": [[theme.BAND_LABELS.get(node.band or "", "No score")] for node in ranked],
                "score": [node.score for node in ranked],
                "ties": [len(self.partners_of(node.key)) for node in ranked],
                "hidden": [node.hidden for node in ranked],
                "weight": [node.weight for node in ranked],
            },
            schema_overrides={"band": pl.List(pl.String), "score": pl.Float64},
        )


def _node(row: dict[str, Any]) -> Node:
    return Node(
        key=str(row["node_key"]),
        entity_id=str(row["entity_id"]),
        label=theme.entity_label(str(row["entity_type"])),
        name=text.plain(row["name"]),
        market=str(row["market"] or text.MISSING),
        score=row["score"],
        band=row["score_band"],
        weight=float(row["weight"] or 0.0),
        hidden=int(row.get("hidden") or 0),
        joined_on=row.get("joined_on"),
    )


def _tie(row: dict[str, Any]) -> Tie:
    label = theme.RELATION_LABELS.get(str(row["relation"]), str(row["relation"]).replace("_", " "))
    times = text.plural(int(row["evidence_count"] or 0), "time")
    span = f"{row['first_seen_at']:%d %b} to {row['last_seen_at']:%d %b %Y}"
    return Tie(
        src=str(row["src"]),
        dst=str(row["dst"]),
        text=f"{label}, {times}, {span}",
    )


def _headline(nodes: int, drawn: DrawnTies, hidden: int) -> str:
    entities = text.plural(nodes, "entity", "entities")
    left_out = [f"{hidden:,} weaker ones left out"] if hidden else []
    if not drawn.hidden_count:
        return "; ".join([f"{entities}, {text.plural(drawn.line_count, 'tie')}", *left_out])
    ties = f"{drawn.line_count:,} of {drawn.total_count:,} ties drawn"
    how = "each keeps its strongest, the rest are thinned evenly"
    return "; ".join([f"{entities}, {ties}", *left_out, how])
