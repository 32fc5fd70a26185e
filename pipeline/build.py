"""The door of the pipeline: run every stage in the order its tables ask for.

A build works beside the served file and renames its own when it is whole, so being killed at
any moment leaves what was served before: docs/decisions/0001-publish-by-rename.md.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.communities import stage as communities
from pipeline.content import matched_texts, named_texts
from pipeline.drift import day_stage as drift_days
from pipeline.drift import score_drift
from pipeline.errors import InputError, StorageError
from pipeline.explaining import shap_check
from pipeline.explaining import stage as explanations
from pipeline.inputs import availability, external_scores, ingest
from pipeline.inputs.casebook_labels import known_on, labels_in_time, waiting_sentence
from pipeline.inputs.sources import local_files
from pipeline.noticing import stage as noticing
from pipeline.orchestration import intermediate_tables, scheduler, stages
from pipeline.orchestration.memory import BUILDER, Budget, DatabaseLimit, said
from pipeline.publishing import collapse, ledger, ring_history, served_file
from pipeline.publishing.fingerprint import fingerprint, recipe
from pipeline.publishing.lock import lock_file, only_builder
from pipeline.publishing.meta import write_meta
from pipeline.publishing.order import Order
from pipeline.publishing.training_schedule import TrainingSchedule
from pipeline.publishing.witness import witnessed
from pipeline.rings import actors as ring_actors
from pipeline.rings import members as ring_members
from pipeline.rings import places as ring_places
from pipeline.rings import rejected as rejected_links
from pipeline.scoring import stage as scores
from pipeline.signals import stage as signals
from pipeline.similarity import lockstep_cores
from pipeline.tables import store
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import date

    import polars as pl

    from pipeline.engines.stage import EngineStage
    from pipeline.orchestration.scheduler import StageTime
    from pipeline.settings.build import Settings

    Progress = Callable[[str, str, int], None]
    _Kept = tuple[
        Budget,
        external_scores.ExternalScores,
        Path | None,
        ledger.Carrying,
        TrainingSchedule,
        EngineStage | None,
    ]

__all__ = ["Order", "Report", "build", "fingerprint"]

RING_PLACES = "select ring_id, x, y from rings.places"


@dataclass(frozen=True)
class Report:
    """What a build did."""

    database: Path
    is_fresh: bool
    """True when it was built now, False when it was up to date already."""
    as_of: date
    stages: tuple[StageTime, ...] = ()
    note: str = ""
    """What became of the history of scores, in a sentence."""
    training: str = ""
    """Which models score it and why, in a sentence."""
    kept: str = ""
    """What of the earlier build stands in it, or why nothing does, in a sentence."""
    waiting: str = ""
    """Which decisions of the casebook this build may not learn from yet, and why."""
    set_aside: str = ""
    """How many rows of which tables are not in it, in a sentence; empty where all are."""


def build(order: Order, on_progress: Progress | None = None) -> Report:
    """Make `order.database` from `order.data`, or keep it when nothing changed.

    `on_progress(stage, table, row_count)` is called after each table. Raises
    InputError for a delivery that breaks the contract, StorageError when a disk, a folder or
    the memory gives no more, BuildError when another build is running or the result is not
    whole; the served file is then untouched.
    """
    try:
        return _built(order, on_progress or _silent)
    except OSError as error:
        sentence = StorageError.of(error, order.out)
        if sentence is None:
            raise
        raise sentence from error


def _built(order: Order, on_progress: Progress) -> Report:
    budget = Budget.of(order.memory)
    packs(folder_of(order.settings.packs_folder))  # a broken one is refused before an hour's work
    external = _external(order)  # the same
    decided = order.casebook_labels
    order = replace(order, casebook_labels=_labels(order, external))
    print_of_input = fingerprint(order)
    current = served_file.up_to_date(order.database, print_of_input)
    if current is not None and (order.data is None or local_files(order.data) is not None):
        waiting = waiting_sentence(decided, order.casebook_labels, current)
        return Report(order.database, False, current, waiting=waiting)
    with (
        only_builder(order.out),
        served_file.workspace(order.database) as work,
        witnessed(lock_file(order.out), work, said(budget.whole)),
        _engine(order, print_of_input) as engine,
    ):
        carrying = ledger.Carrying(order.database, order.settings.history.keep_days)
        schedule = TrainingSchedule(order.database, recipe(order), order.settings, order.train)
        earlier, kept = served_file.rows_to_keep(order, schedule.recipe)
        with duckdb.connect(str(work), config=builder(budget)) as con:
            intermediate_tables.attach(con, work)
            times = _run_stages(
                con, order, (budget, external, earlier, carrying, schedule, engine), on_progress
            )
            collapse.refuse_lost_alerts(con, order)
            ledger.add_build(con, print_of_input)
            as_of = write_meta(con, print_of_input, times)
            set_aside = queries.scalar(con, "select summary from meta.delivery")
            intermediate_tables.leave_out(con, work)
            con.execute("checkpoint")
        served_file.publish(work, order.database)
    waiting = waiting_sentence(decided, order.casebook_labels, as_of)
    notes = {"note": carrying.note, "training": schedule.note, "kept": kept, "waiting": waiting}
    return Report(order.database, True, as_of, times, set_aside=set_aside, **notes)


def _external(order: Order) -> external_scores.ExternalScores:
    """The scores of somebody else, or none; without raw tables there have to be some."""
    if order.settings.scores_folder:
        external = external_scores.load(Path(order.settings.scores_folder))
        if order.data or not external.scores.is_empty():
            return external
    elif order.data:
        return external_scores.NONE
    raise InputError(
        "There are neither raw tables nor scores to build from.",
        "A folder of raw tables, a folder of scores, or both were expected.",
        "Name them: ringfence build --data DIR, or ringfence build --scores DIR.",
    )


def _labels(order: Order, external: external_scores.ExternalScores) -> pl.DataFrame | None:
    """Analysts' verdicts as far as they were known on the day of this build."""
    if order.data:
        return labels_in_time(order.casebook_labels, order.data, order.settings.inputs)
    own = order.casebook_labels
    return None if own is None else known_on(own, external.last_day)


