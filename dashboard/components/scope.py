"""What this viewer may see on a page: markets as a filter, masks as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.access import viewer
from dashboard.columns import mapped
from dashboard.errors import TableMissing
from dashboard.store import read
from queries.personal_data import short_mask

if TYPE_CHECKING:
    from collections.abc import Collection

OUTSIDE = "(outside your markets)"
# A market no data has: a scope that excludes the chosen one finds nothing.
_NOWHERE = "-"


def markets(chosen: list[str]) -> list[str]:
    """The markets to read: those chosen that the viewer sees; empty = every market."""
    allowed = viewer().markets
    if not allowed:
        return chosen
    return sorted(allowed.intersection(chosen) if chosen else allowed) or [_NOWHERE]


def realm() -> str:
    """Where this viewer looks, as a sentence about what is not there ends."""
    return "your markets" if viewer().markets else "this database"


def in_scope(keys: Collection[str]) -> frozenset[str]:
    """Which of these subjects, as `type:id`, this viewer sees: the casebook holds all markets'."""
    if not keys or not viewer().markets:
        return frozenset(keys)
    try:
        return frozenset(read("casebook/markets", keys=sorted(keys))["entity_key"])
    except TableMissing:
        return frozenset()


def hide_names(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `name` replaced where `market` is outside the viewer's scope."""
    allowed = viewer().markets
    if not allowed:
        return rows
    is_visible = pl.col("market").is_in(list(allowed))
    return rows.with_columns(
        pl.when(is_visible).then("name").otherwise(pl.lit(OUTSIDE)).alias("name")
    )


def shortened(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """`rows` with the masks of these columns as short as they are shown; other texts stay."""
    return rows.with_columns(
        mapped(rows, column, short_mask, skip_nulls=True)
        for column in columns
        if column in rows.columns
    )
