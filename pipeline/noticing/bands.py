"""What was to be expected of each day, for the band behind a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.noticing.movements import OUTSIDE
from pipeline.noticing.panel import MOST_DIMENSIONS, columns_of
from pipeline.noticing.significance import interval

if TYPE_CHECKING:
    from pipeline.noticing.scan import Scan

SCHEMA = {
    "metric": pl.String,
    "day": pl.Date,
    "dimension_a": pl.String,
    "value_a": pl.String,
    "expected": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
"""Columns of `noticing.bands`."""


def bands(scan: Scan) -> pl.DataFrame:
    """The expected value of each metric, whole and by one dimension, and the ends of its band.

    In the unit of the metric (numerator over denominator). Days without a level are left out.
    """
    panel, scatter = scan.baseline.panel, scan.scatter[1]
    rows = np.array(
        [n for n, own in enumerate(panel.slices) if len(own) < MOST_DIMENSIONS], dtype=np.int64
    )
    names = pl.DataFrame(
        [
            (panel.about[panel.metric[row]].metric, *columns_of(panel.slices[row])[:2])
            for row in rows
        ],
        schema={name: SCHEMA[name] for name in ("metric", "dimension_a", "value_a")},
        orient="row",
    )
    parts = []
    for end, day in enumerate(panel.days):
        now = scan.baseline.expected(end, 1)
        mean, unit = now.mean[rows], panel.exposure[rows, end]
        low, high = interval(mean, scatter.of(mean, now.spread[rows], rows), OUTSIDE)
        shown = now.is_known[rows] & (unit > 0.0) & (mean > 0.0)
        values = {"expected": mean, "low": low, "high": high}
        columns = [pl.Series(name, one / np.maximum(unit, 1e-12)) for name, one in values.items()]
        parts.append(names.with_columns(*columns, day=pl.lit(day)).filter(pl.Series(shown)))
    return pl.concat(parts).select(list(SCHEMA)) if parts else pl.DataFrame(schema=SCHEMA)
