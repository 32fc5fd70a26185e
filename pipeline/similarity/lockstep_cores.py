"""The core number of each account in lockstep at each snapshot, and the group it hangs in.

SQL has no loop that ends by itself: unrolled rounds are long and exact only up to their
number. Peeling is exact and touches each pair once (Batagelj and Zaveršnik 2003). Counts
that need no loop are `queries/similarity/lockstep_groups.sql`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipeline.tables import append, query

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    from numpy.typing import NDArray

TABLE = "similarity.lockstep_cores"
COLUMNS = {"buyer_id": "varchar", "as_of": "date", "core": "bigint", "group_id": "varchar"}
"""Columns of the table, one row per (buyer_id, as_of) with a partner. `core` is the largest c
so that an account has c partners who have c partners each in the same sense; `group_id` is the
first account of those it hangs together with in core 2, null below."""
GROUPED_FROM = 2
"""Core number of a group: below it a chain of chance pairs would hang everybody together."""
_PAIRS = (
    "select buyer_id, partner_id, min(reached_day) as reached_day from graph.lockstep_pairs"
    " group by buyer_id, partner_id"
)
_NODE = ["as_of", "buyer_id"]


def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
    """Make `similarity.lockstep_cores`; a pair counts at the snapshots after it was reached.

    One snapshot after the other: what a busy market's accounts share would not fit into memory
    once for each.
    """
    columns = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    con.execute("create schema if not exists similarity")
    con.execute(f"create or replace table {TABLE} ({columns})")
    days = query(con, "select distinct as_of from facts.snapshots order by as_of")["as_of"]
    pairs, rows = query(con, _PAIRS), 0
    for as_of in days:
        before = pairs.filter(pl.col("reached_day") < as_of).with_columns(as_of=pl.lit(as_of))
        rows += append(con, TABLE, cores(before))
    on_progress(TABLE, rows)


def cores(pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows of the table for pairs (as_of, buyer_id, partner_id), each both ways round."""
    nodes = pairs.select(_NODE).unique().sort(_NODE).with_row_index("node")
    adjacency = _adjacency(pairs, nodes)
    core = core_numbers(adjacency)
    first = pl.Series(first_members(adjacency, core >= GROUPED_FROM)).replace(-1, None)
    return nodes.select("buyer_id", "as_of").with_columns(
        core=pl.Series(core, dtype=pl.Int64), group_id=nodes["buyer_id"].gather(first)
    )


def _adjacency(pairs: pl.DataFrame, nodes: pl.DataFrame) -> csr_array:
    """All snapshots as one graph: an account is a node of its own at each."""
    partners = nodes.rename({"buyer_id": "partner_id", "node": "partner"})
    ends = pairs.join(nodes, on=_NODE).join(partners, on=["as_of", "partner_id"])
    places = (ends["node"].to_numpy(), ends["partner"].to_numpy())
    return csr_array((np.ones(ends.height, np.int8), places), shape=(nodes.height,) * 2)


def core_numbers(adjacency: csr_array) -> NDArray[np.int64]:
    """Core number of each node of a symmetric graph without loops, (nodes, nodes) -> (nodes,).

    Nodes of the fewest neighbours go first and take that number; their neighbours lose them,
    and follow in the same round once no more than that many are left (Seidman 1983).
    """
    degree = np.diff(adjacency.indptr).astype(np.int64)
    core = np.full(degree.size, -1, dtype=np.int64)
    while (left := np.flatnonzero(core < 0)).size:
        level = degree[left].min()
        leaving = left[degree[left] == level]
        while leaving.size:
            core[leaving] = level
            met, times = np.unique(adjacency[leaving].indices, return_counts=True)
            stays = core[met] < 0
            degree[met[stays]] = np.maximum(degree[met[stays]] - times[stays], level)
            leaving = met[stays & (degree[met] == level)]
    return core


def first_members(adjacency: csr_array, is_member: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Lowest node that hangs together with each member, along members only; -1 for the others."""
    members = np.flatnonzero(is_member)
    _, labels = connected_components(adjacency[members][:, members], directed=False)
    _, first = np.unique(labels, return_index=True)
    found = np.full(is_member.size, -1, dtype=np.int64)
    found[members] = members[first[labels]]
    return found
