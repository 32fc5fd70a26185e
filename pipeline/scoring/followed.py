"""What became of the scores: where the judged stood week by week, and what verdicts said since.

Tables that only pages read: nothing here moves a score, a band or an alert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.evaluation.cohorts import COHORTS, PLACES, cohorts
from pipeline.evaluation.lot_checks import CHECKS, lot_checks
from pipeline.learning.labels import reviewed
from pipeline.learning.rings import rings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.learning.label_maturity import Matured
    from pipeline.learning.labels import Training
    from pipeline.scoring.fitted import Fitted
    from pipeline.scoring.training_run import Trial
    from pipeline.settings.build import Settings


def followed(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    trials: Iterable[Trial],
    matured: Matured,
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Rows of `judged_places`, `cohorts` and `lot_checks` of schema `scores`."""
    waiting = [] if matured.waiting is None else [matured.waiting]
    known = pl.concat([matured.labels, *waiting], how="diagonal_relaxed")
    judged, checks, weeks = (
        [pl.DataFrame(schema=PLACES)],
        [pl.DataFrame(schema=CHECKS)],
        [pl.DataFrame(schema=COHORTS)],
    )
    for one in trials:
        if one.fitted and one.fitted.present.size:
            placed = judged_places(con, one, one.fitted, known, settings)
            judged.append(placed)
            weeks.append(cohorts(placed, as_of, settings.evaluation))
            checks.append(lot_checks(placed, settings))
    return {
        "judged_places": pl.concat(judged),
        "cohorts": pl.concat(weeks),
        "lot_checks": pl.concat(checks),
    }


def judged_places(
    con: duckdb.DuckDBPyConnection,
    trial: Trial,
    fitted: Fitted,
    labels: pl.DataFrame,
    settings: Settings,
) -> pl.DataFrame:
    """Rows of PLACES of one entity type; `labels` are all that are known.

    Who taught is placed by models that did not know them, who did not by the model itself.
    """
    entity_type = trial.entity_type
    ripe, young = pl.lit(value=True), pl.lit(value=False)
    rows = _placed(trial.training, fitted, fitted.held_out.place).with_columns(is_matured=ripe)
    if trial.young is not None:
        waiting = _placed(trial.young, fitted, fitted.young_place)
        rows = pl.concat([rows, waiting.with_columns(is_matured=young)])
    other = trial.challenger
    places = np.full(rows.height, np.nan)
    if other is not None:
        places = np.concatenate([other.held_out.place, other.young_place])
    rows = rows.with_columns(challenger_place=pl.Series(places).fill_nan(None))
    own = labels.filter(pl.col("entity_type") == entity_type).sort("known_at", "label_id")
    first = own.unique("entity_id", keep="first")
    lot = first.filter(pl.col("source") == "exploration")["entity_id"]
    owners = rows["entity_id"].unique(maintain_order=True).to_list()
    ring = rings(con, entity_type, owners, settings.model.ring_share)
    number = dict(zip(owners, ring.tolist(), strict=True))
    named = rows.with_columns(
        entity_type=pl.lit(entity_type),
        is_reviewed=pl.col("entity_id").is_in(reviewed(labels, entity_type).implode()),
        is_by_lot=pl.col("entity_id").is_in(lot.implode()),
        ring=pl.col("entity_id").replace_strict(number, return_dtype=pl.Int64),
    )
    return named.select(pl.col(name).cast(dtype) for name, dtype in PLACES.items())


def _placed(training: Training, fitted: Fitted, place: NDArray[np.float64]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entity_id": pl.Series(training.entity_id.tolist(), dtype=pl.String),
            "as_of": training.day.astype("datetime64[D]"),
            "known_at": training.known_at.astype("datetime64[us]"),
            "is_bad": training.is_bad > 0,
            "place": place,
            "score": fitted.score_at(place),
        }
    )
