"""Links between two subjects that analysts have called none: no tie is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.tables import store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

TABLE = "rings.rejected_links"
SCHEMA = {"src": pl.String, "dst": pl.String}


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    links: pl.DataFrame | None = None,
) -> None:
    """Make `rings.rejected_links`: src, dst as `type:id`, src first in order of letters."""
    table = pl.DataFrame(schema=SCHEMA) if links is None else links.select(*SCHEMA).unique()
    on_progress(TABLE, store(con, TABLE, table.sort(*SCHEMA)))
