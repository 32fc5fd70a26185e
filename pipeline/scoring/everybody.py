"""The score of everybody: margins, probabilities and bands of every entity at every snapshot.

Every row of every snapshot is scored, so that a trend can be shown without a second pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.tables import batches
from pipeline.tree_model.calibration import sigmoid

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from pipeline.learning.standing import ScoringModel
    from pipeline.settings.build import BandSettings, Settings

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_NUMBERS = ("margin", "raw_score", "score")
SCORES = _KEY | dict.fromkeys(_NUMBERS, pl.Float64) | {"score_band": pl.String}
"""Columns of `scores.scores`."""


def history(
    con: duckdb.DuckDBPyConnection, in_use: ScoringModel | None, settings: Settings
) -> list[pl.DataFrame]:
    """Margins and scores of everybody of a type at every snapshot, in pieces."""
    if in_use is None:
        return []
    entity_type, model = in_use.entity_type, in_use.model
    numbers = ", ".join(f'"{name}"::double as "{name}"' for name in model.features)
    columns = f"{entity_type}_id as entity_id, as_of, {numbers}"
    pieces = batches(
        con, f"select {columns} from features.{entity_type}", settings.model.rows_at_once
    )
    return [_scored(in_use, piece) for piece in pieces]


def _scored(in_use: ScoringModel, rows: pl.DataFrame) -> pl.DataFrame:
    margin = in_use.model.margin(rows.select(in_use.model.features).to_numpy())
    return rows.select(
        entity_type=pl.lit(in_use.entity_type),
        entity_id="entity_id",
        as_of="as_of",
        margin=pl.Series(margin),
        raw_score=pl.Series(sigmoid(margin)),
        score=pl.Series(in_use.calibration.score(margin)),
    )


def banded(parts: Iterable[pl.DataFrame], bands: BandSettings) -> pl.DataFrame:
    """Rows of `scores.scores`, each entity's days together: a trend is one short read."""
    columns = [name for name in SCORES if name != "score_band"]
    empty = pl.DataFrame(schema=SCORES)
    scored = pl.concat([one.select(columns) for one in (empty, *parts)])
    return scored.sort("entity_id", "as_of").with_columns(score_band=band(bands))


def band(bands: BandSettings) -> pl.Expr:
    """Word for a calibrated score."""
    score = pl.col("score")
    return (
        pl.when(score >= bands.critical)
        .then(pl.lit("CRIT"))
        .when(score >= bands.high)
        .then(pl.lit("HIGH"))
        .when(score >= bands.medium)
        .then(pl.lit("MED"))
        .otherwise(pl.lit("LOW"))
    )


def band_edges(bands: BandSettings) -> pl.DataFrame:
    """Rows of `scores.bands`: where those of this build begin, so that pages need no constant."""
    begins = {"CRIT": bands.critical, "HIGH": bands.high, "MED": bands.medium}
    return pl.DataFrame(list(begins.items()), schema=["score_band", "edge"], orient="row")
