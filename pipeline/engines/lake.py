"""The lake: one folder of Parquet per table, written by the engine and read by both sides.

A table is whole when its mark lies beside its parts. The mark says what the table was made of,
so a build that was ended at any moment goes on where it stopped, and one of other data or other
SQL begins again.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.engines.translation import view_name
from queries.literals import quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    from pyspark.sql.connect.session import SparkSession

    from pipeline.engines.translation import Statement

MARK = "_MADE_OF"


@dataclass(frozen=True)
class Lake:
    """A folder that the builder and the engine see under the same path."""

    root: Path
    session: SparkSession
    origin: str
    """What the whole build rests on, as one hash."""

    def make(self, statement: Statement) -> Path:
        """The folder of the rows of a statement, which are readable under the name of its view.

        The engine makes them unless they are there already.
        """
        folder = self.folder(statement.view)
        mark = self._mark(statement)
        if not (folder / MARK).is_file() or (folder / MARK).read_text(encoding="utf-8") != mark:
            shutil.rmtree(folder, ignore_errors=True)
            self.session.sql(statement.sql).write.parquet(address(folder))
            folder.mkdir(parents=True, exist_ok=True)  # an engine may write nothing for no rows
            (folder / MARK).write_text(mark, encoding="utf-8")
        if parts(folder):
            self._read(folder, statement.view)
        else:
            columns = self.session.sql(statement.sql).schema
            self.session.createDataFrame([], columns).createOrReplaceTempView(statement.view)
        return folder

    def copy(self, con: duckdb.DuckDBPyConnection, table: str) -> None:
        """Make a table or view of `con` readable on the engine."""
        file = self.folder(view_name(table)) / "part-0.parquet"
        shutil.rmtree(file.parent, ignore_errors=True)
        file.parent.mkdir(parents=True)
        con.execute(f"copy (from {table}) to {quoted(str(file))}")
        self._read(file.parent, view_name(table))

    def _read(self, folder: Path, view: str) -> None:
        self.session.read.parquet(address(folder)).createOrReplaceTempView(view)

    def folder(self, view: str) -> Path:
        """Where the rows of a view lie: below its schema, a step of a table beside the table."""
        return self.root.joinpath(*view.split("__", 1))

    def _mark(self, statement: Statement) -> str:
        return hashlib.blake2b(f"{self.origin}\n{statement.sql}".encode()).hexdigest()


def address(folder: Path) -> str:
    """A folder as engines take it: Spark would look for `%20` where a space is."""
    return f"file://{folder}"


def parts(folder: Path) -> list[Path]:
    """The files that hold rows of a table."""
    return sorted(folder.rglob("*.parquet"))
