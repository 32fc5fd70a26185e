"""The value of a feature from the raw rows behind it, by its own aggregate.

An analyst may only act on a number whose rows are on the screen; this is the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from queries import harden, scalar

if TYPE_CHECKING:
    import polars as pl

    from queries.catalogue import Feature


def recomputed(feature: Feature, rows: pl.DataFrame) -> float | None:
    """`feature.value` over rows of `feature.rows`, in its unit; None = no value."""
    with duckdb.connect() as con:
        con.register("evidence_rows", rows.to_arrow())
        harden(con)
        value = scalar(con, f"select {feature.value} from evidence_rows")
    return None if value is None else float(value)
