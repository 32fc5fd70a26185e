"""A mapping file: how a source's own tables and columns become those of the contract.

`mapping.toml` says of each contract table from which tables of the source it comes, and of each
column which SQL expression it is. Expressions read the tables of that source and nothing else:
what could read a file, ask the clock or roll a die is refused before anything runs. The mapped
tables are made once, so that a wrong value is a sentence here and not a trace in a build.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import duckdb
from pydantic import Field

import queries
from pipeline.errors import InputError
from pipeline.inputs.clocks import ZONE
from pipeline.inputs.expressions import (
    Scope,
    joined_tables,
    named_tables,
    origins,
    refusal,
    remedy_of,
)
from pipeline.inputs.sources import COPIED, Problem, Source, SourceTable, is_address, open_source
from queries.contract import raw_tables
from queries.literals import quoted
from queries.toml_models import FileModel, FileRefused, Text, validate

if TYPE_CHECKING:
    from queries.contract import RawTable

FILE = "mapping.toml"
SCHEMA = "source"
"""Schema of the views over the source's own tables; gone when the build ends."""
_HELP = "docs/how-to-bring-your-own-data.md shows one that is finished"
_MACROS = """
create or replace macro {0}.minor(amount, currency) as cast(round(
    cast(amount as decimal(24, 6)) * cast({0}.minor_per_unit(currency) as integer)
) as bigint);
create or replace macro {0}.utc(moment, time_zone) as case
    when regexp_matches(trim(cast(moment as varchar)), '{1}')
    then cast(replace(replace(trim(cast(moment as varchar)), ' +', '+'), ' -', '-') as timestamptz)
    else cast(moment as timestamp) at time zone time_zone
end at time zone 'UTC';
"""
"""What expressions may call beside DuckDB's own functions: a price in whole units as minor
units of its currency, and a time as UTC: a local one, or one that says its offset itself."""

_Names = Annotated[tuple[Text, ...], Field(strict=False, description="a list of names")]
_Constant = Annotated[str | int | float | bool, Field(description="a text, number, true or false")]


class TableMapping(FileModel):
    """Where one contract table comes from."""

    source: Annotated[Text, Field(alias="from", description="tables of the source, as SQL")]
    where: Text = ""
    columns: Annotated[dict[str, Text], Field(description="an SQL expression for each column")] = (
        Field(default_factory=dict)
    )
    constants: Annotated[dict[str, _Constant], Field(description="a value for each column")] = (
        Field(default_factory=dict)
    )
    not_delivered: _Names = ()

    @property
    def rows(self) -> str:
        """The rows that the table is made of, as they stand in an SQL `from`."""
        return f"{self.source} where {self.where}" if self.where else self.source

    def reads(self) -> set[str]:
        """Tables of the source that its rows and expressions name."""
        listed = ", ".join(f"({sql})" for sql in self.expressions().values())
        return named_tables(f"select {listed or '1'} from {self.rows}")

    def expressions(self) -> dict[str, str]:
        """SQL of each mapped column, constants among them."""
        return self.columns | {name: _literal(value) for name, value in self.constants.items()}


@dataclass(frozen=True)
class Mapping:
    """A mapping file: its source, and what each contract table comes from."""

    path: Path
    source: Path | str
    tables: dict[str, TableMapping] = field(default_factory=dict)


def mapping_in(place: Path | str) -> Path | None:
    """The mapping file that lies at a place, if one does."""
    if is_address(place):
        return None
    path = Path(place)
    inside = path / FILE
    if inside.is_file():
        return inside
    return path if path.name == FILE and path.is_file() else None


