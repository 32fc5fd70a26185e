"""Run every stage in the order its tables ask for, beside the served file.

Analysts keep reading the last good database while the next one is written: a
build works on `ringfence.duckdb.next` and renames it when it is whole, so being
killed at any moment leaves what was served before.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

import pipeline
import queries
from pipeline import drift
from pipeline.communities import stage as communities
from pipeline.errors import BuildError
from pipeline.explaining import stage as explanations
from pipeline.inputs import external_scores, ingest
from pipeline.inputs.raw_check import open_raw
from pipeline.orchestration import scheduler, stages
from pipeline.scoring import stage as scores
from pipeline.settings.build import DATABASE, Settings
from pipeline.similarity import lockstep_cores
from queries.contract import CONTRACT_VERSION
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from pipeline.orchestration.scheduler import StageTime

    Progress = Callable[[str, str, int], None]

BUILDER: dict[str, str | bool | int | float | list[str]] = {
    "disabled_compression_methods": "fsst",
    "disabled_optimizers": "partial_aggregate_pushdown",
    "memory_limit": "6GB",
    "preserve_insertion_order": False,
}
"""What DuckDB is told while building. Do not sum before a join: our joins give an event
its dozen snapshots; merging half-made sums there costs more than summing plain rows. FSST
costs a seventh of the writing to try and makes no file of ours smaller. Rows that must keep
the order of a delivery are written once as they come and once more, whole, at a checkpoint:
no table of ours means anything by its order but where its query says `order by`."""
BESIDE_MODELS = "3GB"
"""Memory of the database once features are made: the stages in Python take eight of twelve
gigabytes for ten million orders. What does not fit waits on disk."""


@dataclass(frozen=True)
class Order:
    """What to build: from where, to where, and how."""

    data: Path
    """Folder of raw tables."""
    out: Path
    """Folder that holds the served database."""
    settings: Settings = field(default_factory=Settings)
    """How the stages behave."""
    casebook_labels: pl.DataFrame | None = None
    """Analysts' verdicts with the columns of raw.labels, if there are any."""

    @property
    def database(self) -> Path:
        """The served file."""
        return self.out / DATABASE


@dataclass(frozen=True)
class Report:
    """What a build did."""

    database: Path
    is_fresh: bool
    """True when it was built now, False when it was up to date already."""
    as_of: date
    stages: tuple[StageTime, ...] = ()


def build(order: Order, on_progress: Progress | None = None) -> Report:
    """Make `order.database` from `order.data`, or keep it when nothing changed.

    `on_progress(stage, table, row_count)` is called after each table. Raises
    InputError for a delivery that breaks the contract, BuildError when another
    build is running or the result is not whole; the served file is then untouched.
    """
    order = replace(order, casebook_labels=_teachable(order))
    print_of_input = fingerprint(order)
    current = _current(order.database, print_of_input)
    if current is not None:
        return Report(order.database, False, current)
    packs(folder_of(order.settings.packs_folder))  # a broken one is refused before an hour's work
    if order.settings.scores_folder:
        external_scores.load(Path(order.settings.scores_folder))  # the same
    _make_folder(order.out)
    with _only_builder(order.out):
        work = order.database.with_suffix(".duckdb.next")
        _clear(work)
        previous = _previous_members(order.database)
        with duckdb.connect(str(work), config=dict(BUILDER)) as con:
            times = _run_stages(con, order, previous, on_progress or _silent)
            as_of = _write_meta(con, print_of_input, times)
            con.execute("checkpoint")
        _verify(work)
        _publish(work, order.database)
    return Report(order.database, True, as_of, times)


def fingerprint(order: Order) -> str:
    """Hash of everything a build depends on: data, labels, settings and code."""
    digest = hashlib.blake2b(digest_size=16)
    if order.data.is_dir():
        for path in sorted(order.data.glob("*.parquet")) + sorted(order.data.glob("*.csv")):
            _hash_file(digest, path, path.name)
    for package in (queries, pipeline):
        root = Path(str(package.__file__)).parent
        for suffix in ("py", "sql", "toml"):
            for path in sorted(root.rglob(f"*.{suffix}")):
                if "pages" not in path.parts:
                    _hash_file(digest, path, str(path.relative_to(root)))
    for path in sorted(folder_of(order.settings.packs_folder).glob("*.toml")):
        _hash_file(digest, path, path.name)
    if order.settings.scores_folder:
        for path in sorted(Path(order.settings.scores_folder).glob("*.parquet")):
            _hash_file(digest, path, path.name)
    digest.update(repr(order.settings).encode())
    if order.casebook_labels is not None:
        digest.update(order.casebook_labels.write_csv().encode())
    return digest.hexdigest()


