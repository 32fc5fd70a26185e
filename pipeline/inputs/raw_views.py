"""Views over raw tables: `delivered.<table>` as is, `raw.<table>` as the contract types it.

Nothing is copied. What keeps a table from being typed at all (unreadable, a column missing or of
a kind that no cast makes right) is a fault of its file; what single rows break is looked for
later. Columns are matched without regard to case, for databases hand out names in upper case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from pipeline.inputs.csv_reading import (
    NULL_MARK,
    BrokenLine,
    CsvTable,
    broken_lines,
    column_twice,
    look_at,
)
from pipeline.inputs.faults import Fault
from pipeline.inputs.file_sources import spellings
from pipeline.inputs.sources import Problem, Source, SourceTable, open_source
from queries.contract import VECTOR, RawColumn, RawTable, raw_tables
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

_NESTED = re.compile(r"\[|^(struct|map|list|array|union|variant)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"^(float|double|real|decimal(\(\d+,\s?\d+\))?|\w*int|integer)\[\d*\]$")
"""Lists and arrays of numbers."""
_WHOLE_TEXT = re.compile(r"^(blob|bytea|bit)\b", re.IGNORECASE)
_FLOATS = ("double", "float")
_NULL_WORDS = ("", "null", "(null)", "<null>", "none", "nan", "nat", "<na>", "na", "n/a", "#n/a",
               "nil", "undefined")  # fmt: skip
"""How programs write null as text, in small letters."""
_NULL_SIGNS = ("-", "--", "0000-00-00", "0000-00-00 00:00:00")
"""Null of a time or a number too; a reference may mean the row that is called so."""
_KINDS = {
    "varchar": "text",
    "boolean": "true or false",
    "bigint": "whole number",
    "double": "number",
    VECTOR: "list of numbers",
}


@dataclass(frozen=True)
class Delivered:
    """A raw table that can be read."""

    table: RawTable
    source: SourceTable
    types: dict[str, str]
    """Type of each column of the contract that is there, as delivered."""
    lines: tuple[BrokenLine, ...] = ()
    """Lines of a CSV file that are no rows, and are passed over."""

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    @property
    def file(self) -> str:
        """What a person calls it."""
        return self.source.place

    def may_fail(self, column: RawColumn) -> bool:
        """Whether values as delivered may not be what the contract asks for."""
        delivered = self.types.get(column.name)
        return delivered is not None and (delivered != column.type or column.type == "double")

    def original(self, column: RawColumn) -> str:
        """SQL of a column as delivered; null is null however the file writes it.

        A text that may not be null is as it stands: who names a shop None means it.
        """
        value = f'"{column.name}"'
        if self.source.format == "csv":
            if column.type == "varchar" and not column.nullable:
                value = f"coalesce({value}, '')"
            value = f"nullif({value}, '{NULL_MARK}')"
        delivered = self.types.get(column.name)
        if column.nullable and delivered in _FLOATS:
            return f"case when not isnan({value}) then {value} end"
        is_reference = bool(column.references or column.entity_type_in)
        is_text = column.type == "varchar" and not is_reference
        if column.nullable and delivered == "varchar" and not is_text:
            words = _NULL_WORDS if is_reference else _NULL_WORDS + _NULL_SIGNS
            listed = ", ".join(map(quoted, words))
            return f"case when lower(trim({value})) not in ({listed}) then {value} end"
        return value

    def typed(self, column: RawColumn, known_before: date | None = None) -> str:
        """SQL of a column as the contract types it.

        Of a time that may be null, one on or after `known_before` is not known yet, and neither
        is what became known with it.
        """
        value = self._cast(column)
        moment = column if is_state(column) else self.table.columns.get(column.known_with)
        if known_before and moment:
            known = f"{self._cast(moment)} < timestamp '{known_before} 00:00'"
            value = f"case when {known} then {value} end"
        return f'{value} as "{column.name}"'

    def _cast(self, column: RawColumn) -> str:
        if column.name not in self.types:  # not delivered, and need not be
            return f"cast(null as {column.type})"
        delivered, value = self.types[column.name], self.original(column)
        if delivered == column.type:
            return value
        if (column.type, delivered) == ("boolean", "varchar"):  # a column with nulls of pandas
            value = f"regexp_replace(trim({value}), '^([01])\\.0+$', '\\1')"
        if (column.type, delivered) == ("timestamp", "varchar"):
            value = f"try_cast({value} as timestamptz)"  # as a timestamp it loses its offset
        return f"try_cast({value} as {column.type})"


@dataclass
class Delivery:
    """A source as far as it can be read."""

    source: Source
    """Where it lies."""
    faults: list[Fault] = field(default_factory=list)
    """What keeps a table from being typed."""
    tables: dict[str, Delivered] = field(default_factory=dict)
    """The typed ones, by name."""

    def in_own_names(self, table: str, fault: Fault) -> Fault:
        """A fault as whoever delivers a mapped source knows it: by their file and column."""
        own = self.source.own_names(table, fault.column.split(", "))
        return replace(fault, file=own[0], column=own[1]) if own else fault


def is_state(column: RawColumn) -> bool:
    """Whether a column says when something came to a row that may not have happened yet.

    The birth of the row is none, though it too may be null: nobody may know when that was. Nor
    is its end, before which nobody knows of the row.
    """
    comes_later = column.nullable and not (column.is_birth or column.is_end)
    return column.type == "timestamp" and comes_later and not column.may_lie_ahead


def open_raw(
    con: duckdb.DuckDBPyConnection,
    place: Path | str | Source,
    names: tuple[str, ...] | None = None,
) -> Delivery:
    """Make both views of every table of a source, or of some.

    Raises InputError where there is nothing to read at `place`.
    """
    # A time with a zone is the same instant whatever zone the builder's machine is in.
    con.execute("set global timezone = 'UTC'")
    for schema in ("delivered", "raw"):
        con.execute(f"create schema if not exists {schema}")
    source = place if isinstance(place, Source) else open_source(con, place)
    delivery = Delivery(source)
    for table in (raw_tables()[name] for name in names or raw_tables()):
        if table.name in source.problems:
            delivery.faults.append(_unread(source.problems[table.name]))
        elif table.name in source.tables:
            _open_table(con, table, source.tables[table.name], delivery)
        elif numbered := source.numbered(table.name):
            delivery.faults.append(_unread(numbered))
        elif table.optional:
            leave_empty(con, table)
        else:
            delivery.faults.append(_unread(source.lacks(table.name)))
    return delivery


def _unread(problem: Problem) -> Fault:
    return Fault(problem.place, "", 0, problem.found, problem.remedy)


def _open_table(
    con: duckdb.DuckDBPyConnection, table: RawTable, source: SourceTable, delivery: Delivery
) -> None:
    """Views over one table; CSV files are looked at first."""
    form = look_at(source.csv, table) if source.csv else None
    if isinstance(form, Fault):
        delivery.faults.append(form)
        return
    _deliver(
        con, table, replace(source, relation=form.relation) if form else source, form, delivery
    )


def leave_empty(con: duckdb.DuckDBPyConnection, table: RawTable) -> None:
    """A view without rows, for a table that may be left out and was."""
    columns = ", ".join(f'cast(null as {c.type}) as "{c.name}"' for c in table.columns.values())
    con.execute(f"create or replace view raw.{table.name} as select {columns} where false")


def _deliver(
    con: duckdb.DuckDBPyConnection,
    table: RawTable,
    source: SourceTable,
    form: CsvTable | None,
    delivery: Delivery,
) -> None:
    """Views over one table, or its faults of form."""
    view = f"create or replace view delivered.{table.name} as select * from "
    try:
        con.execute(view + source.relation)
        columns = con.execute(f"describe delivered.{table.name}").fetchall()
        lines = _broken_lines(con, form) if form else ()
        if form and lines:
            con.execute(view + replace(form, skips_broken=True).relation)
    except duckdb.Error as error:
        found = f"cannot be read ({str(error).splitlines()[0]})"
        remedy = "Write the file again as Parquet or UTF-8 CSV."
        delivery.faults.append(Fault(source.place, "", 0, found, remedy))
        return
    present = {str(row[0]).lower(): str(row[1]).lower() for row in columns}
    faults = [*_column_faults(table, source, present), *_same_names(con, table, source, present)]
    delivery.faults += [delivery.in_own_names(table.name, fault) for fault in faults]
    if not faults:
        types = {name: present[name] for name in table.columns if name in present}
        delivered = Delivered(table, source, types, lines)
        delivery.tables[table.name] = delivered
        make_view(con, delivered, View())


@dataclass(frozen=True)
class View:
    """Which rows of a delivered table its typed view has, and what of them."""

    known_before: date | None = None
    """As for `Delivered.typed`."""
    rows: str = ""
    """SQL that holds of every row `t`; empty = of all."""
    once: str = ""
    """Table of its typed rows without copies, where there is one."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Of columns that may be null the values that are not known yet, as SQL of a list."""


