"""The scores stage: how likely each entity is bad, which signals fire, how good that is.

Every row of every snapshot is scored, so that a trend can be shown without a second
pipeline. Quality is measured on held-out predictions of labelled entities, one row each,
weighted to the population's base rate (`pipeline.quality`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.calibration import sigmoid
from pipeline.labels import base_rate, matured_labels, training_set
from pipeline.model import BoostedScorer, calibrate, cross_fit, version
from pipeline.quality import Quality
from pipeline.tables import latest_snapshot, query, snapshot_days, store, to_matrix
from pipeline.typologies import fired_signals, pack_terms, typologies
from queries.catalogue import ENTITY_TYPES
from queries.packs import packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import duckdb

    from pipeline.calibration import Calibration
    from pipeline.labels import Training
    from pipeline.model import Model, Scorer
    from pipeline.settings import BandSettings, QualitySettings, Settings
    from queries.packs import Pack

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_NUMBERS = ("margin", "raw_score", "score")
_SCORES = _KEY | dict.fromkeys(_NUMBERS, pl.Float64) | {"score_band": pl.String}
_COUNTS = ("training_rows", "positives", "negatives", "unknown", "trees")
_MEASURES = (
    *("base_rate", "auprc", "auprc_baseline", "precision_at_50", "recall_at_50", "ece"),
    "brier",
)
_MODELS = (
    {"entity_type": pl.String, "model_version": pl.String, "as_of": pl.Date}
    | dict.fromkeys(_COUNTS, pl.Int64)
    | dict.fromkeys(_MEASURES, pl.Float64)
)
_FILES = dict.fromkeys(("entity_type", "model_version", "model_text"), pl.String) | dict.fromkeys(
    ("calibration_slope", "calibration_intercept"), pl.Float64
)
_CURVE = {"entity_type": pl.String} | dict.fromkeys(
    ("threshold", "precision", "recall"), pl.Float64
)
_BINS = {"entity_type": pl.String, "bin": pl.Int64} | {
    "predicted": pl.Float64,
    "observed": pl.Float64,
    "entities": pl.Int64,
}


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    scorer: Scorer | None = None,
    known: Iterable[Pack] | None = None,
) -> None:
    """Make every table of schema `scores`.

    `scorer` and `known` may replace our boosted trees and the packs of the house.

    Raises StageError when features, labels or snapshots are missing, PackError when a
    pack's predicate cannot be run.
    """
    maker, as_of = scorer or BoostedScorer(settings.model), latest_snapshot(con)
    labels = matured_labels(con, as_of, settings.labels)
    trials = [_trial(con, kind, labels, settings, maker) for kind in ENTITY_TYPES]
    chosen = list(packs().values() if known is None else known)
    signals = fired_signals(con, as_of, chosen)
    tables = {
        "models": _frame((_card(trial, as_of) for trial in trials), _MODELS),
        "model_files": _frame((trial.file for trial in trials if trial.file), _FILES),
        "pr_curve": _frame((row for t in trials for row in t.curve(settings.quality)), _CURVE),
        "calibration": _frame((row for t in trials for row in t.bins(settings.quality)), _BINS),
        "scores": _history(con, trials, settings),
        "signals": signals,
        "typologies": typologies(signals),
        "packs": pack_terms(chosen),
    }
    for name, frame in tables.items():
        on_progress(f"scores.{name}", store(con, f"scores.{name}", frame))


def _frame(
    rows: Iterable[dict[str, object]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)


# ---------------------------------------------------------------- one model


@dataclass(frozen=True)
class Fitted:
    """A model, its calibration, and how good both are on entities they had not seen."""

    model: Model
    calibration: Calibration
    quality: Quality


@dataclass(frozen=True)
class Trial:
    """What came of the attempt to learn one entity type."""

    entity_type: str
    unknown: int
    """Entities of the latest snapshot that no matured label judges."""
    rate: float
    """Share of bad entities in the population."""
    training: Training
    fitted: Fitted | None = None
    """None: too few matured labels to learn from."""

    @property
    def file(self) -> dict[str, object] | None:
        """Row of `scores.model_files`."""
        if self.fitted is None:
            return None
        model, line = self.fitted.model, self.fitted.calibration
        return {
            "entity_type": self.entity_type,
            "model_version": version(model, line),
            "model_text": model.text,
            "calibration_slope": line.slope,
            "calibration_intercept": line.intercept,
        }

    def curve(self, settings: QualitySettings) -> list[dict[str, object]]:
        """Rows of `scores.pr_curve`."""
        points = self.fitted.quality.curve(settings.curve_points) if self.fitted else []
        return [{"entity_type": self.entity_type, **point} for point in points]

    def bins(self, settings: QualitySettings) -> list[dict[str, object]]:
        """Rows of `scores.calibration`."""
        found = self.fitted.quality.bins(settings.calibration_bins) if self.fitted else []
        return [{"entity_type": self.entity_type, **row} for row in found]


def _trial(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    labels: pl.DataFrame,
    settings: Settings,
    scorer: Scorer,
) -> Trial:
    sql = f"select {entity_type}_id as id from features.{entity_type} where as_of = $day"
    present = query(con, sql, day=latest_snapshot(con))["id"]
    rate = base_rate(labels, entity_type, settings.labels)
    training = training_set(con, entity_type, labels, settings.labels)
    unknown = len(set(present) - set(training.entity_id))
    is_bad = training.is_bad[training.last]
    few_bad = is_bad.sum() < settings.labels.min_positives
    if few_bad or (1 - is_bad).sum() < settings.labels.min_negatives:
        return Trial(entity_type, unknown, rate, training)
    errors = settings.labels.errors
    margin, score = cross_fit(scorer, training, rate, settings.model.folds, errors)
    quality = Quality(score, is_bad, rate, settings.quality.top / max(len(present), 1))
    fitted = Fitted(scorer.fit(training), calibrate(margin, is_bad, rate, errors), quality)
    return Trial(entity_type, unknown, rate, training, fitted)


def _card(trial: Trial, as_of: date) -> dict[str, object]:
    is_bad = trial.training.is_bad[trial.training.last]
    counts = {
        "training_rows": trial.training.is_bad.size,
        "positives": int(is_bad.sum()),
        "negatives": int((1 - is_bad).sum()),
        "unknown": trial.unknown,
        "trees": trial.fitted.model.trees if trial.fitted else None,
    }
    name = {"entity_type": trial.entity_type, "as_of": as_of, "base_rate": trial.rate}
    made = {"model_version": trial.file["model_version"]} if trial.file else {}
    return {**name, **counts, **made, **(trial.fitted.quality.measures if trial.fitted else {})}


# ---------------------------------------------------------------- everybody's score


def _history(
    con: duckdb.DuckDBPyConnection, trials: Sequence[Trial], settings: Settings
) -> pl.DataFrame:
    """Rows of `scores.scores`, each entity's days together: a trend is one short read."""
    at_once, parts = settings.model.days_at_once, [pl.DataFrame(schema=_SCORES).drop("score_band")]
    for kind, fitted in ((trial.entity_type, trial.fitted) for trial in trials):
        days = snapshot_days(con, kind) if fitted else []
        spans = (days[start : start + at_once] for start in range(0, len(days), at_once))
        parts += [_span(con, kind, fitted, span) for span in spans if fitted]
    scored = pl.concat(parts).sort("entity_id", "as_of")
    return scored.with_columns(score_band=band(settings.bands))


def _span(
    con: duckdb.DuckDBPyConnection, entity_type: str, fitted: Fitted, days: list[date]
) -> pl.DataFrame:
    sql = f"select * from features.{entity_type} where as_of between $first and $last"
    rows = query(con, sql, first=days[0], last=days[-1])
    matrix = to_matrix(rows, fitted.model.features)
    margin = fitted.model.margin(matrix) if rows.height else np.zeros(0)
    return rows.select(
        entity_type=pl.lit(entity_type),
        entity_id=f"{entity_type}_id",
        as_of="as_of",
        margin=pl.Series(margin),
        raw_score=pl.Series(sigmoid(margin)),
        score=pl.Series(fitted.calibration.score(margin)),
    )


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
