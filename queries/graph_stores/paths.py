"""The shortest path between two nodes, sought from both ends at once.

A path over a carrier's network address or a popular shop exists between any two people and
says nothing, so hubs are walked only when nothing else connects, and then it is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from queries.graph_stores import MOST_HOPS, Hop, Path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from queries.graph_stores.links import Link, Place

READ_OF_EACH = 2_000
"""Links of one node that a search reads, strongest first: a hub has more."""
SOUGHT = 20_000
"""Nodes reached from one end after which a search gives up: it has left the neighbourhood."""


@dataclass(frozen=True)
class Step:
    """One link of a path by the numbers of its ends."""

    start: int
    end: int
    link: Link


@dataclass
class _Side:
    """What was reached from one end: each node with the link it was reached by."""

    reached: dict[int, Link | None]
    frontier: list[Place]
    depth: int = 0


@dataclass
class Search:
    """A breadth-first search from both ends; `is_cut` once it left something unread."""

    links_of: Callable[[Sequence[Place], int], list[Link]]
    over_hubs: bool
    is_cut: bool = field(default=False, init=False)

    def between(self, start: Place, end: Place) -> list[Step]:
        """The links of a shortest path from `start` to `end` in order; [] = none found."""
        sides = tuple(_Side({place.node_number: None}, [place]) for place in (start, end))
        while sum(side.depth for side in sides) < MOST_HOPS:
            open_sides = [side for side in sides if side.frontier]
            if len(open_sides) < len(sides):
                return []
            side = min(open_sides, key=lambda one: sum(place.degree for place in one.frontier))
            other = sides[1] if side is sides[0] else sides[0]
            met = self._widen(side, other)
            if met is not None:
                return [*reversed(_back(sides[0], met)), *_turned(_back(sides[1], met))]
            if len(side.reached) > SOUGHT:
                self.is_cut = True
                return []
        return []

    def _widen(self, side: _Side, other: _Side) -> int | None:
        """Go one link further; the node where both sides meet over the strongest links."""
        self.is_cut |= any(place.degree > READ_OF_EACH for place in side.frontier)
        links = self.links_of(side.frontier, READ_OF_EACH)
        met, side.frontier = None, []
        for link in links:
            number = link.neighbour_number
            is_barred = link.is_hub and not self.over_hubs and number not in other.reached
            if number in side.reached or is_barred:
                continue
            side.reached[number] = link
            side.frontier.append(link.place)
            if met is None and number in other.reached:
                met = number
        side.depth += 1
        return met


def _back(side: _Side, node: int) -> list[Step]:
    """The way from `node` back to where its side began."""
    steps = []
    while (link := side.reached[node]) is not None:
        steps.append(Step(link.node_number, node, link))
        node = link.node_number
    return steps


def _turned(steps: Sequence[Step]) -> list[Step]:
    return [Step(step.end, step.start, step.link) for step in steps]


def spoken(
    steps: Sequence[Step], met: Sequence[Place], *, has_ends: bool = True, is_cut: bool
) -> Path:
    """The path by names, with a sentence that says what it is or why there is none."""
    names = {place.node_number: place.node for place in met}
    inner = {step.end for step in steps[:-1]}
    hubs = tuple(place.node for place in met if place.is_hub and place.node_number in inner)
    hops = tuple(_hop(step, names) for step in steps)
    return Path(hops, hubs, _sentence(len(hops), len(hubs), has_ends=has_ends, is_cut=is_cut))


def _hop(step: Step, names: Mapping[int, str]) -> Hop:
    link = step.link
    return Hop(
        start=names[step.start],
        end=names[step.end],
        relation=link.relation,
        weight=link.weight,
        evidence_count=link.evidence_count,
        first_seen_at=link.first_seen_at,
        last_seen_at=link.last_seen_at,
    )


def _sentence(hops: int, hubs: int, *, has_ends: bool, is_cut: bool) -> str:
    if not has_ends:
        return "There is no path: one of the two has no links, or they are the same."
    if not hops:
        none = f"No path of at most {MOST_HOPS} links connects them"
        return f"{none} among the nearest nodes; the search ended there." if is_cut else f"{none}."
    length = f"{hops} link{'' if hops == 1 else 's'} apart"
    if not hubs:
        return f"{length}."
    crowd = "a node" if hubs == 1 else f"{hubs} nodes"
    return f"{length}, but only over {crowd} that many have in common: that says little."
