"""Tables at an address: object stores and web servers, through DuckDB's extensions.

An object store is listed and its names are read as those of a folder are; a web server cannot
be listed, so each raw table is asked for by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import InputError
from pipeline.inputs.extensions import lacking, loader
from pipeline.inputs.file_sources import (
    FORMATS,
    PACKED,
    REMEDY,
    Form,
    reader,
    table_name,
)
from pipeline.inputs.sources import EXPECTED, Problem, Source, SourceTable
from queries.contract import raw_tables
from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.inputs.extensions import Loads

WEB = ("http", "https")
AZURE = ("az", "azure", "abfss")
ASKED_FOR = (".parquet", ".csv", ".csv.gz", ".ndjson")
"""Endings tried at a web server, which says of no file that it is there."""


def listed(con: duckdb.DuckDBPyConnection, address: str) -> Source:
    """The tables at an address. Raises InputError where it cannot be reached from here."""
    loads, scheme = loader(con), address.partition(":")[0].lower()
    for needed in ["azure"] if scheme in AZURE else ["httpfs"]:
        if not loads(needed):
            raise InputError(
                f"{address} needs DuckDB's extension {needed}.",
                "An address of an object store or a web server is read through it.",
                f"{lacking(needed)}; or copy the tables to a folder and name it.",
            )
    base = address.rstrip("/")
    try:
        names = _asked_for(con, base) if scheme in WEB else _globbed(con, base)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        remedy = "Look at the address and at who may read it; or name a folder."
        raise InputError(f"{address} cannot be read ({reason}).", EXPECTED, remedy) from error
    tables, problems = tables_among(base, names, loads)
    return Source(address, tables, problems, is_local=False)


def tables_among(
    base: str, names: Iterable[str], loads: Loads
) -> tuple[dict[str, SourceTable], dict[str, Problem]]:
    """Tables of a listing: `names` are paths below `base`, a folder of parts for each or one file.

    Those that Delta or Iceberg writes are read by their log.
    """
    parts: dict[str, list[str]] = {}
    for name in sorted(names):
        parts.setdefault(name.partition("/")[0], []).append(name)
    tables: dict[str, SourceTable] = {}
    problems: dict[str, Problem] = {}
    for entry, below in parts.items():
        place, table = f"{base}/{entry}", table_name(entry)
        lake = _lake(below)
        if lake and loads(lake):
            tables[table] = SourceTable(place, f"{lake}_scan({quoted(place)})")
        elif lake:
            remedy = f"{lacking(lake)}; or write the table as Parquet."
            problems[table] = Problem(place, f"a table of {lake.title()}", remedy)
        elif table in tables:
            problems[table] = Problem(place, "this table is there twice", "Leave one of them.")
        else:
            _add(tables, problems, place, [name for name in below if not _is_hidden(name)])
    return {name: one for name, one in tables.items() if name not in problems}, problems


def _add(
    tables: dict[str, SourceTable], problems: dict[str, Problem], place: str, below: list[str]
) -> None:
    base, _, entry = place.rpartition("/")
    forms = {_form(name) for name in below}
    if len(forms) > 1 and None not in forms:
        problems[table_name(entry)] = Problem(place, "a folder of mixed parts", REMEDY)
    for form in forms if len(forms) == 1 else ():
        if form:
            hive = any("=" in step for name in below for step in name.split("/")[1:-1])
            files = [f"{base}/{name}" for name in below]
            relation = reader(files, form, hive=hive)
            tables[table_name(entry)] = SourceTable(place, relation, form.format)


def _is_hidden(name: str) -> bool:
    return any(step.startswith(("_", ".")) for step in name.split("/"))


def _lake(below: list[str]) -> str:
    if any("/_delta_log/" in name for name in below):
        return "delta"
    return "iceberg" if any(name.endswith(".metadata.json") for name in below) else ""


def _form(name: str) -> Form | None:
    ending = f".{name.lower().rpartition('.')[2]}"
    packing = PACKED.get(ending, "none")
    stem = name[: -len(ending)] if packing != "none" else name
    known = FORMATS.get(f".{stem.lower().rpartition('.')[2]}")
    return Form(known, packing) if known else None


def _globbed(con: duckdb.DuckDBPyConnection, base: str) -> list[str]:
    rows = con.execute("select file from glob($pattern)", {"pattern": f"{base}/**"}).fetchall()
    return [str(row[0]).removeprefix(f"{base}/") for row in rows]


def _asked_for(con: duckdb.DuckDBPyConnection, base: str) -> list[str]:
    return [
        name
        for table in raw_tables()
        for name in (table + ending for ending in ASKED_FOR)
        if _is_there(con, f"{base}/{name}")
    ]


def _is_there(con: duckdb.DuckDBPyConnection, address: str) -> bool:
    try:
        con.execute(f"select 1 from read_blob({quoted(address)}) limit 0")
    except duckdb.Error:
        return False
    return True
