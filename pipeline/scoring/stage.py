"""The scores stage: how likely each entity is bad, which signals fire, how good that is.

Every row of every snapshot is scored, so that a trend can be shown without a second
pipeline. Quality is measured on held-out predictions of labelled entities, one row each,
weighted to the population's base rate (`pipeline.scoring.training_run`,
`pipeline.evaluation.intervals`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipeline.anomalies import lane
from pipeline.evaluation import intervals
from pipeline.inputs import external_scores
from pipeline.learning.label_maturity import Delays, Matured, matured_labels
from pipeline.learning.model import BoostedScorer
from pipeline.orchestration.worker import Beside
from pipeline.scoring import typology_models
from pipeline.scoring.signals import pack_tables, pack_terms
from pipeline.scoring.training_run import FILES, MODELS, REPLICAS, trial
from pipeline.tables import batches, latest_snapshot, store
from pipeline.tree_model.calibration import sigmoid
from queries.catalogue import ENTITY_TYPES
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import date

    import duckdb

    from pipeline.learning.model import Scorer
    from pipeline.scoring.training_run import Fitted, Trial
    from pipeline.settings.build import BandSettings, Settings
    from queries.packs import Pack

_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_NUMBERS = ("margin", "raw_score", "score")
_SCORES = _KEY | dict.fromkeys(_NUMBERS, pl.Float64) | {"score_band": pl.String}
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

    `scorer` and `known` may replace our boosted trees and the packs of the house; a folder
    of somebody else's scores replaces ours for the types it names
    (`pipeline.inputs.external_scores`).

    Raises StageError when features, labels or snapshots are missing, PackError when a
    pack's predicate cannot be run, InputError for scores that break their contract.
    """
    maker, as_of = scorer or BoostedScorer(settings.model), latest_snapshot(con)
    given = _given(con, as_of, settings)
    house = packs(folder_of(settings.packs_folder)).values()
    chosen = list(house if known is None else known)
    delays = Delays.of(pack_terms(chosen))
    labels = matured_labels(con, as_of, settings.labels, delays)
    matured = Matured(labels, delays)
    with Beside(con) as beside:
        told = beside.does(pack_tables, as_of, chosen, labels, settings)
        trials, parts = [], []
        for kind in ENTITY_TYPES:
            learner = None if kind in given.entity_types else maker
            trials.append(trial(con, kind, matured, as_of, settings, learner))
            parts.append(beside.does(_history, trials[-1], settings))
        everybody = beside.does(_everybody, as_of, parts, given, settings)
        made = _heads(trials, told.result(), settings)
        typologies = beside.does(_typologies, as_of, made, told, settings)
        tables = _judged(trials, as_of, settings) | told.result() | everybody.result()
        tables |= {"heads": _frame((head.row for head in made), typology_models.SCHEMA)}
        tables |= {"typologies": typologies.result(), "bands": _edges(settings.bands)}
    tables["models"] = external_scores.named(tables["models"], given)
    tables["handed_contributions"] = given.contributions
    for name, frame in tables.items():
        on_progress(f"scores.{name}", store(con, f"scores.{name}", frame))


def _edges(bands: BandSettings) -> pl.DataFrame:
    """Where the bands of this build begin, so that a page asks about no other line."""
    begins = {"CRIT": bands.critical, "HIGH": bands.high, "MED": bands.medium}
    return pl.DataFrame(list(begins.items()), schema=["score_band", "edge"], orient="row")


def _given(
    con: duckdb.DuckDBPyConnection, as_of: date, settings: Settings
) -> external_scores.HandedOver:
    """Somebody else's scores, or none."""
    if not settings.scores_folder:
        return external_scores.NOTHING
    given = external_scores.load(Path(settings.scores_folder))
    external_scores.check_against(con, given, as_of)
    return given


def _judged(trials: Sequence[Trial], as_of: date, settings: Settings) -> dict[str, pl.DataFrame]:
    """Tables about the models themselves."""
    evaluated = (row for one in trials for row in one.evaluation(settings))
    replicas = (row for one in trials for row in one.replicas(settings.model))
    return {
        "models": _frame((one.card(as_of) for one in trials), MODELS),
        "model_files": _frame((one.file for one in trials if one.file), FILES),
        "replicas": _frame(replicas, REPLICAS),
        "pr_curve": _frame((row for t in trials for row in t.curve(settings.quality)), _CURVE),
        "calibration": _frame((row for t in trials for row in t.bins(settings.quality)), _BINS),
        "evaluation": _frame(evaluated, intervals.SCHEMA),
    }


def _heads(
    trials: Sequence[Trial], told: Mapping[str, pl.DataFrame], settings: Settings
) -> list[typology_models.Head]:
    """A head, or the reason for none, per typology and entity type with a model."""
    codes = set(told["packs"]["typology"])
    return [
        head
        for one in trials
        if one.fitted
        for head in typology_models.heads(one.entity_type, one.training, one.rate, codes, settings)
    ]


def _typologies(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    made: list[typology_models.Head],
    told: Future[dict[str, pl.DataFrame]],
    settings: Settings,
) -> pl.DataFrame:
    """Rows of `scores.typologies`: what heads add to what the packs tell."""
    strengths = told.result()["typologies"]
    chances = typology_models.probabilities(con, as_of, made, strengths, settings.heads)
    return typology_models.combined(strengths, chances, settings.heads.shown)


def _frame(
    rows: Iterable[dict[str, object]], schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)


# ---------------------------------------------------------------- everybody's score


def _everybody(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    parts: Iterable[Future[list[pl.DataFrame]]],
    given: external_scores.HandedOver,
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Scores of every snapshot, and who is unlike their peers at the latest."""
    ours = [piece for part in parts for piece in part.result()]
    scored = _banded([*ours, given.scores], settings.bands)
    latest = scored.filter(pl.col("as_of") == as_of)
    unusual = lane.anomalies(con, as_of, latest, settings.anomalies)
    return {"scores": scored, "anomalies": unusual}


def _history(con: duckdb.DuckDBPyConnection, one: Trial, settings: Settings) -> list[pl.DataFrame]:
    """Margins and scores of everybody of a type at every snapshot, in pieces."""
    if one.fitted is None:
        return []
    kind, fitted = one.entity_type, one.fitted
    numbers = ", ".join(f'"{name}"::double as "{name}"' for name in fitted.model.features)
    sql = f"select {kind}_id as entity_id, as_of, {numbers} from features.{kind}"
    pieces = batches(con, sql, settings.model.rows_at_once)
    return [_scored(kind, fitted, piece) for piece in pieces]


def _banded(parts: Iterable[pl.DataFrame], bands: BandSettings) -> pl.DataFrame:
    """Rows of `scores.scores`, each entity's days together: a trend is one short read."""
    columns = [name for name in _SCORES if name != "score_band"]
    empty = pl.DataFrame(schema=_SCORES)
    scored = pl.concat([one.select(columns) for one in (empty, *parts)])
    return scored.sort("entity_id", "as_of").with_columns(score_band=band(bands))


def _scored(entity_type: str, fitted: Fitted, rows: pl.DataFrame) -> pl.DataFrame:
    margin = fitted.model.margin(rows.select(fitted.model.features).to_numpy())
    return rows.select(
        entity_type=pl.lit(entity_type),
        entity_id="entity_id",
        as_of="as_of",
        margin=pl.Series(margin),
        raw_score=pl.Series(sigmoid(margin)),
        score=pl.Series(fitted.held.line.score(margin)),
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
