"""What was to be expected of each day, for the band behind a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.noticing.movements import OUTSIDE
from pipeline.noticing.panel import MOST_DIMENSIONS, columns_of
from pipeline.noticing.significance import interval

if TYPE_CHECKING:
    from pipeline.noticing.panel import FloatArray, IntArray
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
    panel = scan.baseline.panel
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
    parts = [_shown(scan, rows, end) for end in range(len(panel.days))]
    place, end, mean, dispersion = np.concatenate(parts, axis=1)
    place, end = place.astype(np.int64), end.astype(np.int64)
    unit = np.maximum(panel.exposure[rows[place], end], 1e-12)
    low, high = interval(mean, dispersion, OUTSIDE)
    values = {"expected": mean, "low": low, "high": high}
    columns = [pl.Series(name, one / unit) for name, one in values.items()]
    days = pl.Series("day", panel.days, dtype=pl.Date)
    every: pl.DataFrame = names[place].with_columns(days[end], *columns)
    return every.select(list(SCHEMA))


def _shown(scan: Scan, rows: IntArray, end: int) -> FloatArray:
    """(4, n) place in `rows`, day, mean and its dispersion of those that have a level on a day."""
    now, scatter = scan.baseline.expected(end, 1), scan.scatter[1]
    exposed = scan.baseline.panel.exposure[rows, end] > 0.0
    place = np.flatnonzero(now.is_known[rows] & exposed & (now.mean[rows] > 0.0))
    at = rows[place]
    mean = now.mean[at]
    return np.stack([place, np.full(at.size, end), mean, scatter.of(mean, now.spread[at], at)])