def builder(budget: Budget) -> dict[str, str | bool | int | float | list[str]]:
    """What DuckDB is told while building; what does not fit waits beside the file it writes."""
    return BUILDER | {"memory_limit": f"{budget.database}B", "threads": budget.threads}


def _run_stages(
    con: duckdb.DuckDBPyConnection,
    order: Order,
    kept: _Kept,
    on_progress: Progress,
) -> tuple[StageTime, ...]:
    budget, external, earlier, carrying, schedule, engine = kept
    limit = DatabaseLimit(budget.database)
    communities_before, rings_before = (
        served_file.previous_members(order.database, f"{schema}.members", id_column)
        for schema, id_column in (("communities", "community_id"), ("rings", "ring_id"))
    )
    catalogs = intermediate_tables.catalogs(order.settings)
    writers: dict[str, Callable[..., None]] = stages.sql_writers(order.settings, catalogs) | {
        "staging": partial(
            collapse.refuse_lost_rows,
            order=order,
            write=_staging(order, external, engine, earlier),
        ),
        "scores": partial(
            beside_models,
            partial(scored_beside_ledger, carrying=carrying, schedule=schedule),
            partial(limit.lower, size=budget.beside_models),
        ),
        "signals": partial(signals.write, settings=order.settings),
        "explanations": partial(explained_and_checked, settings=order.settings),
        "communities": partial(
            communities.write, settings=order.settings, previous=communities_before
        ),
        "drift/score_parts": partial(score_drift.write, settings=order.settings),
        "drift/data_days": partial(
            drift_days.write, settings=order.settings.day_drift, earlier=earlier
        ),
        "noticing": partial(noticing.write, settings=order.settings),
        "similarity/lockstep_cores": lockstep_cores.write,
        "content/matched_texts": partial(
            matched_texts.write, settings=order.settings, earlier=earlier
        ),
        "content/named_texts": named_texts.write,
    }
    writers |= _ring_writers(order, rings_before)
    if engine is not None:
        writers |= engine.writers(writers)
    con.execute(";".join(f"create schema if not exists {one}" for one in stages.SQL_SCHEMAS))
    return scheduler.run(con, stages.step_reads(), writers, on_progress, limit.raised)


def _ring_writers(order: Order, previous: pl.DataFrame | None) -> dict[str, Callable[..., None]]:
    """Who makes the tables of rings that are Python; rings keep the names of `previous` members."""
    settings = order.settings
    return {
        "rings/rejected_links": partial(rejected_links.write, links=order.rejected_links),
        "rings/actors": partial(ring_actors.write, settings=settings.rings),
        "rings/members": partial(ring_members.write, settings=settings.rings, previous=previous),
        "rings/places": partial(
            ring_places.write, previous=served_file.previous_rows(order.database, RING_PLACES)
        ),
        "rings/history": partial(
            ring_history.write,
            database=order.database,
            keep_days=settings.history.keep_days,
        ),
    }


def _engine(order: Order, origin: str) -> AbstractContextManager[EngineStage | None]:
    """The steps that another engine runs, or none; its client is an extra."""
    if order.engine is None:
        return nullcontext()
    from pipeline.engines.session import refuse_without_client

    refuse_without_client()
    from pipeline.engines.stage import opened

    return opened(order.engine, order.settings, origin)


def _staging(
    order: Order,
    external: external_scores.ExternalScores,
    engine: EngineStage | None,
    earlier: Path | None,
) -> Callable[..., None]:
    """The delivery in staging, and which features, signals and packs it leaves off."""
    in_use = packs(folder_of(order.settings.packs_folder)).values()

    def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
        inputs = order.settings.inputs
        if engine is None:
            labels = order.casebook_labels
            ingest.write(con, order.data, labels, on_progress, inputs, external.names)
        else:
            checked = ingest.prepare(con, order.data, order.casebook_labels, inputs)
            engine.write_staging(con, checked, on_progress)
            ingest.release(con)
        availability.write(con, in_use, earlier)

    return write


def beside_models(
    write: Callable[..., None],
    lower: Callable[[duckdb.DuckDBPyConnection], None],
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    """The first stage that fits models: from then on the database holds less."""
    lower(con)
    write(con, on_progress=on_progress)


def scored_beside_ledger(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    carrying: ledger.Carrying,
    schedule: TrainingSchedule,
) -> None:
    """The scores, and what earlier builds said: since when an alert waits is read from these."""
    scores.write(con, schedule.settings, on_progress, standing=schedule.standing(con))
    schedule.conclude(con)
    carrying.write(con, on_progress)


def explained_and_checked(
    con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None], settings: Settings
) -> None:
    """The explanations, and `meta.shap_check`: no build is whole whose reasons are wrong.

    Raises BuildError when shap says otherwise of a sample of them.
    """
    explanations.write(con, settings, on_progress)
    store(con, "meta.shap_check", shap_check.checked(con))


def _silent(stage: str, table: str, rows: int) -> None:
    """Report to nobody."""
