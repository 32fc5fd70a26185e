"""One batch held against the contract: its rows as the contract types them, or why not.

The same check as of a whole delivery (`pipeline.inputs.raw_check`), but for what needs the rest
of it: whether a row that is referred to exists is asked when the batch is put beside the build.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import InputError
from pipeline.inputs import file_sources
from pipeline.inputs.clocks import Clock
from pipeline.inputs.faults import many
from pipeline.inputs.raw_check import Part, examine
from pipeline.inputs.sources import Source
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    import polars as pl

    from pipeline.inputs.raw_check import Checked
    from pipeline.inputs.sources import SourceTable
    from pipeline.live.drop import Snapshot
    from pipeline.live.own_tables import OwnTables
    from pipeline.settings.inputs import InputSettings


@dataclass(frozen=True)
class Batch:
    """What came of one file."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    """Rows by contract table; none where the batch is set aside."""
    rows_set_aside: int = 0
    problem: str = ""
    """Why rows, or the whole batch, are set aside; empty where nothing is."""
    is_refused: bool = False

    @property
    def row_count(self) -> int:
        """Rows of the contract tables."""
        return sum(map(len, self.tables.values()))


@dataclass(frozen=True)
class Intake:
    """What batches are held against."""

    first_day: date
    """That of the build."""
    today: date
    """The day on the wall, UTC: a later time is a wrong clock."""
    settings: InputSettings
    own: OwnTables | None = None
    """The marketplace's own tables, where a mapping file makes them ours."""

    @property
    def tables(self) -> Collection[str]:
        """Tables that a batch may be of."""
        return self.own.names if self.own else raw_tables()

    def read(self, taken: Snapshot, out: Path) -> Batch:
        """The rows that keep the contract; a batch that is mostly wrong has none.

        Rows that others will be joined with are kept in `out`.
        """
        file = taken.file
        if not file.table:
            return _refused(*self._of_no_table(file.name))
        try:
            table = _file_in(taken)
            if self.own is None:
                with closing(duckdb.connect()) as con:
                    source = Source(file.name, {file.table: table})
                    return self._checked(con, taken, source, (file.table,))
            source = self.own.made_of(file.table, table)
            names = tuple(one for one in raw_tables() if one in source.tables | source.problems)
            batch = self._checked(self.own.con, taken, source, names)
            if not batch.is_refused:
                self.own.keep(out, taken.digest, file.table)
        except InputError as error:
            return _refused(error.found, error.remedy)
        return batch

    def _checked(
        self,
        con: duckdb.DuckDBPyConnection,
        taken: Snapshot,
        source: Source,
        names: tuple[str, ...],
    ) -> Batch:
        clock = Clock.of_wall(self.first_day, self.today)
        checked = examine(con, source, self.settings, Part(names, clock))
        if checked.refusals:
            return _refused(*_sentence(checked, taken))
        rows = {name: con.sql(f"from raw.{name}").pl() for name in names}
        aside = sum(one.set_aside for one in checked.outcomes.values())
        return Batch(rows, aside, " ".join(_sentence(checked, taken)).strip() if aside else "")

    def _of_no_table(self, name: str) -> tuple[str, str]:
        if self.own is None:
            return f"{name} is of no table of the contract.", _NAMES
        listed = ", ".join(sorted(self.own.names))
        return f"{name} is of no table that {self.own.mapping.path} reads ({listed}).", _NAMES


_NAMES = (
    "Put it in a folder named like its table, or begin its name with the table: "
    "orders-0001.parquet."
)


def _file_in(taken: Snapshot) -> SourceTable:
    """The file as a table of a source, called as it was dropped.

    Raises InputError for one that is no table.
    """
    source = file_sources.folder(taken.folder, lambda _: False)
    name = taken.file.name
    problem = source.problems.get(taken.file.table)
    if problem:
        raise InputError(f"{name} is {problem.found}.", "A table was expected.", problem.remedy)
    table = source.tables.get(taken.file.table)
    if table is None:
        found = f"{name} is a file whose kind its name does not tell."
        remedy = f"End its name in .csv, .jsonl or .parquet. {file_sources.REMEDY}"
        raise InputError(found, "A table was expected.", remedy)
    return replace(table, place=name)


def _refused(found: str, remedy: str) -> Batch:
    return Batch(problem=f"{found} {remedy}".strip(), is_refused=True)


def _sentence(checked: Checked, taken: Snapshot) -> tuple[str, str]:
    """The first fault as a sentence about the dropped file, and how many more there are."""
    faults = checked.refusals or [one for one in checked.faults if one.rows]
    rest = f"({many(len(faults) - 1, 'more fault')}.)" if len(faults) > 1 else ""
    said = taken.in_own_words(str(faults[0]))
    return said if taken.file.name in said else f"{taken.file.name}: {said}", rest
