"""What moves a model most: mean absolute contributions, feature by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.explaining.attributions import Explained

    FloatArray: TypeAlias = NDArray[np.float64]

IMPORTANCE = {
    "entity_type": pl.String,
    "as_of": pl.Date,
    "feature": pl.String,
    "mean_abs_contribution": pl.Float64,
    "rank": pl.Int64,
}
"""Columns of `explanations.global_importance`."""


def importances(everybody: Explained, parts: FloatArray) -> pl.DataFrame:
    """Mean absolute contribution of each feature over some rows of `parts` (rows, features).

    Over judged ones, as they were before their verdict, where there are: averaged over everybody
    a feature that singles out a few bad entities disappears behind what moves the harmless many.
    """
    rows = parts if parts.size else everybody.parts
    strength = np.abs(rows).mean(axis=0) if rows.size else np.zeros(len(everybody.features))
    order = np.argsort(-strength, kind="stable")
    columns = {
        "feature": pl.Series(everybody.features, dtype=pl.String).gather(order),
        "mean_abs_contribution": strength[order],
        "rank": np.arange(1, order.size + 1),
    }
    fixed = {"entity_type": pl.lit(everybody.entity_type), "as_of": pl.lit(everybody.as_of)}
    return pl.DataFrame(columns).with_columns(**fixed).select(IMPORTANCE.keys())
