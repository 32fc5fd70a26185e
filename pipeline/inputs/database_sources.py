"""Tables that lie in a database: a DuckDB or SQLite file, or a PostgreSQL server.

DuckDB reads its own files in place and PostgreSQL by its extension. Without that a server is
copied column by column through its Arrow driver. What neither reads is copied row by row
through SQLAlchemy, as text that the contract types. Nothing is ever written to.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import InputError
from pipeline.inputs import postgres_tables
from pipeline.inputs.extensions import lacking, loader
from pipeline.inputs.sources import COPIED, EXPECTED, Problem, Source, SourceTable
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

ATTACHED = "source_database"
COPIED_AT_ONCE = 50_000
"""Rows held in memory while a table is copied."""
OWN_SCHEMAS = ("raw", "main", "public")
"""Where a table is looked for first when several schemas hold one of its name."""
_SIGNS = {b"SQLite format 3\x00": (0, "sqlite"), b"DUCK": (8, "duckdb")}
_PASSWORD = re.compile(r"(://[^:/@]+):[^@]*@")


def kind_of_file(path: Path) -> str:
    """`duckdb` or `sqlite` by the first bytes of a file; empty where it is neither."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        start = file.read(16)
    return next((kind for sign, (at, kind) in _SIGNS.items() if start[at:].startswith(sign)), "")


def files_of(path: Path) -> tuple[Path, ...]:
    """The files of a database: itself and what was not yet written back into it."""
    logs = (path.with_name(path.name + ending) for ending in ("-wal", ".wal"))
    return (path, *(log for log in logs if log.is_file()))


def file(con: duckdb.DuckDBPyConnection, path: Path, kind: str) -> Source:
    """The tables of a DuckDB file, read in place, or of a SQLite file, copied."""
    if kind == "sqlite":
        address = f"sqlite:///file:{path.absolute()}?mode=ro&uri=true"
        return _copied(con, create_engine(address), str(path), files_of(path))
    return _attached(con, f"{quoted(str(path))} as {ATTACHED} (read_only)", str(path), path)


def server(con: duckdb.DuckDBPyConnection, address: str) -> Source:
    """The tables of a PostgreSQL database, by DuckDB's extension or by a driver that is here."""
    place = _PASSWORD.sub(r"\1:***@", address)
    if loader(con)("postgres"):
        return _attached(con, f"{quoted(address)} as {ATTACHED} (type postgres, read_only)", place)
    if postgres_tables.can_read():
        return _copied_in_columns(con, address, place)
    driver = next((name for name in ("psycopg", "psycopg2", "pg8000") if _is_here(name)), None)
    if driver is None:
        raise InputError(
            f"{place} is a PostgreSQL database, and nothing here can speak to one.",
            "A driver or DuckDB's extension postgres was expected.",
            "pip install 'ringfence[postgres]' (adbc-driver-postgresql; psycopg will do, slower). "
            f"Or: {lacking('postgres')}.",
        )
    url = re.sub(r"^postgres(ql)?://", f"postgresql+{driver}://", address)
    return _copied(con, create_engine(url), place)


def _copied_in_columns(con: duckdb.DuckDBPyConnection, address: str, place: str) -> Source:
    """Every table that the server shows in one schema of its own, copied."""
    con.execute(f"create schema if not exists {COPIED}")
    try:
        with postgres_tables.Server(address) as server:
            there = server.tables()
            chosen, problems = _chosen(place, {one: table.sql for one, table in there.items()})
            read = {table.sql: table for table in there.values()}
            tables = {
                name: replace(one, relation=server.copy(con, name, read[one.relation]))
                for name, one in chosen.items()
            }
    except postgres_tables.failure() as error:
        reason = _PASSWORD.sub(r"\1:***@", str(error).splitlines()[0].rstrip("."))
        remedy = "Look at the address and at who may read it; or export the tables to a folder."
        raise InputError(f"{place} cannot be read ({reason}).", EXPECTED, remedy) from error
    return Source(place, tables, problems, is_local=False)


