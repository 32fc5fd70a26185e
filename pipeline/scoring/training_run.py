"""What came of learning one entity type: a model with its proof, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.evaluation import intervals
from pipeline.evaluation.metrics import Quality
from pipeline.learning.cross_validation import HeldOut, held_out
from pipeline.learning.labels import base_rate, training_set
from pipeline.learning.model import BoostedBins, version
from pipeline.learning.pu_learning import completed, weights
from pipeline.learning.rings import rings
from pipeline.population import Population
from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

    from pipeline.learning.label_maturity import Matured
    from pipeline.learning.labels import Training
    from pipeline.learning.model import Model, Trainer
    from pipeline.settings.build import Settings
    from pipeline.settings.models import ModelSettings, QualitySettings

COUNTS = ("training_rows", "unlabelled_rows", "positives", "negatives", "unknown", "trees")
MEASURES = (
    "unlabelled_weight",
    *("base_rate", "auprc", "auprc_baseline", "precision_at_50", "recall_at_50", "ece"),
    "brier",
)
MODELS = (
    {"entity_type": pl.String, "model_version": pl.String, "as_of": pl.Date}
    | dict.fromkeys(COUNTS, pl.Int64)
    | dict.fromkeys(MEASURES, pl.Float64)
    | {"calibrated_on": pl.String, "later_positives": pl.Int64}
)
"""Columns of `scores.models`; `calibrated_on` says which verdicts gave the calibration, and
`unlabelled_weight` how many labelled entities the unlabelled rows weigh, all together."""
FILES = dict.fromkeys(("entity_type", "model_version", "model_text"), pl.String) | dict.fromkeys(
    ("calibration_slope", "calibration_intercept"), pl.Float64
)
REPLICAS = {"entity_type": pl.String, "replica": pl.Int64, "model_text": pl.String}
"""Columns of `scores.replicas`."""


@dataclass(frozen=True)
class Fitted:
    """A model, and how it does on entities that did not teach it."""

    model: Model
    held_out: HeldOut
    quality: Quality


@dataclass(frozen=True)
class Trial:
    """One entity type."""

    entity_type: str
    entities: int
    """All of the latest snapshot."""
    unknown: int
    """Those of them that no matured label judges."""
    rate: float
    """Share of bad entities in the population."""
    training: Training
    fitted: Fitted | None = None
    """None: too few matured labels to learn from."""

    @property
    def file(self) -> dict[str, Any] | None:
        """Row of `scores.model_files`."""
        if self.fitted is None:
            return None
        model, calibration = self.fitted.model, self.fitted.held_out.calibration
        return {
            "entity_type": self.entity_type,
            "model_version": version(model, calibration),
            "model_text": model.text,
            "calibration_slope": calibration.slope,
            "calibration_intercept": calibration.intercept,
        }

    def card(self, as_of: date, settings: ModelSettings) -> dict[str, Any]:
        """Row of `scores.models`."""
        is_bad = self.training.is_bad[self.training.last]
        counts = {
            "training_rows": self.training.is_bad.size,
            "unlabelled_rows": self.training.unlabelled.shape[0],
            "unlabelled_weight": float(weights(self.training, settings.unlabelled_weight).sum()),
            "positives": int(is_bad.sum()),
            "negatives": int((1 - is_bad).sum()),
            "unknown": self.unknown,
        }
        name = {"entity_type": self.entity_type, "as_of": as_of, "base_rate": self.rate}
        if self.fitted is None or self.file is None:
            return {**name, **counts}
        held_out = self.fitted.held_out
        model = {
            "model_version": self.file["model_version"],
            "trees": self.fitted.model.trees,
            "calibrated_on": held_out.calibrated_on,
            "later_positives": int(held_out.is_bad[held_out.is_later].sum()),
        }
        return {**name, **counts, **model, **self.fitted.quality.measures}

    def curve(self, settings: QualitySettings) -> list[dict[str, Any]]:
        """Rows of `scores.pr_curve`."""
        points = self.fitted.quality.curve(settings.curve_points) if self.fitted else []
        return [{"entity_type": self.entity_type, **point} for point in points]

    def bins(self, settings: QualitySettings) -> list[dict[str, Any]]:
        """Rows of `scores.calibration`."""
        bins = self.fitted.quality.bins(settings.calibration_bins) if self.fitted else []
        return [{"entity_type": self.entity_type, **row} for row in bins]

    def evaluation(self, settings: Settings) -> list[dict[str, Any]]:
        """Rows of `scores.evaluation`: on the later verdicts, or cross-fitted where too few."""
        if self.fitted is None:
            return []
        held_out = self.fitted.held_out
        typology = self.training.typology[self.training.last]
        judged = intervals.Judged(
            held_out.forward[held_out.judges],
            held_out.is_bad[held_out.judges],
            typology[held_out.judges],
            Population(self.rate, settings.labels.errors),
            self.entities,
        )
        fixed = {"entity_type": self.entity_type, "measured_on": held_out.calibrated_on}
        return [{**fixed, **row} for row in intervals.rows(judged, settings.evaluation)]

    def replicas(self, settings: ModelSettings) -> list[dict[str, Any]]:
        """Rows of `scores.replicas`: the same recipe with other seeds."""
        if self.fitted is None:
            return []
        bins = BoostedBins(self.training, settings)
        return [
            {
                "entity_type": self.entity_type,
                "replica": number,
                "model_text": bins.model(seed=settings.seed + number).text,
            }
            for number in range(1, settings.replicas + 1)
        ]


def held_out_scores(trials: Iterable[Trial]) -> pl.DataFrame:
    """Calibrated score of every judged entity by a model that did not know its verdict.

    Columns entity_type, entity_id and score; nobody of a type without a model.
    """
    schema = {"entity_type": pl.String, "entity_id": pl.String, "score": pl.Float64}
    parts = [pl.DataFrame(schema=schema)]
    for one in trials:
        if one.fitted:
            owner = [str(name) for name in one.training.entity_id[one.training.last]]
            columns = {"entity_id": owner, "score": one.fitted.held_out.score}
            fixed = pl.lit(one.entity_type).alias("entity_type")
            parts.append(pl.DataFrame(columns).select(fixed, "entity_id", "score"))
    return pl.concat(parts)


def trial(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    matured: Matured,
    as_of: date,
    settings: Settings,
    trainer: Trainer | None,
) -> Trial:
    """Learn one entity type from what has matured, or count why not.

    Without a `trainer` there is nothing to learn: somebody else scores it.
    """
    sql = f"select {entity_type}_id as id from features.{entity_type} where as_of = $as_of"
    present = query(con, sql, as_of=as_of)["id"]
    rate = base_rate(matured.labels, entity_type, settings.labels)
    training = _labelled(con, entity_type, matured, settings)
    unknown = len(set(present) - set(training.entity_id))
    is_bad = training.is_bad[training.last]
    few_bad = is_bad.sum() < settings.labels.min_positives
    if trainer is None or few_bad or (1 - is_bad).sum() < settings.labels.min_negatives:
        return Trial(entity_type, len(present), unknown, rate, training)

    def past(day: date) -> Training:
        then = matured.on(con, day, settings.labels)
        own = _labelled(con, entity_type, then, settings)
        return _whole(con, entity_type, own, then, day, settings)

    training = _whole(con, entity_type, training, matured, as_of, settings)
    population = Population(rate, settings.labels.errors)
    unseen = held_out(trainer, training, past, population, settings.model)
    judges, top = unseen.judges, settings.quality.top / max(len(present), 1)
    quality = Quality(unseen.forward[judges], unseen.is_bad[judges], population, top)
    fitted = Fitted(trainer.bins(training).model(), unseen, quality)
    return Trial(entity_type, len(present), unknown, rate, training, fitted)


def _labelled(
    con: duckdb.DuckDBPyConnection, entity_type: str, matured: Matured, settings: Settings
) -> Training:
    """The rows that verdicts speak of, each with the ring of its owner."""
    training = training_set(con, entity_type, matured.labels, settings.model.rows_at_most)
    owners = training.entity_id[training.last].tolist()
    ring = rings(con, entity_type, owners, settings.model.ring_share)
    return replace(training, ring=np.repeat(ring, np.diff(training.last, prepend=-1)))


def _whole(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    training: Training,
    matured: Matured,
    as_of: date,
    settings: Settings,
) -> Training:
    """The same with those whom nobody had judged by `as_of`."""
    since = matured.silent_since(entity_type, as_of)
    return completed(con, entity_type, training, as_of, since, settings.model)
