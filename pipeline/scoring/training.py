"""One training: a model for each entity type, and every table that says how good it is.

Quality is drawn from where judged entities would stand among the unjudged, under models that
know nothing of their rings (`pipeline.evaluation.population_curve`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.evaluation import intervals
from pipeline.inputs import external_scores
from pipeline.learning.label_maturity import Delays, Matured, matured_labels, waiting_labels
from pipeline.learning.model import BoostedTrainer
from pipeline.scoring import typology_models
from pipeline.scoring.challenger import (
    recipe_in_shadow,
    recipe_in_use,
    settings_of,
    shadow_tables,
)
from pipeline.scoring.followed import followed
from pipeline.scoring.pack_tables import pack_terms
from pipeline.scoring.signal_odds import Evidence, Today, signal_outcomes
from pipeline.scoring.signal_overlap import overlaps
from pipeline.scoring.training_run import (
    FILES,
    MODELS,
    REPLICAS,
    TRAINING_DAYS,
    Trainers,
    held_out_scores,
    trial,
)
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import duckdb

    from pipeline.inputs.external_scores import ExternalScores
    from pipeline.learning.model import Trainer
    from pipeline.orchestration.worker import Beside
    from pipeline.scoring.training_run import Trial
    from pipeline.settings.build import Settings
    from queries.packs import Pack


@dataclass(frozen=True)
class Occasion:
    """For which day is scored, and with what."""

    as_of: date
    packs: Sequence[Pack]
    external: ExternalScores
    """Somebody else's scores, or none."""
    settings: Settings
    trainer: Trainer | None = None
    """In place of our boosted trees."""


def matured_verdicts(con: duckdb.DuckDBPyConnection, occasion: Occasion) -> Matured:
    """The verdicts that may teach, and those that wait."""
    as_of, labels = occasion.as_of, occasion.settings.labels
    delays = Delays.of(pack_terms(occasion.packs))
    matured = Matured(matured_labels(con, as_of, labels, delays), delays)
    return replace(matured, waiting=waiting_labels(con, as_of, labels, matured))


def trials(con: duckdb.DuckDBPyConnection, occasion: Occasion, matured: Matured) -> Iterator[Trial]:
    """What came of learning each entity type, one after the other."""
    for entity_type in ENTITY_TYPES:
        own = _trainers(entity_type, occasion.trainer, occasion.settings)
        if entity_type in occasion.external.entity_types:
            own = Trainers(None)
        yield trial(con, entity_type, matured, occasion.as_of, occasion.settings, own)


def trained_tables(
    beside: Beside,
    occasion: Occasion,
    matured: Matured,
    done: Sequence[Trial],
    of_packs: Mapping[str, pl.DataFrame],
) -> tuple[dict[str, pl.DataFrame], list[typology_models.Head]]:
    """Rows of `pipeline.learning.standing.TRAINED_TABLES`, and the heads among them.

    Heads and replicas are trained here, while the second thread reads and counts.
    """
    as_of, settings = occasion.as_of, occasion.settings
    overlap = beside.does(overlaps, as_of, done, settings.alerts.agreement_threshold)
    today = Today(of_packs["typologies"], _unscored(done, occasion.external), overlap.result())
    rates = {one.entity_type: one.rate.mean for one in done}
    evidence = Evidence(occasion.packs, matured.labels, held_out_scores(done), rates, today)
    outcomes = beside.does(signal_outcomes, evidence, settings)
    watched = beside.does(followed, as_of, done, matured, settings)
    heads = _heads(done, of_packs, settings)
    tables = _model_tables(done, as_of, settings)
    tables["models"] = external_scores.named(tables["models"], occasion.external)
    tables["heads"] = _frame((head.row for head in heads), typology_models.SCHEMA)
    head_files = (head.file for head in heads if head.file)
    tables["head_files"] = _frame(head_files, typology_models.HEAD_FILES)
    tables["signal_outcomes"] = outcomes.result()
    return tables | watched.result() | shadow_tables(as_of, done, settings), heads


def _trainers(entity_type: str, trainer: Trainer | None, settings: Settings) -> Trainers:
    """Who learns the model in use, and who learns in its shadow."""
    recipes = (recipe_in_use(entity_type, settings), recipe_in_shadow(entity_type, settings))
    own, other = (BoostedTrainer(settings_of(recipe, settings)) for recipe in recipes)
    shadow = other if settings.challenger.is_scored and trainer is None else None
    return Trainers(trainer or own, shadow)


def _unscored(trials: Iterable[Trial], external: external_scores.ExternalScores) -> dict[str, int]:
    """Entity types that nobody scores, with their entities of the latest snapshot."""
    return {
        one.entity_type: one.entities
        for one in trials
        if one.fitted is None and one.entity_type not in external.entity_types
    }


def _model_tables(
    trials: Sequence[Trial], as_of: date, settings: Settings
) -> dict[str, pl.DataFrame]:
    """Tables about the models themselves."""
    evaluated = (row for one in trials for row in one.evaluation(settings.evaluation))
    replicas = (
        row
        for one in trials
        for row in one.replicas(settings_of(recipe_in_use(one.entity_type, settings), settings))
    )
    return {
        "models": _frame((one.card(as_of, settings) for one in trials), MODELS),
        "model_files": _frame((one.file for one in trials if one.file), FILES),
        "training_days": _frame((one.days for one in trials if one.days), TRAINING_DAYS),
        "replicas": _frame(replicas, REPLICAS),
        "pr_curve": _frame((row for one in trials for row in one.curve()), intervals.CURVE),
        "calibration": _frame(
            (row for one in trials for row in one.bands(settings)), intervals.BANDS
        ),
        "evaluation": _frame(evaluated, intervals.SCHEMA),
    }


def _heads(
    trials: Sequence[Trial], of_packs: Mapping[str, pl.DataFrame], settings: Settings
) -> list[typology_models.Head]:
    """A head, or the reason for none, per typology and entity type with a model."""
    codes = set(of_packs["packs"]["typology"])
    return [
        head
        for one in trials
        if one.fitted
        for head in typology_models.heads(
            one.entity_type, one.training, one.rate.mean, codes, settings
        )
    ]


def _frame(
    rows: Iterable[dict[str, object]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)
