"""Whether a source has tables of its own that nobody has mapped, and the way on from there.

"no merchants.parquet" helps whoever forgot a file, and nobody whose shops are called sellers. So
a source is led to a mapping where none of the core fits, or where what is missing is there under
another name; a delivery of ours that lacks a table or a column gets the sentence that names it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import InputError
from pipeline.inputs.likeness import bare_tables, column_of, is_table
from pipeline.inputs.sources import is_address
from queries.contract import raw_tables

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.inputs.sources import Source
    from queries.contract import RawTable

_NAMED = 3
"""Names in a sentence; the rest is a number."""


@dataclass(frozen=True)
class _Misfit:
    """A table of a core name whose columns are called otherwise."""

    table: RawTable
    place: str
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    """Columns that it needs and does not have by our names."""

    @property
    def is_renamed(self) -> bool:
        """Whether what is missing is there under a name that others use for it."""
        return any(column_of(self.table.name, name, self.columns) for name in self.missing)


def refuse_unmapped(con: duckdb.DuckDBPyConnection, place: Path | str, source: Source) -> None:
    """Raises InputError with the way to a mapping where a source is of another make than ours."""
    if source.is_mapped or not source.tables:
        return
    core = [table for table in raw_tables().values() if not table.optional]
    own = sorted(source.tables.keys() - raw_tables().keys())
    lacking = [table.name for table in core if table.name not in source.tables]
    lacking = [name for name in lacking if name not in source.problems]
    misfits = [
        one
        for table in core
        if table.name in source.tables and (one := _misfit(con, table, source))
    ]
    has_nothing = len(lacking) + len(misfits) == len(core) and bool(own or misfits)
    bare = bare_tables(source.tables)
    is_elsewhere = any(is_table(bare[name], wanted) for name in own for wanted in lacking)
    if has_nothing or is_elsewhere or any(one.is_renamed for one in misfits):
        spelt = source.place if is_address(place) else str(place)  # an address without its password
        raise InputError(
            f"{spelt} holds {_found(own, lacking, misfits)}.",
            "Tables and columns called as in queries/contracts/raw.toml were expected.",
            "Where yours are called otherwise, map them: ringfence init DIR --from "
            f"{shlex.quote(spelt)} proposes how, and says what it could not find.",
        )


def _misfit(con: duckdb.DuckDBPyConnection, table: RawTable, source: Source) -> _Misfit | None:
    """A table without most of what it needs, most of whose columns are not ours."""
    one = source.tables[table.name]
    try:
        rows = con.execute(f"describe select * from {one.relation}").fetchall()
    except duckdb.Error:
        return None  # damaged, which is said elsewhere
    columns = tuple(str(row[0]) for row in rows)
    there = {name.lower() for name in columns}
    needed = [name for name, column in table.columns.items() if not column.nullable]
    missing = tuple(name for name in needed if name not in there)
    ours = len(there & table.columns.keys())
    if 2 * len(missing) <= len(needed) or 2 * ours >= len(there):
        return None
    return _Misfit(table, one.place, columns, missing)


def _found(own: list[str], lacking: list[str], misfits: list[_Misfit]) -> str:
    parts = [f"tables of its own ({_listed(own)})"] if own else []
    none = " or ".join(part for part in (", ".join(lacking[:-1]), *lacking[-1:]) if part)
    parts += [f"no {none}"] if none else []
    parts += [f"{one.table.name} without {_listed(one.missing)}, which it needs" for one in misfits]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
