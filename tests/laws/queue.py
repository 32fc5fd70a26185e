"""The queue as its page asks for it, with nothing chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

import queries

if TYPE_CHECKING:
    import duckdb

_LISTS = (
    *("kinds", "markets", "typologies", "bands", "states", "assignees", "decided"),
    *("worked_keys", "worked_states", "worked_assignees", "moved_keys", "moved_cases"),
)
NOTHING_CHOSEN: dict[str, Any] = {
    **{name: [] for name in _LISTS},
    "lanes": ["score", "signals", "unproven"],
    "search": "",
    "status": "open",
    "kept": "",
    "least_days": 0,
    "least_usd": 0.0,
    "is_ended": False,
}


def listed(con: duckdb.DuckDBPyConnection, **params: Any) -> pl.DataFrame:
    """The cases of the list that `params` choose, all of them in the day's order."""
    page = {"sort": "priority", "limit": 100_000, "offset": 0}
    return queries.run(con, "pages/queue/open_cases", **NOTHING_CHOSEN | page | params)


def cases(con: duckdb.DuckDBPyConnection, **params: Any) -> pl.DataFrame:
    """The day's work, and what has ended."""
    return pl.concat([listed(con, **{"is_ended": ended} | params) for ended in (False, True)])


def alerts(con: duckdb.DuckDBPyConnection, of: pl.DataFrame) -> pl.DataFrame:
    """Whoever waits in some cases, as the queue shows them."""
    keys = of["member_keys"].explode().to_list()
    return queries.run(con, "pages/queue/alerts", keys=keys)
