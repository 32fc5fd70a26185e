"""In which way an entity is bad: one small model per typology that has enough found cases.

A pack's signals say what is visible; a head says what the found cases of a typology had in
common, which may be more. They are put together as a noisy-or, the head speaking as if every
typology were equally common: docs/decisions/0011-typology-heads.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.learning.cross_validation import folds
from pipeline.learning.model import BoostedBins, BoostedModel
from pipeline.orchestration.worker import in_pairs
from pipeline.tables import read_features
from pipeline.tree_model.calibration import Calibration, calibrate, log_odds

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import duckdb

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Model
    from pipeline.settings.build import Settings
    from pipeline.settings.models import HeadSettings

SCHEMA = (
    {"entity_type": pl.String, "typology": pl.String, "positives": pl.Int64}
    | {"has_head": pl.Boolean}
    | dict.fromkeys(("base_rate",), pl.Float64)
    | {"reason": pl.String}
)
"""Columns of `scores.heads`; `reason` says why there is none."""
HEAD_FILES = dict.fromkeys(("entity_type", "typology", "model_text"), pl.String) | dict.fromkeys(
    ("calibration_slope", "calibration_intercept"), pl.Float64
)
"""Columns of `scores.head_files`: a row per typology with a model of its own."""
_KEY = ["entity_type", "entity_id", "as_of"]
_CHANCES = dict.fromkeys(("entity_type", "entity_id"), pl.String) | {
    "as_of": pl.Date,
    "typology": pl.String,
    "probability": pl.Float64,
    "belief": pl.Float64,
}


@dataclass(frozen=True)
class Head:
    """A model of one typology of one entity type, or why there is none."""

    entity_type: str
    typology: str
    positives: int
    model: Model | None = None
    calibration: Calibration | None = None
    base_rate: float | None = None
    reason: str | None = None

    def at_prior(self, prior: float) -> Calibration:
        """The calibration of a world where `prior` of the entities are of this typology."""
        own, rate = self.calibration, self.base_rate
        if own is None or rate is None:
            return Calibration(0.0, log_odds(prior))
        return Calibration(own.slope, own.intercept + log_odds(prior) - log_odds(rate))

    @property
    def row(self) -> dict[str, Any]:
        """Row of `scores.heads`."""
        return {
            "entity_type": self.entity_type,
            "typology": self.typology,
            "positives": self.positives,
            "has_head": self.model is not None,
            "base_rate": self.base_rate,
            "reason": self.reason,
        }

    @property
    def file(self) -> dict[str, Any] | None:
        """Row of `scores.head_files`; None where there is no model."""
        if self.model is None or self.calibration is None:
            return None
        return {
            "entity_type": self.entity_type,
            "typology": self.typology,
            "model_text": self.model.text,
            "calibration_slope": self.calibration.slope,
            "calibration_intercept": self.calibration.intercept,
        }


def standing_heads(rows: pl.DataFrame, files: pl.DataFrame) -> list[Head]:
    """The heads that an earlier training left in `scores.heads` and `scores.head_files`."""
    both = rows.join(files, on=["entity_type", "typology"], maintain_order="left")
    return [
        Head(
            row["entity_type"],
            row["typology"],
            row["positives"],
            BoostedModel(row["model_text"]),
            Calibration(row["calibration_slope"], row["calibration_intercept"]),
            row["base_rate"],
        )
        for row in both.iter_rows(named=True)
    ]


def heads(
    entity_type: str,
    training: Training,
    rate: float,
    codes: Collection[str],
    settings: Settings,
) -> list[Head]:
    """One head, or the reason for none, per typology of a matured verdict and of a pack.

    `rate` is the share of bad entities in the population; that of a typology is its share
    among the bad verdicts times that. `codes` are the typologies that have a pack.
    """
    judged = _few(training.judged(), settings.heads)
    of_bad = judged.typology[judged.is_bad > 0]
    names = sorted({name for name in of_bad if name in codes})
    own = settings.heads
    small = replace(settings.model, trees=own.trees, extra_trees=0, learning_rate=own.learning_rate)
    bins = BoostedBins(judged, small)
    return [
        _head(entity_type, name, bins, rate * float((of_bad == name).mean()), settings)
        for name in names
    ]


def _few(judged: Training, settings: HeadSettings) -> Training:
    """All bad entities, and as many good and unlabelled ones as heads can afford."""
    good = np.cumsum(judged.is_bad == 0)
    step = int(good[-1]) // settings.good + 1 if good.size else 1
    in_reach = (judged.is_bad > 0) | (good % step == 0)
    fewer = judged.rows(np.flatnonzero(in_reach))
    return replace(fewer, unlabelled=judged.unlabelled[: settings.unlabelled])


def _head(
    entity_type: str, typology: str, bins: BoostedBins, rate: float, settings: Settings
) -> Head:
    judged = bins.training
    is_it = ((judged.typology == typology) & (judged.is_bad > 0)).astype(np.float64)
    positives, least = int(is_it.sum()), settings.heads.least
    others = int(is_it.size - positives)
    if positives < least or others < settings.labels.min_negatives:
        reason = f"{positives} matured cases and {others} others; {least} cases and "
        reason += f"{settings.labels.min_negatives} others are needed"
        return Head(entity_type, typology, positives, reason=reason)
    count = settings.heads.folds
    fold, margin = folds(replace(judged, is_bad=is_it), count), np.zeros(is_it.size)
    held_back = [fold == number for number in range(count)]
    models = in_pairs(lambda out: bins.of_target(is_it, judged.where(~out)), held_back)
    for out, one in zip(held_back, models, strict=True):
        margin[out] = one.margin(judged.matrix[out])
    calibration = calibrate(margin, is_it, rate)
    model = bins.of_target(is_it)
    return Head(entity_type, typology, positives, model, calibration, rate)


def probabilities(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    heads_in_use: list[Head],
    strengths: pl.DataFrame,
    settings: HeadSettings,
) -> pl.DataFrame:
    """Probability of each headed typology at a snapshot; columns of _CHANCES.

    Rows for everybody in `strengths`, and for everybody else from `shown` on: most of a
    dozen heads say of most entities that there is nothing to say.
    """
    parts = [pl.DataFrame(schema=_CHANCES)]
    for entity_type in sorted({head.entity_type for head in heads_in_use if head.model}):
        own = [head for head in heads_in_use if head.entity_type == entity_type]
        with_signals = strengths.filter(pl.col("entity_type") == entity_type)["entity_id"]
        parts += _of_type(con, as_of, own, with_signals, settings)
    return pl.concat(parts)


def _of_type(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    own: list[Head],
    with_signals: pl.Series,
    settings: HeadSettings,
) -> list[pl.DataFrame]:
    every = [(head, head.model, head.calibration) for head in own]
    fitted = [(head, model, scale) for head, model, scale in every if model and scale]
    entity_type, names = own[0].entity_type, fitted[0][1].features
    ids, matrix = read_features(con, entity_type, as_of, names)
    fixed = {"entity_type": pl.lit(entity_type), "as_of": pl.lit(as_of)}
    has_signals, parts = ids.is_in(with_signals.unique().implode()).to_numpy(), []
    for head, model, calibration in fitted:
        margin = model.margin(matrix)
        chance = calibration.score(margin)
        rows = np.flatnonzero(has_signals | (chance >= settings.shown))
        belief = head.at_prior(settings.prior).score(margin[rows])
        columns = {"entity_id": ids.gather(rows), "probability": chance[rows], "belief": belief}
        frame = pl.DataFrame(columns).with_columns(**fixed, typology=pl.lit(head.typology))
        parts.append(frame.select(_CHANCES.keys()))
    return parts


def combined(strengths: pl.DataFrame, chances: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Rows of `scores.typologies`: strength of signals, probability of heads, which is primary.

    An entity has a row for each typology whose signals fired, and for each whose head gives
    at least `threshold` (strength 0 then). Primary is the largest 1 - (1 - strength)
    (1 - belief) among those whose signals fired, if any did, so that what a page says of it
    can be shown; a typology without head counts as belief 0; ties go to the stronger signals,
    then to the first code in the alphabet. docs/decisions/0096-one-typology.md
    """
    by_signals = strengths.drop("is_primary")
    both = by_signals.join(chances, on=[*_KEY, "typology"], how="left")
    only = chances.filter(pl.col("probability") >= threshold)
    only = only.join(by_signals, on=[*_KEY, "typology"], how="anti")
    only = only.with_columns(strength=pl.lit(0.0))
    columns = [*_KEY, "typology", "strength", "probability", "belief"]
    rows = pl.concat([both.select(columns), only.select(columns)])
    missed = (1.0 - pl.col("strength")) * (1.0 - pl.col("belief").fill_null(0.0))
    is_silent = pl.col("strength") == 0.0
    ranked = rows.with_columns(missed=missed.round(12), is_silent=is_silent).sort(
        *_KEY, "is_silent", "missed", "strength", "typology", descending=[False] * 5 + [True, False]
    )
    first = pl.int_range(pl.len()).over(_KEY) == 0
    return ranked.drop("missed", "is_silent", "belief").with_columns(first.alias("is_primary"))