def make_view(con: duckdb.DuckDBPyConnection, delivered: Delivered, view: View) -> None:
    """Make or replace the typed view of a table."""
    columns = ", ".join(
        delivered.typed(column, view.known_before) for column in delivered.table.columns.values()
    )
    name = delivered.name
    typed = f"from {view.once} as t" if view.once else f"select {columns} from delivered.{name}"
    for column, values in view.unknown.items():
        known = f'case when "{column}" not in {values} then "{column}" end'
        typed = f'select * replace ({known} as "{column}") from ({typed})'
    if view.rows:
        typed = f"select * from ({typed}) as t where {view.rows}"
    con.execute(f"create or replace view raw.{name} as {typed}")


def _broken_lines(con: duckdb.DuckDBPyConnection, form: CsvTable) -> tuple[BrokenLine, ...]:
    """Lines that are no rows, found by reading each file once; what is noted goes with `own`."""
    part = "parse_filename(file_path)" if form.has_parts else "''"
    with con.cursor() as own:
        for diagnosis in form.diagnoses:
            # Every column is asked for: what nobody reads is not looked at.
            own.execute(f"select count(columns(*)) from {diagnosis}").fetchall()
        rows = own.execute(
            f"select line, cast(error_type as varchar), csv_line, {part} "
            "from reject_errors join reject_scans using (scan_id, file_id)"
        ).fetchall()
    return tuple(broken_lines(rows))


