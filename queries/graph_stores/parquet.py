"""The graph of a built file as Parquet, for a store of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

NODES, LINKS = "nodes.parquet", "links.parquet"


def write_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """`nodes.parquet` and `links.parquet` in `folder`: each link once, ends by their numbers."""
    for name, file in (("nodes", NODES), ("links", LINKS)):
        sql = queries.get(f"pages/graph/all_{name}").sql
        con.sql(sql).write_parquet(str(folder / file))
