"""Walks over a graph that reads the links of many nodes at once: what every store answers with.

A store says where nodes are (`find`), what they are called (`named`) and what links the
strongest few of each are (`links_of`); the walks are the same for all, so that two stores
cannot disagree about what a neighbourhood is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from queries.graph_stores import LINK_COLUMNS, NODE_COLUMNS, NodeFacts, Part, Path
from queries.graph_stores.paths import Search, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_RING = 40
"""Neighbours of the middle on a picture of its neighbourhood."""
OPENED = 12
"""Of these, the strongest that are no hubs show neighbours of their own."""
OF_EACH = 20
WHOLE = 100_000
"""Links of one node that are read where all are wanted."""
PLACE = {"node_number": pl.Int64, "first_row": pl.Int64, "degree": pl.Int64}
"""Where the links of a node are; a store that needs no row gives any."""
FOUND = {**PLACE, "node": pl.String, "node_type": pl.String, "is_hub": pl.Boolean}
LINKS = pl.Schema(
    {
        "node_number": pl.Int64(),
        "neighbour_number": pl.Int64(),
        "relation": pl.String(),
        "is_outward": pl.Boolean(),
        "weight": pl.Float64(),
        "evidence_count": pl.Int64(),
        "first_seen_at": pl.Datetime("us"),
        "last_seen_at": pl.Datetime("us"),
        "neighbour_first_row": pl.Int64(),
        "neighbour_degree": pl.Int64(),
        "is_hub": pl.Boolean(),
    }
)

ORDER = ("weight", "node_number", "neighbour_number", "relation")
DESCENDING = (True, False, False, False)
"""The strongest first, and equals always alike."""


class Walks(ABC):
    """A GraphStore over three reads."""

    @abstractmethod
    def find(self, nodes: Sequence[str]) -> pl.DataFrame:
        """The nodes of these names that there are (FOUND)."""

    @abstractmethod
    def named(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The nodes of these numbers (FOUND)."""

    @abstractmethod
    def links_of(self, places: pl.DataFrame, most: int) -> pl.DataFrame:
        """Links (LINKS) of the nodes at `places` (PLACE), strongest first, `most` of each."""

    def degree(self, node: str) -> NodeFacts | None:
        """The node and how many links it has."""
        for row in self.find([node]).iter_rows(named=True):
            return NodeFacts(row["node"], row["node_type"], row["degree"], row["is_hub"])
        return None

    def neighbours(self, node: str, *, limit: int) -> Part:
        """The node with its strongest links."""
        middle = self.find([node])
        return self._part(middle, [self.links_of(middle, limit)])

    def neighbourhood(self, node: str, *, limit: int) -> Part:
        """Two hops around the node, of every neighbour its strongest first."""
        middle = self.find([node])
        first = self.links_of(middle, min(FIRST_RING, limit - 1))
        opened = _places(first.filter(~pl.col("is_hub"))).head(OPENED)
        second = self.links_of(opened, OF_EACH)
        inner = {*middle["node_number"], *first["neighbour_number"]}
        return self._part(middle, [first, _in_turn(second, inner, limit - len(inner))])

    def subgraph(self, nodes: Sequence[str]) -> Part:
        """The links among some nodes, whether hubs or not."""
        found = self.find(nodes)
        links = self.links_of(found, WHOLE)
        among = links.filter(
            pl.col("neighbour_number").is_in(found["node_number"].to_list()), pl.col("is_outward")
        )
        return _made(found.with_columns(hops=pl.lit(0, pl.Int64)), among)

    def path(self, start: str, end: str) -> Path:
        """The shortest way: first around the hubs, then over them."""
        ends = self.find([start, end])
        places = {row["node"]: row for row in ends.iter_rows(named=True)}
        if start not in places or end not in places or start == end:
            return spoken([], [], has_ends=len(places) > 1, is_cut=False)
        for over_hubs in (False, True):
            search = Search(self.links_of, over_hubs=over_hubs)
            steps = search.between(places[start], places[end])
            if steps:
                break
        numbers = {number for step in steps for number in (step.start, step.end)}
        return spoken(steps, self.named(sorted(numbers)).rows(named=True), is_cut=search.is_cut)

    def _part(self, middle: pl.DataFrame, rings: Sequence[pl.DataFrame]) -> Part:
        links = pl.concat(rings)
        hops = dict.fromkeys(middle["node_number"].to_list(), 0)
        for hop, ring in enumerate(rings, 1):
            for number in ring["neighbour_number"]:
                hops.setdefault(number, hop)
        found = self.named(sorted(hops))
        at = pl.Series("hops", [hops[number] for number in found["node_number"]], pl.Int64)
        return _made(found.with_columns(at), links)


def _places(links: pl.DataFrame) -> pl.DataFrame:
    """The neighbours at the other end of `links`, once each, strongest first."""
    return links.select(
        pl.col("neighbour_number").alias("node_number"),
        pl.col("neighbour_first_row").alias("first_row"),
        pl.col("neighbour_degree").alias("degree"),
    ).unique("node_number", keep="first", maintain_order=True)


def _in_turn(links: pl.DataFrame, inner: set[int], room: int) -> pl.DataFrame:
    """Links to `inner` and to `room` others: the strongest of each node, then its second."""
    turns: Counter[int] = Counter()
    others = []
    for node, neighbour in links.select("node_number", "neighbour_number").iter_rows():
        if neighbour not in inner:
            others.append((turns[node], neighbour))
            turns[node] += 1
    in_turn = dict.fromkeys(neighbour for _, neighbour in sorted(others, key=lambda one: one[0]))
    taken = inner.union(islice(in_turn, max(room, 0)))
    return links.filter([neighbour in taken for neighbour in links["neighbour_number"]])


def _made(found: pl.DataFrame, links: pl.DataFrame) -> Part:
    """Nodes and links under the names that a caller reads; a link seen from both ends once."""
    names = dict(found.select("node_number", "node").iter_rows())
    seen: dict[tuple[str, str, str], int] = {}
    ends = links.select("node_number", "neighbour_number", "relation", "is_outward").iter_rows()
    for place, (node, neighbour, relation, is_outward) in enumerate(ends):
        one, other = names[node], names[neighbour]
        seen.setdefault((one, other, relation) if is_outward else (other, one, relation), place)
    given = Counter(end for src, dst, _ in seen for end in (src, dst))
    counts = pl.Series("given_count", [given[node] for node in found["node"]], pl.Int64)
    once = links[list(seen.values())].with_columns(
        pl.Series("src", [src for src, _, _ in seen], pl.String),
        pl.Series("dst", [dst for _, dst, _ in seen], pl.String),
    )
    nodes = found.with_columns(counts).select(NODE_COLUMNS)
    return Part(nodes.sort("hops", "node"), once.select(LINK_COLUMNS))