def read_mapping(path: Path) -> Mapping:
    """A mapping file, held against the contract.

    Raises FileRefused with file, key, what was expected and what to do.
    """
    try:
        entries: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, "", f"it is not TOML: {error}", "a TOML file") from error
    source = entries.pop("source", None)
    if not isinstance(source, str) or not source.strip():
        raise _refused(path, "source", "it is missing", "the folder, file or address to read")
    absent = entries.pop("not_delivered", [])
    _held(path, "not_delivered", absent, raw_tables())
    _held(path, "", list(entries), raw_tables())
    tables = {name: _table(path, name, entry) for name, entry in entries.items()}
    twice = sorted(set(absent) & tables.keys())
    if twice:
        raise _refused(path, "not_delivered", f"{twice[0]} is mapped below", "one of both")
    where: Path | str = source
    if not is_address(source):
        where = _short(path.parent / Path(source).expanduser())
    return Mapping(path, where, tables)


def _short(way: Path) -> Path:
    """A path without the way up and down again, where a link does not make it another one."""
    short = Path(os.path.normpath(way))
    return short if short.exists() and way.exists() and short.samefile(way) else way


def _table(path: Path, name: str, entry: object) -> TableMapping:
    mapped = validate(TableMapping, entry, str(path), (name,))
    columns = raw_tables()[name].columns
    seen: set[str] = set()
    for key in ("columns", "constants", "not_delivered"):
        own = list(getattr(mapped, key))
        _held(path, f"{name}.{key}", own, columns)
        if twice := sorted(seen & set(own)):
            raise _refused(path, f"{name}.{key}", f"{twice[0]} is there twice", "each column once")
        seen |= set(own)
    return mapped


def _held(path: Path, key: str, names: object, known: dict[str, Any]) -> None:
    """Refuse names that the contract does not have."""
    listed = names if isinstance(names, list) else [names]
    for name in listed:
        if name not in known:
            raise _refused(path, key, f"{name!r} is not in the contract", _nearest(name, known))


def _nearest(name: object, known: dict[str, Any]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(name), known, n=3, cutoff=0.5)
    return f"one of {', '.join(near or sorted(known))}"


def _refused(path: Path, key: str, fault: str, expected: str) -> FileRefused:
    return FileRefused(str(path), key, fault, expected, f"Mend it; {_HELP}")


def _literal(value: object) -> str:
    return quoted(value) if isinstance(value, str) else str(value).lower()


