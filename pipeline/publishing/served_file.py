"""The served file and the one that is to replace it.

Analysts keep reading the last good file while the next one is written beside it:
docs/decisions/0001-publish-by-rename.md.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.errors import BuildError
from pipeline.orchestration import stages
from queries.contract import CONTRACT_VERSION

if TYPE_CHECKING:
    from datetime import date

    import polars as pl


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
    if not database.is_file():
        return None
    sql = f"select {id_column} as group_id, entity_type, entity_id from {table}"
    try:
        with queries.connect(database) as con:
            members: pl.DataFrame = con.sql(sql).pl()
    except duckdb.Error:
        return None
    return members


def cleared(database: Path) -> Path:
    """Where the next file is written, without what a killed build left there."""
    work = database.with_suffix(".duckdb.next")
    for path in (work, Path(f"{work}.wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(f"{work}.tmp", ignore_errors=True)
    return work


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
