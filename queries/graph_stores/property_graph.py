"""The same graph in Ladybug, an embedded property-graph database that speaks Cypher.

For those who want to ask more than our walks do. An optional extra (`ringfence[graph]`):
no page imports it. docs/decisions/0098-graph-stores.md
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import ladybug

from queries.graph_stores.links import Link, Place, strongest_first
from queries.graph_stores.parquet import LINKS as LINKS_FILE
from queries.graph_stores.parquet import NODES as NODES_FILE
from queries.graph_stores.walks import Walks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DATABASE = "graph.lbug"
# A node is found by its number; names have a table of their own to be found by.
_NODE = "node_number int64 primary key, node string, node_type string, degree int64, is_hub bool"
_LINK = "relation string, weight double, evidence_count int64"
_SPAN = "first_seen_at timestamp, last_seen_at timestamp"
_TABLES = (
    f"create node table Node({_NODE})",
    "create node table Name(node string primary key, node_number int64)",
    f"create rel table Link(from Node to Node, {_LINK}, {_SPAN})",
)
_FOUND = "n.node_number, 0 as first_row, n.degree, n.is_hub, n.node"
_BY_NAME = "unwind $names as name match (k:Name {node: name}) return k.node_number"
_BY_NUMBER = (
    f"match (n:Node) where n.node_number in $numbers return {_FOUND} order by n.node_number"
)
_ORDER = "order by weight desc, neighbour_number, relation"


def _links(arrow: str, is_outward: str) -> str:
    return (
        f"match (n:Node){arrow}(m:Node) where n.node_number in $numbers "
        "return n.node_number as node_number, m.node_number as neighbour_number, "
        f"l.relation as relation, {is_outward} as is_outward, "
        "l.weight as weight, "
        "l.evidence_count as evidence_count, l.first_seen_at as first_seen_at, "
        "l.last_seen_at as last_seen_at, 0 as neighbour_first_row, "
        "m.degree as neighbour_degree, m.is_hub as is_hub"
    )


_WAYS = (_links("-[l:Link]->", "true"), _links("<-[l:Link]-", "false"))


class PropertyGraphStore(Walks):
    """A store over a Ladybug database."""

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        database = ladybug.Database(str(path), max_num_threads=threads)
        self._con = ladybug.Connection(database)

    @classmethod
    def of(cls, folder: Path) -> PropertyGraphStore:
        """A new database in `folder` from the Parquet files there (`write_parquet`)."""
        store = cls(folder / DATABASE)
        for statement in _TABLES:
            store._con.execute(statement)
        nodes, links = str(folder / NODES_FILE), str(folder / LINKS_FILE)
        store._con.execute(f"copy Node from {_quoted(nodes)}")
        names = f"load from {_quoted(nodes)} return node, node_number"
        store._con.execute(f"copy Name from ({names})")
        store._con.execute(f"copy Link from {_quoted(links)}")
        return store

    def find(self, nodes: Sequence[str]) -> list[Place]:
        """The nodes of these names that there are."""
        answer = self._con.execute(_BY_NAME, {"names": list(nodes)})
        rows = self._rows(_BY_NUMBER, [row[0] for row in answer.get_all()])
        return [Place._make(row) for row in rows]

    def names(self, numbers: Sequence[int]) -> dict[int, str]:
        """The names of nodes by their numbers."""
        return {row[0]: row[-1] for row in self._rows(_BY_NUMBER, numbers)}

    def links_of(self, places: Sequence[Place], most: int) -> list[Link]:
        """The strongest links of each place; crowds are asked one by one, the others at once."""
        few = [place.node_number for place in places if place.degree <= most]
        crowds = [place.node_number for place in places if place.degree > most]
        asked = [(few, "")] + [([one], f" {_ORDER} limit {int(most)}") for one in crowds]
        rows = [row for one, end in asked for way in _WAYS for row in self._rows(way + end, one)]
        given: Counter[int] = Counter()
        strongest = []
        for link in strongest_first(map(Link._make, rows)):
            given[link.node_number] += 1
            if given[link.node_number] <= most:
                strongest.append(link)
        return strongest

    def _rows(self, statement: str, numbers: Sequence[int]) -> list[Any]:
        if not numbers:
            return []
        rows: list[Any] = self._con.execute(statement, {"numbers": list(numbers)}).get_all()
        return rows


def _quoted(path: str) -> str:
    # COPY takes no parameters; the path is that of a folder of ours.
    return "'" + path.replace("\\", "\\\\").replace("'", "\\'") + "'"
