"""The door of the pipeline: run every stage in the order its tables ask for.

A build works beside the served file and renames its own when it is whole, so being killed at
any moment leaves what was served before: docs/decisions/0001-publish-by-rename.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.communities import stage as communities
from pipeline.drift import stage as drift
from pipeline.explaining import shap_check
from pipeline.explaining import stage as explanations
from pipeline.inputs import availability, external_scores, ingest
from pipeline.inputs.casebook_labels import labels_in_time
from pipeline.inputs.sources import local_files
from pipeline.orchestration import scheduler, stages
from pipeline.publishing import collapse, ledger, served_file
from pipeline.publishing.fingerprint import fingerprint
from pipeline.publishing.lock import only_builder
from pipeline.publishing.meta import write_meta
from pipeline.publishing.order import Order
from pipeline.scoring import stage as scores
from pipeline.similarity import lockstep_cores
from pipeline.tables import store
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from pipeline.orchestration.scheduler import StageTime
    from pipeline.settings.build import Settings

    Progress = Callable[[str, str, int], None]

__all__ = ["Order", "Report", "build", "fingerprint"]

BUILDER: dict[str, str | bool | int | float | list[str]] = {
    "disabled_compression_methods": "fsst",
    "disabled_optimizers": "partial_aggregate_pushdown",
    "memory_limit": "6GB",
    "preserve_insertion_order": False,
}
"""What DuckDB is told while building: docs/decisions/0002-duckdb-while-building.md."""
BESIDE_MODELS = "3GB"
"""Memory of the database once features are made: the stages in Python need the rest."""


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
    set_aside: str = ""
    """How many rows of which tables are not in it, in a sentence; empty where all are."""


def build(order: Order, on_progress: Progress | None = None) -> Report:
    """Make `order.database` from `order.data`, or keep it when nothing changed.

    `on_progress(stage, table, row_count)` is called after each table. Raises
    InputError for a delivery that breaks the contract, BuildError when another
    build is running or the result is not whole; the served file is then untouched.
    """
    labels = labels_in_time(order.casebook_labels, order.data, order.settings.inputs)
    order = replace(order, casebook_labels=labels)
    print_of_input = fingerprint(order)
    current = served_file.up_to_date(order.database, print_of_input)
    if current is not None and local_files(order.data) is not None:
        return Report(order.database, False, current)
    packs(folder_of(order.settings.packs_folder))  # a broken one is refused before an hour's work
    if order.settings.scores_folder:
        external_scores.load(Path(order.settings.scores_folder))  # the same
    with only_builder(order.out):
        work = served_file.cleared(order.database)
        carrying = ledger.Carrying(order.database, order.settings.history.keep_days)
        with duckdb.connect(str(work), config=dict(BUILDER)) as con:
            times = _run_stages(con, order, carrying, on_progress or _silent)
            collapse.refuse_lost_alerts(con, order)
            ledger.add_build(con, print_of_input)
            as_of = write_meta(con, print_of_input, times)
            set_aside = queries.scalar(con, "select summary from meta.delivery")
            con.execute("checkpoint")
        served_file.publish(work, order.database)
    return Report(order.database, True, as_of, times, carrying.note, set_aside)


def _run_stages(
    con: duckdb.DuckDBPyConnection,
    order: Order,
    carrying: ledger.Carrying,
    on_progress: Progress,
) -> tuple[StageTime, ...]:
    previous = served_file.previous_members(order.database)
    writers: dict[str, Callable[..., None]] = stages.sql_writers(order.settings) | {
        "staging": partial(
            collapse.refuse_lost_rows, order=order, write=partial(staged, order=order)
        ),
        "scores": partial(
            beside_models, partial(scored_beside_ledger, order=order, carrying=carrying)
        ),
        "explanations": partial(explained_and_checked, settings=order.settings),
        "communities": partial(communities.write, settings=order.settings, previous=previous),
        "drift": partial(drift.write, settings=order.settings),
        "similarity/lockstep_cores": lockstep_cores.write,
    }
    for schema in stages.SQL_SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    return scheduler.run(con, stages.step_reads(), writers, on_progress)


def staged(
    con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None], order: Order
) -> None:
    """The delivery in staging, and which features, signals and packs it leaves off."""
    ingest.write(
        con, order.data, order.casebook_labels, on_progress, settings=order.settings.inputs
    )
    availability.write(con, packs(folder_of(order.settings.packs_folder)).values())


def beside_models(
    write: Callable[..., None],
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    """The first stage that fits models: the database gives memory back before it begins."""
    con.execute(f"set memory_limit = '{BESIDE_MODELS}'")
    write(con, on_progress=on_progress)


def scored_beside_ledger(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    order: Order,
    carrying: ledger.Carrying,
) -> None:
    """The scores, and what earlier builds said: since when an alert waits is read from these."""
    scores.write(con, order.settings, on_progress)
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
