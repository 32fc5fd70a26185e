"""What became of rings from build to build: who joined and left, what merged and split.

Ids last (`pipeline.lasting_ids`), so a member that has another id moved, and its ring of before
is there or is not. Rows of earlier builds come along from the file that is served.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.publishing.same_market import is_same_market
from pipeline.tables import latest_snapshot, query, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = "rings.history"
HISTORY: dict[str, type[pl.DataType]] = {
    "as_of": pl.Date,
    **dict.fromkeys(("ring_id", "entity_type", "entity_id", "change", "other_ring_id"), pl.String),
}
"""Columns of `rings.history`: a change is founded (with a new ring), joined, left, ended (with its
ring), merged (its ring of before, `other_ring_id`, is gone into this one), split (this one is new
and came out of the other) or moved (both go on)."""
_MEMBER = ["entity_type", "entity_id"]
_NOW = f"select ring_id, {', '.join(_MEMBER)} from rings.members"


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    database: Path,
    keep_days: int,
) -> None:
    """Make `rings.history`: the rows of `database`, the served file, and what is new since."""
    as_of = latest_snapshot(con)
    earlier = _served(con, database)
    history = pl.DataFrame(schema=HISTORY)
    if earlier is not None:
        before, history = earlier
        new = changes(before, query(con, _NOW)).with_columns(as_of=pl.lit(as_of))
        history = pl.concat([history, new.select(*HISTORY)])
    kept = history.filter(pl.col("as_of").is_between(as_of - timedelta(days=keep_days), as_of))
    on_progress(TABLE, store(con, TABLE, kept.unique().sort(*HISTORY)))


def changes(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """One row per member whose ring is another than before; both are ring_id and entity."""
    both = now.join(
        before.rename({"ring_id": "other_ring_id"}), on=_MEMBER, how="full", coalesce=True
    )
    is_new = ~pl.col("ring_id").is_in(before["ring_id"].unique().implode())
    is_gone = ~pl.col("other_ring_id").is_in(now["ring_id"].unique().implode())
    change = (
        pl.when(pl.col("other_ring_id").is_null())
        .then(pl.when(is_new).then(pl.lit("founded")).otherwise(pl.lit("joined")))
        .when(pl.col("ring_id").is_null())
        .then(pl.when(is_gone).then(pl.lit("ended")).otherwise(pl.lit("left")))
        .when(is_gone)
        .then(pl.lit("merged"))
        .when(is_new)
        .then(pl.lit("split"))
        .otherwise(pl.lit("moved"))
    )
    other = pl.col("ring_id").ne_missing(pl.col("other_ring_id"))
    named = both.filter(other).with_columns(change=change)
    is_out = pl.col("ring_id").is_null()
    return named.with_columns(
        ring_id=pl.coalesce("ring_id", "other_ring_id"),
        other_ring_id=pl.when(is_out).then(None).otherwise("other_ring_id"),
    )


def _served(
    con: duckdb.DuckDBPyConnection, database: Path
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Members and history of the served file; None where it is of another marketplace."""
    if not database.is_file():
        return None
    try:
        with queries.connect(database) as served:
            if not is_same_market(con, served):
                return None
            return served.sql(_NOW).pl(), _history(served)
    except (duckdb.Error, pl.exceptions.PolarsError):
        return None


def _history(served: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Its rows; none where it is of a release that kept none."""
    try:
        rows: pl.DataFrame = served.sql(f"from {TABLE}").pl()
    except duckdb.CatalogException:
        return pl.DataFrame(schema=HISTORY)
    return rows.select(pl.col(name).cast(dtype) for name, dtype in HISTORY.items())
