"""The graph of a built file: the default store.

`graph.adjacency` holds the links of a node in successive rows and every link says where
those of its other end begin, so a walk reads rows by their place and scans nothing.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from queries import QueryError
from queries.graph_stores.walks import DESCENDING, FOUND, LINKS, ORDER, Walks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class DuckStore(Walks):
    """A store over `read(name, **params)`: the door, or a page's cached reads."""

    def __init__(self, read: Callable[..., pl.DataFrame]) -> None:
        self._read = read

    def find(self, nodes: Sequence[str]) -> pl.DataFrame:
        """The nodes of these names that there are."""
        if len(nodes) == 1:
            return self._read("pages/graph/node", node=nodes[0]).select(*FOUND)
        return self._read("pages/graph/nodes", nodes=list(nodes)).select(*FOUND)

    def named(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The nodes of these numbers."""
        return self._read("pages/graph/numbered_nodes", node_numbers=list(numbers)).select(*FOUND)

    def links_of(self, places: pl.DataFrame, most: int) -> pl.DataFrame:
        """The first rows of each place in graph.adjacency.

        Raises QueryError when the table does not stand in the order it was built in.
        """
        if not places.height:
            return pl.DataFrame(schema=LINKS)
        begins = places["first_row"].to_list()
        counts = [min(degree, most) for degree in places["degree"]]
        links = self._rows(begins, counts)
        if links.height != sum(counts) or set(links["node_number"]) != set(places["node_number"]):
            raise QueryError(
                f"graph.adjacency gave {links.height} links where graph.nodes says {sum(counts)}, "
                "or those of other nodes. Build the file again."
            )
        return links.select(*LINKS).sort(ORDER, descending=DESCENDING)

    def _rows(self, begins: Sequence[int], counts: Sequence[int]) -> pl.DataFrame:
        """Some rows of graph.adjacency from each beginning; one stretch is read as such."""
        if len(begins) == 1:
            last = begins[0] + counts[0] - 1
            return self._read("pages/graph/links_from", first_row=begins[0], last_row=last)
        spans = [range(first, first + count) for first, count in zip(begins, counts, strict=True)]
        return self._read("pages/graph/links_at", row_numbers=[*chain.from_iterable(spans)])
