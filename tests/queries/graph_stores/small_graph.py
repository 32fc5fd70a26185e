"""A graph small enough to know by heart, in a database as a build makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

import queries

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = (
    "src varchar, dst varchar, relation varchar, weight double, evidence_count bigint, "
    "first_seen_at timestamp, last_seen_at timestamp"
)
CHAIN = tuple(
    link
    for step in range(7)
    for link in (
        (f"buyer:c{step}", f"device:d{step}", "device"),
        (f"buyer:c{step + 1}", f"device:d{step}", "device"),
    )
)
"""Buyers c0 to c7, each with a device in common with the next."""
CROWD = tuple((f"buyer:w{number}", "ip:office", "ip") for number in range(30))
"""Thirty buyers behind one office's network: a hub."""
SHOP = (
    *(("buyer:c0", f"merchant:{name}", "bought_from") for name in ("m1", "m2")),
    ("merchant:m1", "product:p1", "lists"),
    ("buyer:w0", "product:p1", "bought"),
    ("buyer:w1", "address:home", "address"),
    ("buyer:w2", "address:home", "address"),
)
LINKS = (*CHAIN, *CROWD, *SHOP)


def database(
    path: str = ":memory:", links: Iterable[tuple[str, str, str]] = LINKS
) -> duckdb.DuckDBPyConnection:
    """A database of these links, with the tables that a store reads."""
    con = duckdb.connect(path)
    con.execute("create schema graph")
    con.execute(f"create table graph.node_links ({SCHEMA})")
    ends = list(links)
    degrees = {dst: sum(one[1] == dst for one in ends) for _, dst, _ in ends}
    con.executemany(
        "insert into graph.node_links values (?, ?, ?, ?, ?, ?, ?)",
        [
            (src, dst, relation, 1 / degrees[dst], 1 + place % 3, _day(place), _day(place + 5))
            for place, (src, dst, relation) in enumerate(ends)
        ],
    )
    queries.build(con, "graph/nodes")
    queries.build(con, "graph/adjacency")
    return con


def _day(place: int) -> str:
    return f"2026-05-{1 + place % 20:02} 12:00:00"
