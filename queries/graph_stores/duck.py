"""The graph of a built file: the default store.

`graph.adjacency` holds the links of a node in successive rows and every link says where
those of its other end begin, so a walk reads rows by their place and scans nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from queries import QueryError
from queries.graph_stores.walks import FOUND, LINKS, Walks

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
        counts = places.select(pl.min_horizontal("degree", pl.lit(most))).to_series()
        rows = places.select(
            pl.int_ranges("first_row", pl.col("first_row") + counts).alias("row")
        ).explode("row")["row"]
        if not len(rows):
            return pl.DataFrame(schema=LINKS)
        links = self._read("pages/graph/links_at", row_numbers=rows.to_list()).select(*LINKS)
        given = links.group_by("node_number").len()
        if links.height != len(rows) or given.height != places.height:
            raise QueryError(
                f"graph.adjacency gave {links.height} links of {given.height} nodes where "
                f"graph.nodes says {len(rows)} of {places.height}. Build the file again."
            )
        return links
