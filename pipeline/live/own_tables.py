"""Batches of a marketplace's own tables, which its mapping file makes those of the contract.

A file stands in the place of the own table that it is of, and the mapping makes every contract
table that reads that one. Whatever it is joined with is all rows of the mapping's source and of
the batches before, so the halves of a row may come in any order, and the last version counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import InputError
from pipeline.inputs.mapping import SCHEMA, make_mapped, open_own, read_mapping, rows_of, show
from pipeline.live.record import keep_rows, kept_rows

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.inputs.sources import Source, SourceTable

_BATCH, _JOINED = "batch", "joined"
"""Schemas of the file at hand, and of every row of the tables that some table is joined of."""
ROWS = "own"
"""What the rows of a batch as they came are kept as, beside those of the contract."""


class OwnTables:
    """The own tables that a mapping file reads; of those that are joined, every row."""

    def __init__(self, path: Path) -> None:
        self.mapping = read_mapping(path)
        self.con = duckdb.connect()
        self._source = open_own(self.con, self.mapping)
        show(self.con, self._source)
        self.con.execute(f"create schema {_JOINED}")
        reads = [
            mapped.reads() & self._source.tables.keys() for mapped in self.mapping.tables.values()
        ]
        self.names = frozenset(name for one in reads for name in one)
        """Tables that batches may be of."""
        self._joined = frozenset(name for one in reads if len(one) > 1 for name in one)
        for name in sorted(self._joined):
            self.con.execute(f'create table {_JOINED}."{name}" as from {SCHEMA}."{name}"')

    def close(self) -> None:
        """Let go of the source."""
        self.con.close()

    def made_of(self, name: str, table: SourceTable) -> Source:
        """The contract tables that a file of the own table `name` makes.

        Raises InputError for a file that cannot be read.
        """
        self.con.execute(f"drop schema if exists {_BATCH} cascade")
        self.con.execute(f"create schema {_BATCH}")
        try:
            self.con.execute(f'create table {_BATCH}."{name}" as {rows_of(table)}')
        except duckdb.Error as error:
            raise InputError(
                f"{table.place} cannot be read ({str(error).splitlines()[0]}).",
                "A whole file was expected.",
                "Write the file again as Parquet, UTF-8 CSV or JSON.",
            ) from error
        mapped = {one: how for one, how in self.mapping.tables.items() if name in how.reads()}
        source = replace(self._source, tables=self._source.tables | {name: table})
        return make_mapped(
            self.con,
            replace(self.mapping, tables=mapped),
            source,
            (_BATCH, _JOINED, SCHEMA),
            tuple(sorted(self._joined - {name})),
        )

    def keep(self, out: Path, digest: str, name: str) -> None:
        """Keep the rows of the file at hand for what will be joined with them.

        Raises InputError for rows that the source's columns cannot hold.
        """
        if name not in self._joined:
            return
        try:
            self._add(name, f'{_BATCH}."{name}"')
        except duckdb.Error as error:
            raise InputError(
                f"It does not fit beside the rows of {name} ({str(error).splitlines()[0]}).",
                f"Columns like those of {self._source.tables[name].place} were expected.",
                "Write it as that table is written.",
            ) from error
        keep_rows(out, digest, ROWS, self.con.sql(f'from {_BATCH}."{name}"').pl())

    def take_again(self, out: Path, digest: str, name: str) -> None:
        """Add the rows of an earlier batch."""
        rows = kept_rows(out, digest, ROWS) if name in self._joined else None
        if rows is not None:
            self.con.register("_rows", rows)
            self._add(name, "_rows")
            self.con.unregister("_rows")

    def _add(self, name: str, relation: str) -> None:
        """Columns that the source does not have are of no use to the mapping."""
        own, new = (
            {row[0].lower(): row[0] for row in self.con.execute(f"describe from {one}").fetchall()}
            for one in (f'{_JOINED}."{name}"', relation)
        )
        columns = ", ".join(f'"{own[one]}"' for one in own if one in new)
        self.con.execute(
            f'insert into {_JOINED}."{name}" ({columns}) select {columns} from {relation}'
        )
