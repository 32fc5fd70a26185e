"""A built database small enough to read: a handful of rows in every table.

Pages are tested against a real DuckDB file, so what the pages' SQL does to it is
tested too.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

import queries
from tests.dashboard import (
    tiny_content,
    tiny_drift,
    tiny_graph,
    tiny_market,
    tiny_metrics,
    tiny_model,
    tiny_scores,
)
from tests.dashboard.tiny_entities import (
    AS_OF,
    DOCUMENTED,
    ENTITIES,
    FORMULA,
    HOSTILE,
    HOSTILE_SHORT,
    OVERRIDE,
    WEEKS,
    at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = (
    "AS_OF",
    "DOCUMENTED",
    "FORMULA",
    "HOSTILE",
    "HOSTILE_SHORT",
    "OVERRIDE",
    "WEEKS",
    "at",
    "tables",
    "write",
)


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every table of the contract by `schema.table`, as rows."""
    named = [(entity_type, entity_id) for entity_type, entity_id, *_ in ENTITIES]
    explained = tiny_model.tables(named, WEEKS)
    built = (
        *(*tiny_market.parts(), *tiny_scores.parts(), *tiny_content.parts()),
        *(tiny_graph.tables(), tiny_metrics.tables(), tiny_drift.tables(), explained),
    )
    return {name: rows for part in built for name, rows in part.items()}


def write(path: Path, *, without: Iterable[str] = (), empty: Iterable[str] = ()) -> Path:
    """Write the database to `path`, leaving out some tables and emptying others."""
    every = _names()
    gone, emptied = every & set(without), every & set(empty) - set(without)
    path.write_bytes(_whole())
    if not gone and not emptied:
        return path
    with duckdb.connect(str(path)) as con:
        for table in gone:
            con.execute(f"drop table {table}")
        for schema in _schemas(every) - _schemas(every - gone):
            con.execute(f"drop schema {schema}")
        for table in emptied:
            con.execute(f"truncate {table}")
    return path


@cache
def _names() -> frozenset[str]:
    return frozenset(tables())


def _schemas(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


_BUILT = (
    *("graph/nodes", "graph/adjacency", "facts/entity_keys"),
    *("alerts/open_orders", "alerts/partners"),
)
"""Tables that are made of the others, by their own files."""


@cache
def _whole() -> bytes:
    """The file with every table, made once: that costs more than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.duckdb"
        # With blocks of the usual size the file is of 45 MB, nearly all of it empty.
        with duckdb.connect(str(path), config={"default_block_size": 16_384}) as con:
            for table, rows in tables().items():
                con.register("frame", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
                con.execute(f"create schema if not exists {table.split('.')[0]}")
                con.execute(f"create table {table} as select * from frame")
                con.unregister("frame")
            con.execute("create table facts.snapshots as select as_of from meta.build")
            for name in _BUILT:
                queries.build(con, name)
        return path.read_bytes()
