"""What came of learning one entity type: a model with its proof, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.evaluation import intervals
from pipeline.learning.cross_validation import Reference
from pipeline.learning.labels import base_rate, reviewed, training_set
from pipeline.learning.model import BoostedBins, version
from pipeline.learning.pu_learning import completed, weights
from pipeline.learning.rings import rings
from pipeline.learning.standing import ScoringModel
from pipeline.orchestration.worker import in_pairs
from pipeline.scoring.fitted import Lessons
from pipeline.tables import query, read_features

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.learning.label_maturity import Matured
    from pipeline.learning.labels import Training
    from pipeline.learning.model import Trainer
    from pipeline.population import BaseRate
    from pipeline.scoring.fitted import Fitted
    from pipeline.settings.build import Settings
    from pipeline.settings.models import EvaluationSettings, ModelSettings

COUNTS = (
    *("training_rows", "unlabelled_rows", "positives", "negatives", "unknown", "trees"),
    *("lot_checks", "lot_finds"),
)
MEASURES = (
    "unlabelled_weight",
    *("base_rate", "base_rate_low", "base_rate_high", "auprc", "auprc_low", "auprc_high"),
)
MODELS = (
    {"entity_type": pl.String, "model_version": pl.String, "as_of": pl.Date}
    | dict.fromkeys(COUNTS, pl.Int64)
    | dict.fromkeys(MEASURES, pl.Float64)
    | {"calibrated_on": pl.String, "later_positives": pl.Int64}
)
"""Columns of `scores.models`; `calibrated_on` says which verdicts gave the calibration, and
`unlabelled_weight` how many labelled entities the unlabelled rows weigh, all together."""
TRAINING_DAYS = {"entity_type": pl.String, "since": pl.Date, "until": pl.Date}
"""Columns of `scores.training_days`: the first and the last snapshot that a model learnt from."""
FILES = dict.fromkeys(("entity_type", "model_version", "model_text"), pl.String) | dict.fromkeys(
    ("calibration_slope", "calibration_intercept"), pl.Float64
)
REPLICAS = {"entity_type": pl.String, "replica": pl.Int64, "model_text": pl.String}
"""Columns of `scores.replicas`."""


@dataclass(frozen=True)
class Trainers:
    """Who learns one entity type."""

    in_use: Trainer | None
    """None: somebody else scores it."""
    challenger: Trainer | None = None


@dataclass(frozen=True)
class Trial:
    """One entity type."""

    entity_type: str
    entities: int
    """All of the latest snapshot."""
    unknown: int
    """Those of them that no matured label judges."""
    rate: BaseRate
    """Share of bad entities in the population."""
    training: Training
    fitted: Fitted | None = None
    """None: too few matured labels to learn from."""
    young: Training | None = None
    """Rows of those of whom nothing has matured; None where nobody asks, or nothing was learnt."""
    challenger: Fitted | None = None
    """A model of another recipe that scores in the shadow."""
    present_ids: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))
    """(entities,) ids of whom nobody has judged, in the order of the scores of `fitted`."""
    reviewed_ids: tuple[str, ...] = ()
    """Judged by a source that clears too."""

    @property
    def in_use(self) -> ScoringModel | None:
        """What scores the entities; None where nothing was learnt."""
        if self.fitted is None:
            return None
        return ScoringModel(self.entity_type, self.fitted.model, self.fitted.calibration)

    @property
    def file(self) -> dict[str, Any] | None:
        """Row of `scores.model_files`."""
        if self.fitted is None:
            return None
        model, calibration = self.fitted.model, self.fitted.calibration
        return {
            "entity_type": self.entity_type,
            "model_version": version(model, calibration),
            "model_text": model.text,
            "calibration_slope": calibration.slope,
            "calibration_intercept": calibration.intercept,
        }

    def card(self, as_of: date, settings: Settings) -> dict[str, Any]:
        """Row of `scores.models`."""
        is_bad = self.training.is_bad[self.training.last]
        counts = {
            "training_rows": self.training.is_bad.size,
            "unlabelled_rows": self.training.unlabelled.shape[0],
            "unlabelled_weight": float(
                weights(self.training, settings.model.unlabelled_weight).sum()
            ),
            "positives": int(is_bad.sum()),
            "negatives": int((1 - is_bad).sum()),
            "unknown": self.unknown,
        }
        name = {"entity_type": self.entity_type, "as_of": as_of} | _common(self.rate, settings)
        if self.fitted is None or self.file is None:
            return {**name, **counts}
        held_out = self.fitted.held_out
        model = {
            "model_version": self.file["model_version"],
            "trees": self.fitted.model.trees,
            "calibrated_on": held_out.source,
            "later_positives": int(held_out.is_bad[held_out.is_later].sum()),
        }
        rate, area = intervals.rows(self.fitted.draws, 0, settings.evaluation)[:2]
        ends = {"auprc_low": area["low"], "auprc_high": area["high"]}
        ends |= {"base_rate_low": rate["low"], "base_rate_high": rate["high"]}
        return {**name, **counts, **model, "auprc": area["value"], **ends}

    @property
    def days(self) -> dict[str, Any] | None:
        """Row of `scores.training_days`; None where nothing was learnt."""
        if self.fitted is None:
            return None
        since, until = (
            end.astype("datetime64[D]").item()
            for end in (self.training.day.min(), self.training.day.max())
        )
        return {"entity_type": self.entity_type, "since": since, "until": until}

    def curve(self) -> list[dict[str, Any]]:
        """Rows of `scores.pr_curve`."""
        if self.fitted is None or not self.fitted.present.size:
            return []
        points = intervals.curve(self.fitted.draws, self.fitted.present)
        return [{"entity_type": self.entity_type, **point} for point in points]

    def bands(self, settings: Settings) -> list[dict[str, Any]]:
        """Rows of `scores.calibration`."""
        if self.fitted is None or not self.fitted.present.size:
            return []
        medium, draws = settings.bands.medium, self.fitted.draws
        rows = intervals.bands(draws, self.fitted.present, medium, settings.evaluation)
        return [{"entity_type": self.entity_type, **row} for row in rows]

    def evaluation(self, settings: EvaluationSettings) -> list[dict[str, Any]]:
        """Rows of `scores.evaluation`."""
        if self.fitted is None:
            return []
        rows = intervals.rows(self.fitted.draws, self.fitted.held_out.is_bad.size, settings)
        return [{"entity_type": self.entity_type, **row} for row in rows]

    def replicas(self, settings: ModelSettings) -> list[dict[str, Any]]:
        """Rows of `scores.replicas`: the same recipe on resampled verdicts."""
        if self.fitted is None:
            return []
        numbers = range(1, settings.replicas + 1)
        models = in_pairs(BoostedBins(self.training, settings).resampled, numbers)
        return [
            {"entity_type": self.entity_type, "replica": number, "model_text": model.text}
            for number, model in zip(numbers, models, strict=True)
        ]


def held_out_scores(trials: Iterable[Trial]) -> pl.DataFrame:
    """Calibrated score of every judged entity by a model that did not know its verdict.

    Columns entity_type, entity_id and score; nobody of a type without a model or unjudged.
    """
    schema = {"entity_type": pl.String, "entity_id": pl.String, "score": pl.Float64}
    parts = [pl.DataFrame(schema=schema)]
    for one in trials:
        if one.fitted and one.fitted.present.size:
            owner = [str(name) for name in one.training.entity_id[one.training.last]]
            columns = {"entity_id": owner, "score": one.fitted.judged_scores(one.training)}
            fixed = pl.lit(one.entity_type).alias("entity_type")
            parts.append(pl.DataFrame(columns).select(fixed, "entity_id", "score"))
    return pl.concat(parts)


def trial(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    matured: Matured,
    as_of: date,
    settings: Settings,
    trainers: Trainers,
) -> Trial:
    """Learn one entity type from what has matured, or count why not.

    Without a trainer there is nothing to learn: somebody else scores it. What the challenger
    learns from the same rows changes nothing of the rest.
    """
    sql = f"select {entity_type}_id as id from features.{entity_type} where as_of = $as_of"
    present = query(con, sql, as_of=as_of)["id"]
    rate = base_rate(matured.labels, entity_type, settings.labels)
    training = _labelled(con, entity_type, matured, settings)
    unknown = len(set(present) - set(training.entity_id))
    is_bad = training.is_bad[training.last]
    few_bad = is_bad.sum() < settings.labels.min_positives
    trainer, shadow = trainers.in_use, trainers.challenger
    if trainer is None or few_bad or (1 - is_bad).sum() < settings.labels.min_negatives:
        return Trial(entity_type, len(present), unknown, rate, training)

    def past(day: date) -> Training:
        then = matured.on(con, day, settings.labels)
        own = _labelled(con, entity_type, then, settings)
        return _whole(con, entity_type, own, then, day, settings)

    training = _whole(con, entity_type, training, matured, as_of, settings)
    ids, unjudged = _unjudged(con, entity_type, as_of, training.features)
    young = _young(con, entity_type, matured, settings)
    reference = Reference(cache(past), unjudged)
    matrix = unjudged[:0] if young is None else young.matrix
    lessons = Lessons(training, reference, matured.labels, rate, matrix)
    fitted = lessons.fitted(trainer, entity_type, settings)
    return Trial(
        entity_type,
        len(present),
        unknown,
        fitted.draws.base,
        training,
        fitted,
        young,
        lessons.fitted(shadow, entity_type, settings) if shadow else None,
        ids,
        tuple(reviewed(matured.labels, entity_type)),
    )


def _common(rate: BaseRate, settings: Settings) -> dict[str, Any]:
    """How common the bad are, with the ends of an interval and what it rests on."""
    edge = (1.0 - settings.evaluation.interval) / 2.0
    return {
        "base_rate": rate.mean,
        "base_rate_low": rate.quantile(edge),
        "base_rate_high": rate.quantile(1.0 - edge),
        "lot_checks": rate.checks,
        "lot_finds": rate.finds,
    }


def _unjudged(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, features: tuple[str, ...]
) -> tuple[pl.Series, NDArray[np.float64]]:
    """Ids and (entities, features) at a snapshot of those on whom there is no verdict at all."""
    judged = (
        f"select entity_id from staging.labels "
        f"where entity_type = '{entity_type}' and known_at < date '{as_of}'"
    )
    return read_features(con, entity_type, as_of, features, f"{entity_type}_id not in ({judged})")


def _young(
    con: duckdb.DuckDBPyConnection, entity_type: str, matured: Matured, settings: Settings
) -> Training | None:
    """The rows that verdicts speak of which have not matured."""
    if matured.waiting is None:
        return None
    return training_set(con, entity_type, matured.waiting, settings.model.rows_at_most)


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
