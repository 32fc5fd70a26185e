"""The people around an entity: nodes and ties for the graph, and the same as a table.

Past about 150 nodes a drawing is a hairball, so the heaviest ties are kept and
what was left out is counted. The table holds exactly the nodes that are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import text, theme

NODE_LIMIT = 150
# About two ties a node; beyond that the strong ones drown.
EDGE_LIMIT = 320
EXPAND_LIMIT = 15


@dataclass(frozen=True)
class Node:
    """One entity on the drawing; `label` is its type in words."""

    key: str
    entity_id: str
    label: str
    name: str
    market: str
    score: float | None
    band: str | None
    weight: float


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
    def of(
        cls, nodes: pl.DataFrame, edges: pl.DataFrame, *, total: int = 0, ties_total: int = 0
    ) -> NeighbourhoodView:
        """The view of `pages/graph/*_nodes` and `edges_between`; totals are before limits."""
        ties = tuple(_tie(row) for row in edges.iter_rows(named=True))
        hidden = max(0, total - len(nodes))
        return cls(
            tuple(_node(row) for row in nodes.iter_rows(named=True)),
            ties,
            _headline(len(nodes), len(ties), hidden, max(0, ties_total - len(ties))),
        )

    def node(self, key: str | None) -> Node | None:
        """The drawn node called `key`."""
        return next((node for node in self.nodes if node.key == key), None)

    def ties_of(self, key: str) -> tuple[Tie, ...]:
        """The drawn ties of one node, strongest first."""
        return tuple(tie for tie in self.ties if key in (tie.src, tie.dst))

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
                "ties": [len(self.ties_of(node.key)) for node in ranked],
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


def _headline(nodes: int, ties: int, hidden: int, hidden_ties: int) -> str:
    counts = f"{text.plural(nodes, 'entity', 'entities')}, {text.plural(ties, 'tie')}"
    left_out = [f"{hidden:,} weaker ones left out"] if hidden else []
    left_out += [f"{hidden_ties:,} more ties not drawn, chosen evenly"] if hidden_ties else []
    return "; ".join([counts, *left_out])
