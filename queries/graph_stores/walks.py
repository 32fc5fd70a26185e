"""Walks over a graph that reads the links of many nodes at once: what every store answers with.

A store says where nodes are (`find`) and what links the strongest few of each are (`links_of`);
the walks are the same for all, so that two stores cannot disagree about what a neighbourhood
is. They go over plain rows: a frame costs more to filter than these few hundred to read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from queries.graph_stores import LINK_COLUMNS, NODE_COLUMNS, NodeFacts, Part, Path
from queries.graph_stores.paths import Search, spoken
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from queries.graph_stores.links import Link, Place

FIRST_RING = 40
"""Neighbours of the middle on a picture of its neighbourhood."""
OPENED = 12
"""Of these, the strongest that are no hubs show neighbours of their own."""
OF_EACH = 20
SHARED_OF_EACH = 500
"""Links of one node in which things that it shares are looked for: the rarest come first."""
WHOLE = 100_000
"""Links of one node that are read where all are wanted."""
_TEXTS, _TIME = (pl.String(), pl.String(), pl.String()), pl.Datetime("us")
_NODES = (*_TEXTS[:2], pl.Int64(), pl.Int64(), pl.Boolean(), pl.Int64())
_LINKS = (*_TEXTS, pl.Float64(), pl.Int64(), _TIME, _TIME)


class Walks(ABC):
    """A GraphStore over three reads."""

    @abstractmethod
    def find(self, nodes: Sequence[str]) -> list[Place]:
        """The nodes of these names that there are."""

    @abstractmethod
    def names(self, numbers: Sequence[int]) -> dict[int, str]:
        """The names of nodes by their numbers."""

    @abstractmethod
    def links_of(self, places: Sequence[Place], most: int) -> list[Link]:
        """Links of the nodes at `places`, strongest first, `most` of each."""

    def degree(self, node: str) -> NodeFacts | None:
        """The node and how many links it has."""
        for place in self.find([node]):
            return NodeFacts(place.node, place.node_type, place.degree, place.is_hub)
        return None

    def neighbours(self, node: str, *, limit: int) -> Part:
        """The node with its strongest links."""
        middle = self.find([node])
        return self._around(middle, [self.links_of(middle, limit)])

    def neighbourhood(self, node: str, *, limit: int) -> Part:
        """Two hops around the node, of every neighbour its strongest first."""
        middle = self.find([node])
        first = self.links_of(middle, min(FIRST_RING, limit - 1))
        opened = {link.neighbour_number: link.place for link in first if not link.is_hub}
        second = self.links_of([*islice(opened.values(), OPENED)], OF_EACH)
        inner = {place.node_number for place in middle} | {link.neighbour_number for link in first}
        return self._around(middle, [first, _in_turn(second, inner, limit - len(inner))])

    def subgraph(self, nodes: Sequence[str]) -> Part:
        """The links among some nodes, whether hubs or not."""
        found = self.find(nodes)
        numbers = {place.node_number for place in found}
        links = self.links_of(found, WHOLE)
        among = [link for link in links if link.is_outward and link.neighbour_number in numbers]
        return _made([(place, 0) for place in found], among)

    def shared(self, nodes: Sequence[str], *, limit: int) -> Part:
        """What two and more of the nodes use, most of them first, then the rarest."""
        found = self.find(nodes)
        links = [link for link in self.links_of(found, SHARED_OF_EACH) if link.is_outward]
        users = Counter(link.neighbour_number for link in links)
        several = {
            link.neighbour_number: link.place for link in links if users[link.neighbour_number] > 1
        }
        things = [
            place for place in self._named(several.values()) if place.node_type not in ENTITY_TYPES
        ]
        things.sort(key=lambda place: (-users[place.node_number], place.degree, place.node))
        kept = things[: max(limit, 0)]
        numbers = {place.node_number for place in kept}
        nodes_at = [*((place, 0) for place in found), *((place, 1) for place in kept)]
        return _made(nodes_at, [link for link in links if link.neighbour_number in numbers])

    def path(self, start: str, end: str) -> Path:
        """The shortest way: first around the hubs, then over them."""
        places = {place.node: place for place in self.find([start, end])}
        if start not in places or end not in places or start == end:
            return spoken([], [], has_ends=len(places) > 1, is_cut=False)
        for over_hubs in (False, True):
            search = Search(self.links_of, over_hubs=over_hubs)
            steps = search.between(places[start], places[end])
            if steps:
                break
        met = {step.link.neighbour_number: step.link.place for step in steps}
        ends = {place.node_number: place for place in places.values()}
        return spoken(steps, self._named((met | ends).values()), is_cut=search.is_cut)

    def _named(self, places: Collection[Place]) -> list[Place]:
        """`places` with their names."""
        unnamed = sorted(place.node_number for place in places if not place.node)
        names = self.names(unnamed) if unnamed else {}
        return [
            place if place.node else place._replace(node=names[place.node_number])
            for place in places
        ]

    def _around(self, middle: Sequence[Place], rings: Sequence[Sequence[Link]]) -> Part:
        """The nodes of `middle` and of each ring of links, with the hop at which each is met."""
        hops = {place.node_number: (place, 0) for place in middle}
        for hop, ring in enumerate(rings, 1):
            for link in ring:
                if link.neighbour_number not in hops:
                    hops[link.neighbour_number] = (link.place, hop)
        named = self._named([place for place, _ in hops.values()])
        found = [(place, hop) for place, (_, hop) in zip(named, hops.values(), strict=True)]
        return _made(found, [link for ring in rings for link in ring])


def _in_turn(links: Sequence[Link], inner: set[int], room: int) -> list[Link]:
    """Links to `inner` and to `room` others: the strongest of each node, then its second."""
    turns: Counter[int] = Counter()
    others = []
    for link in links:
        if link.neighbour_number not in inner:
            others.append((turns[link.node_number], link.neighbour_number))
            turns[link.node_number] += 1
    in_turn = dict.fromkeys(neighbour for _, neighbour in sorted(others, key=lambda one: one[0]))
    taken = inner.union(islice(in_turn, max(room, 0)))
    return [link for link in links if link.neighbour_number in taken]


def _made(found: Sequence[tuple[Place, int]], links: Sequence[Link]) -> Part:
    """Nodes with their hop and links as a caller reads them; a link seen from both ends once."""
    names = {place.node_number: place.node for place, _ in found}
    seen: dict[tuple[str, str, str], Link] = {}
    for link in links:
        one, other = names[link.node_number], names[link.neighbour_number]
        key = (one, other, link.relation) if link.is_outward else (other, one, link.relation)
        seen.setdefault(key, link)
    given = Counter(end for src, dst, _ in seen for end in (src, dst))
    nodes = [
        (place.node, place.node_type, place.degree, given[place.node], place.is_hub, hop)
        for place, hop in sorted(found, key=lambda one: (one[1], one[0].node))
    ]
    rows = [
        (*key, link.weight, link.evidence_count, link.first_seen_at, link.last_seen_at)
        for key, link in seen.items()
    ]
    return Part(
        pl.DataFrame(nodes, [*zip(NODE_COLUMNS, _NODES, strict=True)], orient="row"),
        pl.DataFrame(rows, [*zip(LINK_COLUMNS, _LINKS, strict=True)], orient="row"),
    )
