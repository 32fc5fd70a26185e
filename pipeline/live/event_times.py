"""When something last happened to a row of a contract table."""

from __future__ import annotations

import polars as pl

from queries.contract import raw_tables


def newest(table: str) -> pl.Expr:
    """The latest time of a row that has happened; null where it has none."""
    columns = [
        pl.col(name).cast(pl.Datetime("us"))
        for name, one in raw_tables()[table].columns.items()
        if one.type in ("timestamp", "date") and not one.may_lie_ahead
    ]
    return pl.max_horizontal(columns) if columns else pl.lit(None, dtype=pl.Datetime("us"))
