"""The queue as its page asks for it, with nothing chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

import queries
from benchmarks.cases import EVERY_CASE, NOTHING_CHOSEN

if TYPE_CHECKING:
    import duckdb


def listed(con: duckdb.DuckDBPyConnection, **params: Any) -> pl.DataFrame:
    """The cases of the list that `params` choose, all of them in the day's order."""
    return queries.run(con, "pages/queue/open_cases", **NOTHING_CHOSEN | EVERY_CASE | params)


def cases(con: duckdb.DuckDBPyConnection, **params: Any) -> pl.DataFrame:
    """The day's work, and what has ended."""
    return pl.concat([listed(con, **{"is_ended": ended} | params) for ended in (False, True)])


def alerts(con: duckdb.DuckDBPyConnection, of: pl.DataFrame) -> pl.DataFrame:
    """Whoever waits in some cases, as the queue shows them."""
    keys = of["member_keys"].explode().to_list()
    return queries.run(con, "pages/queue/alerts", keys=keys)
