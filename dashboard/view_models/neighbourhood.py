"""The people around an entity: the nodes and ties of the graph, in words.

Past about 150 nodes a drawing is a hairball; what is left out is counted by its legend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text, theme
from dashboard.view_models.words import day_span

if TYPE_CHECKING:
    import polars as pl

NODE_LIMIT = 150
# On request; nobody is drawn beyond this: whole rings fold into one node each before.
HARD_CAP = 500
# About two lines a node; beyond that the strong ones drown.
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
    """The nodes and ties that are drawn, in words."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]

    @classmethod
    def of(cls, nodes: pl.DataFrame, edges: pl.DataFrame) -> NeighbourhoodView:
        """The view of `pages/graph/*_nodes` and the ties among them that are drawn."""
        return cls(
            tuple(_node(row) for row in nodes.iter_rows(named=True)),
            tuple(_tie(row) for row in edges.iter_rows(named=True)),
        )

    def node(self, key: str | None) -> Node | None:
        """The drawn node called `key`."""
        return next((node for node in self.nodes if node.key == key), None)

    def ties_of(self, key: str) -> tuple[Tie, ...]:
        """The drawn ties of one node, strongest first."""
        return tuple(tie for tie in self.ties if key in (tie.src, tie.dst))


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
    span = day_span(row["first_seen_at"], row["last_seen_at"])
    parts = [label, times, span] if span else [label, times]
    return Tie(
        src=str(row["src"]),
        dst=str(row["dst"]),
        text=", ".join(parts),
    )
