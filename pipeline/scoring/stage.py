"""The scores stage: how likely each entity is bad, which signals fire, how good that is.

Quality is drawn from where judged entities would stand among the unjudged, under models that
know nothing of their rings (`pipeline.evaluation.population_curve`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipeline.anomalies import shortlist
from pipeline.evaluation import intervals
from pipeline.inputs import external_scores
from pipeline.learning.label_maturity import Delays, Matured, matured_labels, waiting_labels
from pipeline.learning.model import BoostedTrainer
from pipeline.orchestration.worker import Beside
from pipeline.scoring import typology_models
from pipeline.scoring.challenger import (
    recipe_in_shadow,
    recipe_in_use,
    settings_of,
    shadow_tables,
)
from pipeline.scoring.everybody import band_edges, banded, history
from pipeline.scoring.followed import followed
from pipeline.scoring.pack_tables import pack_tables, pack_terms
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
from pipeline.tables import latest_snapshot, store
from queries.packs import folder_of, packs
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import date

    import duckdb

    from pipeline.learning.model import Trainer
    from pipeline.scoring.training_run import Trial
    from pipeline.settings.build import Settings
    from queries.packs import Pack


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    trainer: Trainer | None = None,
    packs_in_use: Iterable[Pack] | None = None,
) -> None:
    """Make every table of schema `scores`.

    `trainer` and `packs_in_use` may replace our boosted trees and the packs of the house; a
    folder of somebody else's scores replaces ours for the types it names
    (`pipeline.inputs.external_scores`).

    Raises StageError when features, signals, labels or snapshots are missing, InputError for
    scores that break their contract.
    """
    as_of = latest_snapshot(con)
    external = _external(con, as_of, settings)
    own_packs = packs(folder_of(settings.packs_folder)).values()
    in_use = list(own_packs if packs_in_use is None else packs_in_use)
    delays = Delays.of(pack_terms(in_use))
    matured = Matured(matured_labels(con, as_of, settings.labels, delays), delays)
    waiting = waiting_labels(con, as_of, settings.labels, matured)
    matured = replace(matured, waiting=waiting)
    with Beside(con) as beside:
        of_packs = beside.does(pack_tables, as_of, in_use, settings)
        trials, parts = [], []
        for entity_type in ENTITY_TYPES:
            own = _trainers(entity_type, trainer, settings)
            if entity_type in external.entity_types:
                own = Trainers(None)
            trials.append(trial(con, entity_type, matured, as_of, settings, own))
            parts.append(beside.does(history, trials[-1], settings))
        everybody = beside.does(_everybody, as_of, parts, external, settings)
        least = settings.alerts.agreement_threshold
        overlap = beside.does(overlaps, as_of, trials, least)
        strengths = of_packs.result()["typologies"]
        today = Today(strengths, _unscored(trials, external), overlap.result())
        rates = {one.entity_type: one.rate.mean for one in trials}
        evidence = Evidence(in_use, matured.labels, held_out_scores(trials), rates, today)
        outcomes = beside.does(signal_outcomes, evidence, settings)
        watched = beside.does(followed, as_of, trials, matured, settings)
        heads = _heads(trials, of_packs.result(), settings)
        typologies = beside.does(_typologies, as_of, heads, of_packs, settings)
        tables = _model_tables(trials, as_of, settings) | of_packs.result() | everybody.result()
        tables |= {"heads": _frame((head.row for head in heads), typology_models.SCHEMA)}
        tables |= {"signal_outcomes": outcomes.result()}
        tables |= watched.result() | shadow_tables(as_of, trials, settings)
        tables |= {"typologies": typologies.result(), "bands": band_edges(settings.bands)}
    tables["models"] = external_scores.named(tables["models"], external)
    tables["handed_contributions"] = external.contributions
    for name, frame in tables.items():
        on_progress(f"scores.{name}", store(con, f"scores.{name}", frame))


def _trainers(entity_type: str, trainer: Trainer | None, settings: Settings) -> Trainers:
    """Who learns the model in use, and who learns in its shadow."""
    recipes = (recipe_in_use(entity_type, settings), recipe_in_shadow(entity_type, settings))
    own, other = (BoostedTrainer(settings_of(recipe, settings)) for recipe in recipes)
    shadow = other if settings.challenger.is_scored and trainer is None else None
    return Trainers(trainer or own, shadow)


def _external(
    con: duckdb.DuckDBPyConnection, as_of: date, settings: Settings
) -> external_scores.ExternalScores:
    """Somebody else's scores, or none."""
    if not settings.scores_folder:
        return external_scores.NONE
    external = external_scores.load(Path(settings.scores_folder))
    external_scores.check_against(con, external, as_of)
    return external


def _unscored(trials: Iterable[Trial], external: external_scores.ExternalScores) -> dict[str, int]:
    """Entity types that nobody scores, with their entities of the latest snapshot."""
    return {
        one.entity_type: one.entities
        for one in trials
        if one.fitted is None and one.entity_type not in external.entity_types
    }


def _everybody(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    parts: Iterable[Future[list[pl.DataFrame]]],
    external: external_scores.ExternalScores,
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Scores of every snapshot, and who is unlike their peers at the latest."""
    ours = [piece for part in parts for piece in part.result()]
    scores = banded([*ours, external.scores], settings.bands)
    latest = scores.filter(pl.col("as_of") == as_of)
    anomalies = shortlist.anomalies(con, as_of, latest, settings.anomalies)
    return {"scores": scores, "anomalies": anomalies}


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


def _typologies(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    heads: list[typology_models.Head],
    of_packs: Future[dict[str, pl.DataFrame]],
    settings: Settings,
) -> pl.DataFrame:
    """Rows of `scores.typologies`: what heads add to what the packs say."""
    strengths = of_packs.result()["typologies"]
    chances = typology_models.probabilities(con, as_of, heads, strengths, settings.heads)
    return typology_models.combined(strengths, chances, settings.heads.shown)


def _frame(
    rows: Iterable[dict[str, object]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)
