"""What a graph of nodes and links can be asked, whoever stores it.

A page asks a store and not a table, so that the same questions can be put to the built
file (`duck`, the default) or to a graph database (`property_graph`). Nodes are `type:id`:
entities and the things they share. Nothing here knows a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import polars as pl

MOST_HOPS = 6
"""Links of a path: three entities apart, when each shares a thing with the next."""
NODE_COLUMNS = ("node", "node_type", "degree", "given_count", "is_hub", "hops")
LINK_COLUMNS = (
    *("src", "dst", "relation", "weight"),
    *("evidence_count", "first_seen_at", "last_seen_at"),
)


@dataclass(frozen=True)
class NodeFacts:
    """A node with the number of all its links; a hub has too many for one to mean anything."""

    node: str
    node_type: str
    degree: int
    is_hub: bool


@dataclass(frozen=True)
class Part:
    """A part of the graph.

    `nodes` (NODE_COLUMNS): `degree` links in all, of which `given_count` are in `links`
    (LINK_COLUMNS); `hops` from the node that was asked about, 0 where none was.
    """

    nodes: pl.DataFrame
    links: pl.DataFrame


@dataclass(frozen=True)
class Hop:
    """One link of a path, walked from `start` to `end`, with what is behind it."""

    start: str
    end: str
    relation: str
    weight: float
    evidence_count: int
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class Path:
    """The shortest way between two nodes; no hops = none, and `sentence` says how it was sought."""

    hops: tuple[Hop, ...]
    hubs: tuple[str, ...]
    sentence: str


class GraphStore(Protocol):
    """Questions about nodes and links; an unknown node has no links."""

    def degree(self, node: str) -> NodeFacts | None:
        """The node and how many links it has; None where there is no such node."""

    def neighbours(self, node: str, *, limit: int) -> Part:
        """The node with its `limit` strongest links."""

    def neighbourhood(self, node: str, *, limit: int) -> Part:
        """The node, its neighbours and theirs, `limit` nodes at most; hubs are not passed.

        Its links are those by which they were reached; `subgraph` has all among them.
        """

    def subgraph(self, nodes: Sequence[str]) -> Part:
        """The links among `nodes`."""

    def shared(self, nodes: Sequence[str], *, limit: int) -> Part:
        """What two and more of `nodes` use, `limit` things at most, and who uses which.

        `degree` of a thing counts everybody who uses it.
        """

    def path(self, start: str, end: str) -> Path:
        """The shortest way of at most MOST_HOPS links; over hubs only where no other is."""
