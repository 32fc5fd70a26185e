"""What moves a model most: mean absolute contributions, feature by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pipeline.explaining.attributions import Explained

IMPORTANCE = {
    "entity_type": pl.String,
    "as_of": pl.Date,
    "feature": pl.String,
    "mean_abs_contribution": pl.Float64,
    "rank": pl.Int64,
}
"""Columns of `explanations.global_importance`."""


def importances(everybody: Explained, judged: pl.DataFrame) -> pl.DataFrame:
    """Mean absolute contribution of each feature over entities with a matured label.

    Over labelled ones, because averaged over everybody a feature that singles out a few
    bad entities disappears behind what moves the harmless many. With no labelled entity
    at the snapshot, over everybody.
    """
    labelled = everybody.entity_id.is_in(judged["entity_id"].implode()).to_numpy()
    rows = everybody.parts[labelled] if labelled.any() else everybody.parts
    strength = np.abs(rows).mean(axis=0) if rows.size else np.zeros(len(everybody.features))
    order = np.argsort(-strength, kind="stable")
    columns = {
        "feature": pl.Series(everybody.features, dtype=pl.String).gather(order),
        "mean_abs_contribution": strength[order],
        "rank": np.arange(1, order.size + 1),
    }
    fixed = {"entity_type": pl.lit(everybody.entity_type), "as_of": pl.lit(everybody.as_of)}
    return pl.DataFrame(columns).with_columns(**fixed).select(IMPORTANCE.keys())
