"""The graph of a built file: the default store.

`graph.adjacency` holds the links of a node in successive rows and every link says where
those of its other end begin, so a walk reads rows by their place and scans nothing.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from queries import QueryError
from queries.graph_stores.links import Link, Place, strongest_first
from queries.graph_stores.walks import Walks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl


class DuckStore(Walks):
    """A store over `read(name, **params)`: the door, or a page's cached reads."""

    def __init__(self, read: Callable[..., pl.DataFrame]) -> None:
        self._read = read

    def find(self, nodes: Sequence[str]) -> list[Place]:
        """The nodes of these names that there are."""
        if len(nodes) == 1:
            rows = self._read("pages/graph/node", node=nodes[0])
        else:
            rows = self._read("pages/graph/nodes", nodes=list(nodes))
        return [Place._make(row) for row in rows.select(Place._fields).iter_rows()]

    def names(self, numbers: Sequence[int]) -> dict[int, str]:
        """The names of nodes by their numbers."""
        return dict(self._read("pages/graph/node_names", node_numbers=list(numbers)).iter_rows())

    def links_of(self, places: Sequence[Place], most: int) -> list[Link]:
        """The first rows of each place in graph.adjacency.

        Raises QueryError when the table does not stand in the order it was built in.
        """
        if not places:
            return []
        spans = [
            (place.first_row, place.first_row + min(place.degree, most) - 1) for place in places
        ]
        links = [Link._make(row) for row in self._rows(spans).select(Link._fields).iter_rows()]
        expected = sum(last - first + 1 for first, last in spans)
        numbers = {place.node_number for place in places}
        if len(links) != expected or {link.node_number for link in links} != numbers:
            raise QueryError(
                f"graph.adjacency gave {len(links)} links where graph.nodes says {expected}, "
                "or those of other nodes. Build the file again."
            )
        return strongest_first(links)

    def _rows(self, spans: Sequence[tuple[int, int]]) -> pl.DataFrame:
        """The rows of graph.adjacency in some stretches."""
        if len(spans) == 1:
            first, last = spans[0]
            return self._read("pages/graph/links_from", first_row=first, last_row=last)
        rows = chain.from_iterable(range(first, last + 1) for first, last in spans)
        return self._read("pages/graph/links_at", row_numbers=[*rows])
