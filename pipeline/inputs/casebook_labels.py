"""Analysts' own verdicts, as far as this delivery may learn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.inputs.raw_check import open_raw

if TYPE_CHECKING:
    from pathlib import Path


def labels_in_time(labels: pl.DataFrame | None, folder: Path) -> pl.DataFrame | None:
    """Labels that were known before the data of a folder ends; later ones cannot teach yet."""
    if labels is None or not folder.is_dir():
        return None
    with duckdb.connect() as con:
        _, typed = open_raw(con, folder)
        if "orders" not in typed:
            return None
        as_of = queries.scalar(con, "select cast(max(created_at) as date) + 1 from raw.orders")
    if as_of is None:
        return None
    in_time = labels.filter(pl.col("known_at") < as_of)
    return in_time if in_time.height else None
