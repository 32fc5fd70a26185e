"""What this viewer may see on a page: markets as a filter, identifiers masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.access import mask_identifier, viewer
from dashboard.columns import mapped
from dashboard.errors import TableMissing
from dashboard.store import read

if TYPE_CHECKING:
    from collections.abc import Collection

OUTSIDE = "(outside your markets)"
# A market no data has: a scope that excludes the chosen one finds nothing.
_NOWHERE = "-"
PERSONAL = ("device", "ip", "address", "payment_token", "bank_account", "signed_in_device")
"""Relations by a thing whose id is an identifier of people."""


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
    if not viewer().markets:
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


def masked_things(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `thing_id` masked where its `relation` makes it an identifier of people."""
    hidden = masked(rows, "thing_id")["thing_id"]
    is_personal = rows["relation"].is_in(list(PERSONAL))
    return rows.with_columns(thing_id=pl.when(is_personal).then(hidden).otherwise("thing_id"))


def masked(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """`rows` with identifier columns masked for this viewer."""
    who = viewer()
    return rows.with_columns(
        mapped(rows, column, lambda value: mask_identifier(value, who))
        for column in columns
        if column in rows.columns
    )
