"""The real entities most like a subject, and what separates it from each of them.

A precedent argues better than a number, and only when precedents of both outcomes are
looked for with the same eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tree_model.shapley import baseline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.rank_space import Crowd

_SEPARATING = 3
"""Features named beside a twin: as many as one sentence carries."""
_TWINS: dict[str, pl.DataType | type[pl.DataType]] = {
    "place": pl.Int64,
    "distance": pl.Float64,
    "features": pl.List(pl.String),
    "contributions": pl.List(pl.Float64),
}


def nearest(
    model: TreeModel,
    row: NDArray[np.float64],
    crowd: Crowd,
    among: NDArray[np.int64],
    count: int,
) -> pl.DataFrame:
    """The `count` nearest of those rows of a crowd that `among` names, nearest first.

    Columns: place (row of the crowd), distance (0..1, `Crowd.distances`), features and
    contributions: the three features that account for most of margin(row) - margin(twin), with
    that credit; exact baseline Shapley, so a feature in which both are alike is never named.
    Leave the subject itself out of `among`: it would be its own twin. Ties go by place.
    """
    distance = crowd.distances(row)[among]
    order = np.argsort(distance, kind="stable")[:count]
    apart = [baseline(model, row, crowd.matrix[place]).head(_SEPARATING) for place in among[order]]
    found = {
        "place": among[order],
        "distance": distance[order],
        "features": [one["feature"].to_list() for one in apart],
        "contributions": [one["contribution"].to_list() for one in apart],
    }
    return pl.DataFrame(found, schema=_TWINS)
