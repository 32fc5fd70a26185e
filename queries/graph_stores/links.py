"""A node with the place of its links, and one link of it: the rows that walks go over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Place(NamedTuple):
    """Where the links of a node are; a store that needs no row gives any."""

    node_number: int
    first_row: int
    degree: int
    is_hub: bool
    node: str = ""
    """Its name; empty until it is asked for."""

    @property
    def node_type(self) -> str:
        """Entity type, or kind of the thing."""
        return self.node.partition(":")[0]


class Link(NamedTuple):
    """A link as seen from one end, in the order of columns that stores read."""

    node_number: int
    neighbour_number: int
    relation: str
    is_outward: bool
    weight: float
    evidence_count: int
    first_seen_at: datetime
    last_seen_at: datetime
    neighbour_first_row: int
    neighbour_degree: int
    is_hub: bool

    @property
    def place(self) -> Place:
        """Where the links of its other end are."""
        return Place(
            self.neighbour_number,
            self.neighbour_first_row,
            self.neighbour_degree,
            self.is_hub,
        )


def strongest_first(links: Iterable[Link]) -> list[Link]:
    """`links` by weight, and equals always alike."""
    return sorted(
        links,
        key=lambda link: (-link.weight, link.node_number, link.neighbour_number, link.relation),
    )
