"""Where raw tables come from: a folder, one file, a database file, or an address.

Whoever checks or builds asks one thing of a source: which tables it holds, how DuckDB reads
each, and what a person calls it. What lies there is said, never guessed: two files for one
table, a link that leads nowhere or an extension that cannot be had is a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipeline.errors import InputError

if TYPE_CHECKING:
    import duckdb

EXPECTED = (
    "A folder of raw tables (Parquet, CSV or JSON, a file or a folder of part files per table), "
    "a DuckDB or SQLite file, or an address (postgresql://, s3://, https://) was expected."
)
_ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_SLASH_LOST = re.compile(r"^([a-z][a-z0-9+.-]+):/[^/]", re.IGNORECASE)
COPIED = "copied"
"""Schema of the tables that are copied from a source; gone when the build ends."""
DATABASE_SCHEMES = ("postgresql", "postgres")
REMOTE_SCHEMES = ("s3", "s3a", "s3n", "gs", "gcs", "r2", "https", "http", "az", "azure", "abfss")
_NUMBER_TAIL = r"([-_.](part|of)?[-_.]?\d+)+"
"""How unloading programs number the files of one table: orders_0_1_0, orders-00000-of-00004."""


@dataclass(frozen=True)
class CsvParts:
    """The CSV files of one table on this machine, whose lines can be named."""

    files: tuple[Path, ...]
    packing: str = "none"
    """none, gzip or zstd."""
    hive: bool = False
    """Whether folders on the way hold columns, as in `dt=2026-06-01/`."""


@dataclass(frozen=True)
class SourceTable:
    """One table as it lies in a source."""

    place: str
    """What a person calls it: a path, or a name inside a database."""
    relation: str
    """SQL that stands after `from`; every connection to the same database can read it."""
    format: str = ""
    """parquet, csv or json; empty for what lies in a database."""
    csv: CsvParts | None = None
    """Its files, where it is CSV that lies here."""


@dataclass(frozen=True)
class Problem:
    """Why something in a source is not read: a sentence, and what to do."""

    place: str
    found: str
    remedy: str


@dataclass(frozen=True)
class Source:
    """What a place holds, by table name in small letters."""

    place: str
    tables: dict[str, SourceTable] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    """Tables that lie there and cannot be read, by name."""
    files: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    """Files whose bytes are each table's; of a database, all under the empty name."""
    names: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """Place and name in the source of each mapped column, by contract table and column."""
    is_mapped: bool = False
    is_local: bool = True
    """False where nothing tells whether it changed: such a source is read again every time."""

    def own_names(self, table: str, columns: list[str]) -> tuple[str, str] | None:
        """File and column of the source behind columns of a mapped table; None where not mapped."""
        names = self.names.get(table, {})
        own = [names[column] for column in columns if column in names]
        if not own:
            return None
        file, column = (", ".join(dict.fromkeys(part)) for part in zip(*own, strict=True))
        return file, column

    def numbered(self, table: str) -> Problem | None:
        """What is said where a table lies in numbered files beside the others; None where not."""
        if self.is_mapped:
            return None
        tail = re.compile(re.escape(table) + _NUMBER_TAIL)
        names = [path.name for name in self.files if tail.fullmatch(name)
                 for path in self.files[name]]  # fmt: skip
        if not names:
            return None
        rest = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        found = f"no table, but {min(names)}{rest} beside it"
        remedy = f"Move them into a folder {table}: all files in it are read as one table."
        return Problem(f"{self.place.rstrip('/')}/{table}", found, remedy)

    def lacks(self, table: str) -> Problem:
        """What is said of a contract table that is not there."""
        if self.is_mapped:
            found = f"nothing is said of {table}"
            remedy = f"Map it under [{table}], or make an empty table of it."
            return Problem(self.place, found, remedy)
        found = f"no {table}.parquet, .csv or .json, nor a folder {table} of parts"
        return Problem(f"{self.place.rstrip('/')}/{table}", found, "Deliver the table.")


def is_address(place: Path | str) -> bool:
    """Whether a place is an address, which no path may stand for: it would lose a slash."""
    return isinstance(place, str) and bool(_ADDRESS.match(place))


def open_source(con: duckdb.DuckDBPyConnection, place: Path | str) -> Source:
    """Make what lies at `place` readable for every cursor of `con`.

    Raises InputError where there is nothing to read, or no way to read it here.
    """
    from pipeline.inputs import (
        database_sources,
        extensions,
        file_sources,
        mapping,
        remote_sources,
    )

    mapped = mapping.mapping_in(place)
    if mapped:
        return mapping.open_mapped(con, mapped)
    match = _ADDRESS.match(str(place))
    scheme = match.group(1).lower() if match else ""
    if scheme in DATABASE_SCHEMES:
        return database_sources.server(con, str(place))
    if scheme in REMOTE_SCHEMES:
        return remote_sources.listed(con, str(place))
    if scheme and scheme != "file":
        raise InputError(f"{place} is an address that cannot be read.", EXPECTED, _EXPORT)
    path = Path(unquote(urlsplit(str(place)).path)) if scheme else Path(place)
    _refuse_nothing(path)
    if path.is_dir():
        return file_sources.folder(path, extensions.loader(con))
    kind = database_sources.kind_of_file(path)
    if kind:
        return database_sources.file(con, path, kind)
    return file_sources.single_file(path)


def local_files(place: Path | str) -> dict[str, tuple[Path, ...]] | None:
    """Files whose bytes are the delivery, by contract table; None where it is not on this machine.

    Those of a database or behind a mapping file are all under the empty name.
    """
    from pipeline.inputs import database_sources, file_sources, mapping

    mapped = mapping.mapping_in(place)
    if mapped:
        behind = local_files(mapping.read_mapping(mapped).source)
        every = {path for files in (behind or {}).values() for path in files}
        return None if behind is None else {"": (mapped, *sorted(every))}
    if is_address(place) and not str(place).lower().startswith("file:"):
        return None
    path = Path(unquote(urlsplit(str(place)).path)) if is_address(place) else Path(place)
    if path.is_dir():
        return file_sources.folder(path, lambda _: True).files
    return {"": database_sources.files_of(path)} if path.is_file() else {}


def release_source(con: duckdb.DuckDBPyConnection) -> None:
    """Let go of what `open_source` made: a built file must stand alone."""
    from pipeline.inputs.database_sources import ATTACHED
    from pipeline.inputs.mapping import SCHEMA

    for schema in (SCHEMA, COPIED):
        con.execute(f"drop schema if exists {schema} cascade")
    con.execute(f"detach database if exists {ATTACHED}")


_EXPORT = "Write the tables to a folder as Parquet or CSV and name the folder."


def _refuse_nothing(path: Path) -> None:
    if path.exists():
        return
    if _SLASH_LOST.match(str(path)):
        whole = str(path).replace(":/", "://", 1)
        raise InputError(f"{path} is an address that lost a slash.", EXPECTED, f"Write {whole}")
    if path.is_symlink():
        raise InputError(
            f"{path} is a link to {path.readlink()}, and nothing is there.",
            EXPECTED,
            "Mend the link, or name the folder itself.",
        )
    raise InputError(
        f"No folder at {path}.",
        EXPECTED,
        "Name another folder, or make one: ringfence generate --out DIR",
    )
