"""What random checks said of those in the first places of the list, and of everybody below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.population import share_of_bad

if TYPE_CHECKING:
    from pipeline.settings.build import Settings

CHECKS: dict[str, type[pl.DataType]] = {
    "entity_type": pl.String,
    "is_in_first": pl.Boolean,
    "checks": pl.Int64,
    "finds": pl.Int64,
} | dict.fromkeys(("rate", "low", "high"), pl.Float64)
"""Columns of `scores.lot_checks`, one row per (entity_type, is_in_first). rate, low, high: the
share that is bad, 0..1, with its interval, corrected for verdicts that err."""


def lot_checks(places: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Rows of CHECKS from rows of `pipeline.evaluation.cohorts.PLACES` of one entity type.

    Whoever was drawn stands where the last snapshot before the draw had them.
    """
    drawn = places.filter("is_by_lot").sort("as_of").unique("entity_id", keep="last")
    first = drawn.with_columns(is_in_first=pl.col("place") <= settings.evaluation.followed_top)
    edge = (1.0 - settings.evaluation.interval) / 2.0
    rows: list[dict[str, Any]] = []
    for is_in_first in (True, False):
        own = first.filter(pl.col("is_in_first") == is_in_first)
        finds = int(own["is_bad"].sum())
        share = share_of_bad(own.height, finds, settings.labels)
        rows.append(
            {
                "entity_type": places["entity_type"][0],
                "is_in_first": is_in_first,
                "checks": own.height,
                "finds": finds,
                "rate": share.mean,
                "low": share.quantile(edge),
                "high": share.quantile(1.0 - edge),
            }
        )
    return pl.DataFrame(rows, schema=CHECKS)