def _column_faults(table: RawTable, source: SourceTable, present: dict[str, str]) -> list[Fault]:
    faults = []
    for name, column in table.columns.items():
        if name not in present:
            if column.nullable and not column.is_end:
                continue
            found, remedy = "column is missing", f"Add it: {described(column)}."
            faults.append(Fault(source.place, name, 0, found, remedy))
            continue
        held = _kind_of_no_use(column, present[name])
        if held:
            wanted = _KINDS.get(column.type, column.type)
            remedy = f"Write it as {column.type}: {described(column)}."
            found = f"holds {held} ({present[name][:60]}) where a {wanted} belongs"
            faults.append(Fault(source.place, name, 0, found, remedy))
    return faults


def _kind_of_no_use(column: RawColumn, delivered: str) -> str:
    if column.type == VECTOR:
        fits = delivered == "varchar" or _NUMBERS.match(delivered)
        return "" if fits else "no list of numbers"
    if _NESTED.search(delivered):
        return "lists" if delivered.endswith("]") else "structs"
    return "bytes" if _WHOLE_TEXT.match(delivered) else ""


def _same_names(
    con: duckdb.DuckDBPyConnection, table: RawTable, source: SourceTable, present: dict[str, str]
) -> list[Fault]:
    """Columns of Parquet or JSON that differ only by case: the database renames the second one."""
    twins = [name for name in table.columns if f"{name}_1" in present]
    if not twins or source.format not in {"parquet", "json"}:
        return []
    names = spellings(con, source)
    spelt = {name: [one for one in names if one.lower() == name] for name in twins}
    return [column_twice(source.place, name, ones) for name, ones in spelt.items() if len(ones) > 1]


def described(column: RawColumn) -> str:
    """A column of the contract in words."""
    details = [column.type, column.unit or column.meaning, "may be null" if column.nullable else ""]
    return f"{column.name} ({', '.join(part for part in details if part)})"