def _is_here(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def _attached(
    con: duckdb.DuckDBPyConnection, what: str, place: str, path: Path | None = None
) -> Source:
    try:
        con.execute(f"detach database if exists {ATTACHED}")
        con.execute(f"attach {what}")
        sql = (
            "select table_schema, table_name from information_schema.tables "
            f"where table_catalog = '{ATTACHED}' order by all"
        )
        rows = con.execute(sql).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{place} cannot be read ({reason}).", EXPECTED, _EXPORT) from error
    names = {(schema, name): f'{ATTACHED}."{schema}"."{name}"' for schema, name in rows}
    tables, problems = _chosen(place, names)
    files = {"": files_of(path)} if path else {}
    return Source(place, tables, problems, files, is_local=path is not None)


_EXPORT = "Close whatever writes to it, or export the tables as Parquet and name their folder."


def _chosen(
    place: str, names: dict[tuple[str, str], str]
) -> tuple[dict[str, SourceTable], dict[str, Problem]]:
    """One relation per table name: a schema of our own first, and no guess among others."""
    by_table: dict[str, dict[str, str]] = {}
    for (schema, name), relation in names.items():
        by_table.setdefault(name.lower(), {})[schema] = relation
    tables: dict[str, SourceTable] = {}
    problems: dict[str, Problem] = {}
    for name, schemas in by_table.items():
        own = next((schema for schema in OWN_SCHEMAS if schema in schemas), None)
        if own is None and len(schemas) > 1:
            found = f"schemas {', '.join(sorted(schemas))} each hold one"
            remedy = "Put the one that is meant into a schema raw, as a view."
            problems[name] = Problem(f"{place}, table {name}", found, remedy)
            continue
        schema = own or next(iter(schemas))
        tables[name] = SourceTable(f"{place}, table {name}", schemas[schema])
    return tables, problems


def _copied(
    con: duckdb.DuckDBPyConnection, engine: Engine, place: str, files: tuple[Path, ...] = ()
) -> Source:
    """Copy every table that the engine shows into the schema `copied`, all as text."""
    con.execute(f"create schema if not exists {COPIED}")
    tables: dict[str, SourceTable] = {}
    try:
        with engine.connect() as source:
            shown = inspect(engine)
            for name in sorted({*shown.get_table_names(), *shown.get_view_names()}):
                relation = f'{COPIED}."{name.lower()}"'
                _copy(con, source, name, relation)
                tables[name.lower()] = SourceTable(f"{place}, table {name}", relation)
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{place} cannot be read ({reason}).", EXPECTED, _EXPORT) from error
    finally:
        engine.dispose()
    return Source(place, tables, {}, {"": files}, is_local=bool(files))


def _copy(con: duckdb.DuckDBPyConnection, source: Connection, name: str, relation: str) -> None:
    table = source.dialect.identifier_preparer.quote(name)
    rows = source.execution_options(stream_results=True).execute(text(f"select * from {table}"))
    columns = list(rows.keys())
    typed = ", ".join('"{}" varchar'.format(column.replace('"', '""')) for column in columns)
    con.execute(f"create or replace table {relation} ({typed})")
    for part in _parts(rows):
        values = zip(*part, strict=True)
        frame = pa.table(
            [pa.array([_text(one) for one in column], pa.string()) for column in values],
            names=columns,
        )
        con.register("_part", frame)
        con.execute(f"insert into {relation} select * from _part")
        con.unregister("_part")


def _parts(rows: Any) -> Iterator[list[Any]]:
    while part := rows.fetchmany(COPIED_AT_ONCE):
        yield part


def _text(value: Any) -> str | None:
    """A value of another database as a CSV file would write it."""
    if value is None or isinstance(value, str):
        return value
    return value.decode() if isinstance(value, bytes) else str(value)
