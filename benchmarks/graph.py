"""Two hops around a node: what they cost in each graph store, up to ten million links.

Links are drawn from a heavy tail, so that some things are shared by thousands, as networks
and popular shops are. Each store answers in a process of its own.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

import queries
from benchmarks.measuring import in_child, measured, report, show, size_mb
from queries.graph_stores.duck import DuckStore

if TYPE_CHECKING:
    from queries.graph_stores import GraphStore

SIZES = (1_000_000, 10_000_000)
ASKED = 200
"""Neighbourhoods asked for, each around another node, after a few to warm up."""
WARM = 5
BUSY = 9
"""Links of those who are asked about: a quiet account is no test."""
LIMIT = 150
GOAL_MS = 20.0
SEED = 7
_ACCOUNTS_PER_LINK = 0.2
_THINGS_PER_LINK = 0.13
_TAIL = 3.0
"""Things are drawn by the cube of a uniform number: one in a thousand takes a tenth."""
_NAMED = """
    create or replace table graph.node_links as
    select
        'buyer:buy_' || lpad(cast(account as varchar), 8, '0') as src,
        'device:dev_' || lpad(cast(thing as varchar), 8, '0') as dst,
        'device' as relation,
        1.0 / ln(1.0 + count(*) over (partition by thing)) as weight,
        cast(1 + account % 3 as bigint) as evidence_count,
        timestamp '2026-01-01' + to_days(cast(account % 100 as integer)) as first_seen_at,
        timestamp '2026-05-01' + to_days(cast(thing % 30 as integer)) as last_seen_at
    from drawn
"""

_SAMPLE = f"""
    select node from graph.nodes
    where node_type = 'buyer' and degree >= {BUSY} order by md5(node) limit {ASKED}
"""


def run(folder: Path) -> None:
    """Milliseconds of processor time per neighbourhood, by size and store."""
    stores = ["duckdb", *(["ladybug"] if find_spec("ladybug") else [])]
    rows = []
    for links in SIZES:
        path = folder / f"graph-{links}.duckdb"
        made = in_child(__name__, "make", path, links)
        for store in stores:
            asked = in_child(__name__, store, path)
            rows.append(
                (f"{links:,} links, {store}", made["cpu_seconds"] if store == "duckdb" else
                 asked["load_seconds"], asked["size"], asked["p50"], asked["p95"],
                 asked["nodes"], asked["peak_mb"])
            )  # fmt: skip
    columns = ("links", "make, CPU s", "MB", "CPU ms p50", "CPU ms p95", "nodes p50", "peak MB")
    note = f"Goal: at most {GOAL_MS:.0f} ms for two hops of at most {LIMIT} nodes. "
    show("Graph", columns, rows, note + "CPU of all threads of the process that answers.")


def make(path: Path, links: int) -> None:
    """A database with so many links and the tables that a store reads."""
    rng = np.random.default_rng(SEED)
    account = rng.integers(0, int(links * _ACCOUNTS_PER_LINK), links)
    thing = (rng.random(links) ** _TAIL * links * _THINGS_PER_LINK).astype(np.int64)
    pairs = np.unique(account * links + thing)
    drawn = pl.DataFrame({"account": pairs // links, "thing": pairs % links})
    with measured() as cost, duckdb.connect(str(path)) as con:
        con.execute("set memory_limit = '8GB'")
        con.execute("set threads = 2")
        con.execute("set preserve_insertion_order = false")
        con.execute("create schema graph")
        con.register("drawn", drawn)
        con.execute(_NAMED)
        start = time.process_time()
        queries.build(con, "graph/nodes")
        queries.build(con, "graph/adjacency")
        con.execute("checkpoint")
        seconds = time.process_time() - start
    cost.cpu_seconds = seconds
    report(cost)


def ask(store: GraphStore, nodes: list[str]) -> dict[str, float]:
    """What the neighbourhoods of `nodes` cost."""
    spent, sizes = [], []
    for node in nodes:
        start = time.process_time()
        part = store.neighbourhood(node, limit=LIMIT)
        spent.append((time.process_time() - start) * 1e3)
        sizes.append(part.nodes.height)
    p50, p95 = np.percentile(spent[WARM:], (50, 95))
    return {"p50": float(p50), "p95": float(p95), "nodes": float(np.median(sizes))}


def _answer(kind: str, path: Path) -> None:
    with queries.connect(path) as con:
        nodes = con.sql(_SAMPLE).pl()["node"].to_list()
        if kind == "duckdb":
            with measured() as cost:
                answer = ask(DuckStore(partial(queries.run, con)), nodes)
            report(cost, **answer, load_seconds=0.0, size=size_mb(path))
            return
    folder = path.with_suffix("")
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(path), read_only=True) as con:
        _ladybug(con, folder, nodes)


def _ladybug(con: duckdb.DuckDBPyConnection, folder: Path, nodes: list[str]) -> None:
    from queries.graph_stores.parquet import write_parquet
    from queries.graph_stores.property_graph import DATABASE, PropertyGraphStore

    with measured() as cost:
        write_parquet(con, folder)
        store = PropertyGraphStore.of(folder)
    answer = ask(store, nodes)
    report(cost, **answer, load_seconds=cost.cpu_seconds, size=size_mb(folder / DATABASE))


if __name__ == "__main__":
    kind, path = sys.argv[1], Path(sys.argv[2])
    make(path, int(sys.argv[3])) if kind == "make" else _answer(kind, path)