def _teachable(order: Order) -> pl.DataFrame | None:
    """Casebook labels that were known before the data ends; later ones cannot teach yet."""
    if order.casebook_labels is None or not order.data.is_dir():
        return None
    with duckdb.connect() as con:
        _, typed = open_raw(con, order.data)
        if "orders" not in typed:
            return None
        as_of = queries.scalar(con, "select cast(max(created_at) as date) + 1 from raw.orders")
    known = order.casebook_labels.filter(pl.col("known_at") < as_of) if as_of else None
    return known if known is not None and known.height else None


def _hash_file(digest: Any, path: Path, name: str) -> None:
    digest.update(name.encode())
    with path.open("rb") as file:
        digest.update(hashlib.file_digest(file, "blake2b").digest())


def _current(database: Path, print_of_input: str) -> date | None:
    """The served file's `as_of` when it was built from the same input, else None."""
    if not database.is_file():
        return None
    sql = "select as_of from meta.build where data_fingerprint = $print and contract_version = $v"
    try:
        with queries.connect(database) as con:
            as_of: date | None = queries.scalar(
                con, sql, {"print": print_of_input, "v": CONTRACT_VERSION}
            )
    except duckdb.Error:
        return None
    return as_of


@contextmanager
def _only_builder(out: Path) -> Iterator[None]:
    """Hold the build lock; the kernel lets go of it however the process ends."""
    with (out / ".build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                f"Another build is writing to {out}.",
                "One build at a time was expected.",
                "Wait until it ends, or give this one another folder with --out.",
            ) from error
        yield


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BuildError(
            f"The folder {out} cannot be made ({error.strerror}).",
            "A folder that may be written to was expected.",
            "Name another with --out.",
        ) from error


def _clear(work: Path) -> None:
    for path in (work, Path(f"{work}.wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(f"{work}.tmp", ignore_errors=True)


def _previous_members(database: Path) -> pl.DataFrame | None:
    """Communities of the last build, so that a ring keeps its id."""
    if not database.is_file():
        return None
    sql = "select community_id, entity_type, entity_id from communities.members"
    try:
        with queries.connect(database) as con:
            found: pl.DataFrame = con.sql(sql).pl()
    except duckdb.Error:
        return None
    return found


def _run_stages(
    con: duckdb.DuckDBPyConnection,
    order: Order,
    previous: pl.DataFrame | None,
    on_progress: Progress,
) -> tuple[StageTime, ...]:
    writers: dict[str, Callable[..., None]] = stages.sql_writers(order.settings) | {
        "staging": partial(ingest.write, folder=order.data, labels=order.casebook_labels),
        "scores": partial(beside_models, partial(scores.write, settings=order.settings)),
        "explanations": partial(explanations.write, settings=order.settings),
        "communities": partial(communities.write, settings=order.settings, previous=previous),
        "drift": partial(drift.write, settings=order.settings),
        "similarity/lockstep_cores": lockstep_cores.write,
    }
    for schema in stages.SQL_SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    return scheduler.run(con, stages.step_reads(), writers, on_progress)


def beside_models(
    write: Callable[..., None],
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    """The first stage that fits models: the database gives memory back before it begins."""
    con.execute(f"set memory_limit = '{BESIDE_MODELS}'")
    write(con, on_progress=on_progress)


def _write_meta(
    con: duckdb.DuckDBPyConnection, print_of_input: str, times: tuple[StageTime, ...]
) -> date:
    as_of = stages.as_of(con)
    build_row = {
        "contract_version": [CONTRACT_VERSION],
        "as_of": [as_of],
        "ringfence_version": [version("ringfence")],
        "data_fingerprint": [print_of_input],
        "order_count": [queries.row_count(con, "staging.orders")],
    }
    made = pl.DataFrame(
        [(t.stage, t.tables, t.rows) for t in times],
        schema={"stage": pl.String, "tables": pl.Int64, "row_count": pl.Int64},
        orient="row",
    )
    con.execute("create schema meta")
    for table, frame in (("build", pl.DataFrame(build_row)), ("stages", made)):
        con.register("_meta", frame)
        con.execute(f"create table meta.{table} as select * from _meta")
        con.unregister("_meta")
    return as_of


def _verify(work: Path) -> None:
    """Open the finished file as a reader would; refuse to publish one that is not whole."""
    with queries.connect(work) as con:
        built = {row[0] for row in con.execute("select stage from meta.stages").fetchall()}
    missing = set(stages.stages()) - built
    if missing:
        raise BuildError(
            f"{work} lacks the stages {sorted(missing)}.",
            "Every stage was expected to have written its tables.",
            "The served file is unchanged. Run the build again.",
        )


def _publish(work: Path, database: Path) -> None:
    with work.open("rb") as file:
        os.fsync(file.fileno())
    work.replace(database)


def _silent(stage: str, table: str, rows: int) -> None:
    """Report to nobody."""
