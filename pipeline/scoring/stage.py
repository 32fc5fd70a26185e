"""The scores stage: how likely each entity is bad, which signals fire, how good that is.

The models come from a training of this build or stand from an earlier one
(`pipeline.learning.standing`); everybody is scored anew either way.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipeline.anomalies import shortlist
from pipeline.evaluation.label_arrival import arrivals
from pipeline.inputs import external_scores
from pipeline.orchestration.worker import Beside
from pipeline.scoring import typology_models
from pipeline.scoring.everybody import band_edges, banded, history
from pipeline.scoring.pack_tables import pack_tables
from pipeline.scoring.training import Occasion, matured_verdicts, trained_tables, trials
from pipeline.tables import latest_snapshot, query, store
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from datetime import date

    import duckdb

    from pipeline.learning.model import Trainer
    from pipeline.learning.standing import StandingModels
    from pipeline.settings.build import Settings
    from queries.packs import Pack


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    trainer: Trainer | None = None,
    packs_in_use: Iterable[Pack] | None = None,
    standing: StandingModels | None = None,
) -> None:
    """Make every table of schema `scores`.

    `trainer` and `packs_in_use` may replace our boosted trees and the packs of the house; a
    folder of somebody else's scores replaces ours for the types it names
    (`pipeline.inputs.external_scores`); `standing` models score without a training.

    Raises StageError when features, signals, labels or snapshots are missing, InputError for
    scores that break their contract.
    """
    as_of = latest_snapshot(con)
    external = _external(con, as_of, settings)
    own_packs = packs(folder_of(settings.packs_folder)).values()
    in_use = list(own_packs if packs_in_use is None else packs_in_use)
    occasion = Occasion(as_of, in_use, external, settings, trainer)
    with Beside(con) as beside:
        of_packs = beside.does(pack_tables, as_of, in_use, settings)
        if standing is None:
            tables = _trained(con, beside, occasion, of_packs)
        else:
            tables = _standing(beside, occasion, of_packs, standing)
    labels = query(con, "select * from staging.labels")
    tables["label_arrival"] = arrivals(labels, as_of, settings.evaluation.least_arrivals)
    tables["bands"] = band_edges(settings.bands)
    tables["handed_contributions"] = external.contributions
    for name, frame in tables.items():
        on_progress(f"scores.{name}", store(con, f"scores.{name}", frame))


def _trained(
    con: duckdb.DuckDBPyConnection,
    beside: Beside,
    occasion: Occasion,
    of_packs: Future[dict[str, pl.DataFrame]],
) -> dict[str, pl.DataFrame]:
    """Every table from models of today; what is trained is scored with beside the next one."""
    as_of, settings = occasion.as_of, occasion.settings
    matured, done, parts = matured_verdicts(con, occasion), [], []
    for one in trials(con, occasion, matured):
        done.append(one)
        parts.append(beside.does(history, one.in_use, settings))
    everybody = beside.does(_everybody, as_of, parts, occasion)
    tables, heads = trained_tables(beside, occasion, matured, done, of_packs.result())
    typologies = beside.does(_typologies, as_of, heads, of_packs, settings)
    tables |= of_packs.result() | everybody.result()
    return tables | {"typologies": typologies.result()}


def _standing(
    beside: Beside,
    occasion: Occasion,
    of_packs: Future[dict[str, pl.DataFrame]],
    standing: StandingModels,
) -> dict[str, pl.DataFrame]:
    """Every table from the models of an earlier build, with what its training said of them."""
    as_of, settings = occasion.as_of, occasion.settings
    parts = [beside.does(history, one, settings) for one in standing.in_use]
    everybody = beside.does(_everybody, as_of, parts, occasion)
    heads = typology_models.standing_heads(standing.tables["heads"], standing.tables["head_files"])
    typologies = beside.does(_typologies, as_of, heads, of_packs, settings)
    tables = {**standing.tables} | of_packs.result() | everybody.result()
    return tables | {"typologies": typologies.result()}


def _external(
    con: duckdb.DuckDBPyConnection, as_of: date, settings: Settings
) -> external_scores.ExternalScores:
    """Somebody else's scores, or none."""
    if not settings.scores_folder:
        return external_scores.NONE
    external = external_scores.load(Path(settings.scores_folder))
    external_scores.check_against(con, external, as_of)
    return external


def _everybody(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    parts: Iterable[Future[list[pl.DataFrame]]],
    occasion: Occasion,
) -> dict[str, pl.DataFrame]:
    """Scores of every snapshot, and who is unlike their peers at the latest."""
    ours, settings = [piece for part in parts for piece in part.result()], occasion.settings
    scores = banded([*ours, occasion.external.scores], settings.bands)
    latest = scores.filter(pl.col("as_of") == as_of)
    anomalies = shortlist.anomalies(con, as_of, latest, settings.anomalies)
    return {"scores": scores, "anomalies": anomalies}


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