def open_mapped(con: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """The contract tables that a mapping makes of its source, and what each column is called there.

    Raises FileRefused for a file that breaks a rule, InputError where its source cannot be read.
    """
    mapping = read_mapping(path)
    source = open_own(con, mapping)
    show(con, source)
    return make_mapped(con, mapping, source)


def make_mapped(
    con: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    source: Source,
    schemas: tuple[str, ...] = (SCHEMA,),
    versions: tuple[str, ...] = (),
) -> Source:
    """Make the contract tables of a mapping, of the tables in `schemas`, the first one first.

    Of rows with one key, those count that were made of the last rows of the tables `versions`,
    which hold every version of a row in the order in which they came.
    """
    con.execute(f"create schema if not exists {COPIED}")
    tables: dict[str, SourceTable] = {}
    problems: dict[str, Problem] = {}
    names: dict[str, dict[str, tuple[str, str]]] = {}
    scope = Scope.of(con, schemas, source)
    path = mapping.path
    with con.cursor() as own:
        own.execute(f"set search_path = '{','.join(schemas)}'")
        for name, mapped in mapping.tables.items():
            found = _problem(own, scope, mapped, f"{path}, [{name}]")
            if found:
                problems[name] = found
                continue
            origin = origins(scope, mapped.source, mapped.expressions())
            names[name] = {
                column: (place or str(path), f"{where} (as {name}.{column})")
                for column, (place, where) in origin.items()
            }
            own.execute(_statement(raw_tables()[name], mapped, versions))
            tables[name] = SourceTable(f"{path}, [{name}]", f"{COPIED}.{name}")
    return Source(str(path), tables, problems, source.files, names, True, source.is_local)


def open_own(con: duckdb.DuckDBPyConnection, mapping: Mapping) -> Source:
    """The source that a mapping reads.

    Raises InputError where it cannot be read.
    """
    try:
        return open_source(con, mapping.source)
    except InputError as error:
        found = f"{mapping.path}, key source: {error.found}"
        remedy = f"Mend source in {mapping.path}: a path is relative to that file."
        raise InputError(found, error.expected, remedy) from error


def show(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Make a view `source.<table>` of every table of a source, and what expressions may call."""
    con.execute(f"create schema if not exists {SCHEMA}")
    statement = queries.macros()["minor_per_unit"]
    con.execute(statement.replace("temp macro ", f"macro {SCHEMA}.", 1))
    con.execute(_MACROS.format(SCHEMA, ZONE))
    for name, table in source.tables.items():
        try:
            con.execute(f'create or replace view {SCHEMA}."{name}" as {rows_of(table)}')
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            remedy = "Write the file again as Parquet, UTF-8 CSV or JSON."
            found = f"{table.place} cannot be read ({reason})."
            raise InputError(found, "A table was expected.", remedy) from error


def rows_of(table: SourceTable) -> str:
    """SQL of the rows of a table as expressions read them: an empty field of CSV is no value."""
    columns = "nullif(columns(*), '')" if table.format == "csv" else "*"
    return f"select {columns} from {table.relation}"


def _problem(
    own: duckdb.DuckDBPyConnection, scope: Scope, mapped: TableMapping, place: str
) -> Problem | None:
    """What keeps a table from being made: every expression that is refused or fails."""
    rows = mapped.rows
    whole = _fault(own, scope, "1", rows)
    if whole:
        remedy = f"Mend from in the mapping file; {_HELP}."
        return Problem(f"{place}, from", f"`{' '.join(rows.split())}`: {whole}", remedy)
    faults = {
        name: (sql, found)
        for name, sql in mapped.expressions().items()
        if (found := _fault(own, scope, f"({sql})", rows))
    }
    if not faults:
        return None
    names = ", ".join(faults)
    said = "; ".join(
        f"`{' '.join(sql.split())}`: {found}" + (f" ({hint})" if (hint := remedy_of(found)) else "")
        for sql, found in faults.values()
    )
    return Problem(f"{place}, {names}", said, f"Mend {names} in the mapping file; {_HELP}.")


def _fault(own: duckdb.DuckDBPyConnection, scope: Scope, sql: str, rows: str) -> str:
    return refusal(scope, f"select {sql} from {rows}") or _failure(own, sql, rows)


def _failure(own: duckdb.DuckDBPyConnection, sql: str, relation: str) -> str:
    """Why an expression cannot be had for every row, in the database's words."""
    try:
        own.execute(f"select max(hash({sql})) from {relation}").fetchall()
    except duckdb.Error as error:
        kept = str(error).partition("Candidate functions")[0]
        lines = [line for line in kept.splitlines() if line.strip()]
        return " ".join(line for line in lines if not line.startswith(("LINE", " ", "\t"))).strip()
    return ""


def _statement(table: RawTable, mapped: TableMapping, versions: tuple[str, ...]) -> str:
    """SQL that makes a mapped table, of the columns that are mapped."""
    expressions = mapped.expressions()
    selected = [f'({sql}) as "{name}"' for name, sql in expressions.items()]
    sql = f"select {', '.join(selected) or 'null as nothing'} from {mapped.rows}"
    aliases = [alias for alias, own in joined_tables(mapped.source) if own in versions]
    keys = [f"({expressions[name]})" for name in table.key if name in expressions]
    if aliases and len(keys) == len(table.key):
        newest = ", ".join(f"{alias}.rowid desc nulls last" for alias in aliases)
        rank = f"rank() over (partition by {', '.join(keys)} order by {newest})"
        sql += f" qualify {rank} = 1 or {' or '.join(f'{key} is null' for key in keys)}"
    return f"create or replace table {COPIED}.{table.name} as {sql}"
