"""How far a score hangs on who was judged: the same recipe on resampled verdicts, and what stays.

Why a contribution has whiskers and a score may have no band: docs/decisions/0018-whiskers.md;
where the other models come from: docs/decisions/0036-whiskers-of-the-labels.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tables import query
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.treeshap import contributions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.build import BandSettings
    from pipeline.tree_model.calibration import Calibration

    FloatArray: TypeAlias = NDArray[np.float64]

STABILITY = {
    "score_low": pl.Float64,
    "score_high": pl.Float64,
    "is_near_edge": pl.Boolean,
    "edge": pl.Float64,
}
_REPLICAS = (
    "select model_text from scores.replicas where entity_type = $entity_type order by replica"
)
_TABLE = "select 1 from duckdb_tables() where schema_name = 'scores' and table_name = 'replicas'"


def replicas(con: duckdb.DuckDBPyConnection, entity_type: str) -> list[TreeModel]:
    """Models of the same recipe on resampled verdicts; none where the trainer left none."""
    if query(con, _TABLE).is_empty():
        return []
    texts = query(con, _REPLICAS, entity_type=entity_type)["model_text"]
    return [TreeModel.of(text) for text in texts]


@dataclass(frozen=True, eq=False)
class Spread:
    """Smallest and largest of what the model and its replicas say of some entities."""

    low: FloatArray
    """(n, features) contribution to the margin."""
    high: FloatArray
    margin_low: FloatArray
    """(n,)"""
    margin_high: FloatArray


def spread(
    models: Sequence[TreeModel],
    matrix: FloatArray,
    features: Sequence[str],
    own_parts: FloatArray,
    own_margin: FloatArray,
) -> Spread:
    """Range over `models` and the model itself: its parts (n, features) and margin (n,)."""
    parts, margins = [own_parts], [own_margin]
    for model in models:
        columns = [list(features).index(name) for name in model.features]
        rows = matrix[:, columns]
        of_model = np.zeros((matrix.shape[0], len(features)))
        of_model[:, columns] = contributions(model, rows)[:, :-1]
        parts.append(of_model)
        margins.append(model.margin(rows))
    lowest, highest = np.minimum.reduce, np.maximum.reduce
    return Spread(lowest(parts), highest(parts), lowest(margins), highest(margins))


def edges(ranges: Spread, calibration: Calibration, bands: BandSettings) -> pl.DataFrame:
    """Columns of `explanations.stability`: score range and the band edge inside it.

    The edge nearest to the middle where several lie inside; null where none does.
    """
    low, high = calibration.score(ranges.margin_low), calibration.score(ranges.margin_high)
    begins = np.array([bands.medium, bands.high, bands.critical])
    inside = (low[:, None] < begins) & (begins <= high[:, None])
    gap = np.where(inside, np.abs(begins - (low + high)[:, None] / 2.0), np.inf)
    near = inside.any(axis=1)
    edge = np.where(near, begins[gap.argmin(axis=1)], np.nan)
    columns = {"score_low": low, "score_high": high, "is_near_edge": near, "edge": edge}
    return pl.DataFrame(columns, schema=STABILITY, nan_to_null=True)
