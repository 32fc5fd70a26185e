"""The served file and the one that is to replace it.

Analysts keep reading the last good file while the next one is written beside it:
docs/decisions/0001-publish-by-rename.md.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.errors import BuildError, StorageError
from pipeline.orchestration import stages
from pipeline.orchestration.memory import said
from pipeline.publishing.witness import leftovers, remove_leftovers
from queries.contract import CONTRACT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import polars as pl

    from pipeline.publishing.order import Order

_KEPT = (
    "Kept of the earlier build where the same went in: drift by day, words found in texts, and "
    "what is off for want of data. Every other table was computed anew."
)


def up_to_date(database: Path, fingerprint: str) -> date | None:
    """The served file's `as_of` when it was built from the same input, else None."""
    if not database.is_file():
        return None
    sql = "select as_of from meta.build where data_fingerprint = $print and contract_version = $v"
    try:
        with queries.connect(database) as con:
            as_of: date | None = queries.scalar(
                con, sql, {"print": fingerprint, "v": CONTRACT_VERSION}
            )
    except duckdb.Error:
        return None
    return as_of


def previous_members(database: Path, table: str, id_column: str) -> pl.DataFrame | None:
    """`group_id, entity_type, entity_id` of the last build, so that a group keeps its id."""
    sql = f"select {id_column} as group_id, entity_type, entity_id from {table}"
    return previous_rows(database, sql)


def previous_rows(database: Path, sql: str) -> pl.DataFrame | None:
    """What a line of SQL reads of the last build; None where there is none, or not that table."""
    if not database.is_file():
        return None
    try:
        with queries.connect(database) as con:
            rows: pl.DataFrame = con.sql(sql).pl()
    except duckdb.Error:
        return None
    return rows


def rows_to_keep(order: Order, recipe: str) -> tuple[Path | None, str]:
    """The served file where a build may take over rows whose inputs are the same, and a sentence.

    That is where the same code, libraries, packs and settings made it; else None and why.
    """
    rows = previous_rows(order.database, "select recipe from meta.training")
    if order.full:
        reason = "it was asked for"
    elif not order.database.is_file():
        reason = "there is no earlier build"
    elif rows is None or rows["recipe"].to_list() != [recipe]:
        reason = "code, libraries, packs or settings have changed"
    else:
        return order.database, _KEPT
    return None, f"Every row was computed anew: {reason}."


@contextmanager
def workspace(database: Path) -> Iterator[Path]:
    """Where the next file is written; whatever becomes of it, nothing of it is left there.

    A disk or a memory that gives no more is a StorageError that says what was needed and free.
    """
    work = database.with_suffix(".duckdb.next")
    if database.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(database))
    remove_leftovers(work)
    try:
        yield work
    except BaseException as error:
        written = sum(map(_size, leftovers(work)))
        with suppress(OSError):
            remove_leftovers(work)
        sentence = StorageError.of(error, database.parent, _room(database, written))
        if sentence is None:
            raise
        raise sentence from error


def _size(path: Path) -> int:
    """Bytes of a file or of all below a folder; 0 where there is none."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(one.stat().st_size for one in files if one.is_file())


def _room(database: Path, written: int) -> str:
    """What a build needed and what there is, once its leftovers are gone."""
    free = f"{said(shutil.disk_usage(database.parent).free)} are free there now"
    kept = f" What was served, {said(_size(database))}, is untouched." if database.is_file() else ""
    return f"The build had written {said(written)} and needed more; it is removed, {free}.{kept}"


def publish(work: Path, database: Path) -> None:
    """Put a finished file in the place of the served one.

    Raises BuildError for one that a reader would not find whole.
    """
    _verify(work)
    with work.open("rb") as file:
        os.fsync(file.fileno())
    work.replace(database)


def _verify(work: Path) -> None:
    """Open the finished file as a reader would."""
    with queries.connect(work) as con:
        built = {row[0] for row in con.execute("select stage from meta.stages").fetchall()}
    missing = set(stages.stages()) - built
    if missing:
        raise BuildError(
            f"{work} lacks the stages {sorted(missing)}.",
            "Every stage was expected to have written its tables.",
            "The served file is unchanged. Run the build again.",
        )
