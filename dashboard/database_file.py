"""Files that are open: what meta.build says of each, behind which masks and for which markets.

One source for a file and a set of markets, whoever looks at it; `dashboard.store` reads them.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import queries
from dashboard import places
from dashboard.access import mask_key
from dashboard.answers import Answers
from dashboard.errors import DatabaseOutdated, DatabaseUnreadable, RingfenceError, reason_of
from queries.contract import CONTRACT_VERSION
from queries.literals import quoted
from queries.market_scope import attach_scope
from queries.personal_data import attach_masks, hidden_bodies

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

CATALOGUE = "ringfence"


@dataclass(frozen=True)
class Build:
    """The one row of meta.build. `as_of` is the day after the last day of data."""

    contract_version: int
    as_of: date
    ringfence_version: str
    data_fingerprint: str
    order_count: int


@dataclass(frozen=True)
class File:
    """A file as the disk has it: another build is another file."""

    path: str
    inode: int
    modified_ns: int
    size: int

    @property
    def version(self) -> str:
        """Another for another file."""
        return f"{self.inode:x}-{self.modified_ns:x}-{self.size:x}"

    @property
    def finished_at(self) -> datetime:
        """When it was written, UTC."""
        return datetime.fromtimestamp(self.modified_ns // 1_000_000_000, UTC)


class Source:
    """One opened file: a hardened instance of its own and what meta.build says.

    Whoever may see some `markets` only (empty = all) reads their views of it and no table.
    """

    def __init__(self, file: File, markets: frozenset[str] = frozenset()) -> None:
        self.file = file
        self.markets = markets
        self._con, self._catalogue = attach(file.path, markets)
        self.tables = self._names(CATALOGUE)
        self.build = _build_of(self)
        self.answers = Answers()

    @property
    def version(self) -> str:
        """Of what is read here: another file or other markets, another answer."""
        if not self.markets:
            return self.file.version
        return (
            f"{self.file.version}-{sha256(','.join(sorted(self.markets)).encode()).hexdigest()[:8]}"
        )

    def _names(self, catalogue: str) -> frozenset[str]:
        statement = (
            "select table_schema || '.' || table_name from information_schema.tables "
            f"where table_catalog = '{catalogue}'"
        )
        with self.cursor() as cursor:
            return frozenset(row[0] for row in cursor.execute(statement).fetchall())

    def hides(self, name: str) -> bool:
        """Whether a query reads a table that is there, and of which these markets have no part."""
        if not self.markets:
            return False
        own = self._names(self._catalogue)
        return any(table in self.tables and table not in own for table in queries.reads(name))

    def unmasked(self, name: str, params: dict[str, Any]) -> pl.DataFrame:
        """The answer of a query from the file itself, behind the masks and the scope."""
        with self._con.cursor() as cursor:
            cursor.execute(f"use {CATALOGUE}")
            return queries.run(cursor, name, **params)

    def whole_texts(self, values: Sequence[str]) -> dict[str, str]:
        """Texts of the file by what is shown of them; none where two are shown alike."""
        with self._con.cursor() as cursor:
            shown = hidden_bodies(cursor, values)
        counts = Counter(shown.values())
        return {one: text for text, one in shown.items() if one != text and counts[one] == 1}

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """One that reads behind the masks, and only what these markets have."""
        cursor = self._con.cursor()
        cursor.execute(f"use {self._catalogue}")
        return cursor


class Holder:
    """The sources being served, one for each set of markets; of one file, swapped under a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: dict[frozenset[str], Source] = {}
        self._attempts: dict[frozenset[str], File] = {}

    def source(self, file: File, markets: frozenset[str]) -> Source:
        """An open one at once, also while one of other markets is being opened for somebody."""
        return self._existing(file, markets) or self._create(file, markets)

    def has_open(self, file: File, markets: frozenset[str]) -> bool:
        """Whether it is open; the first who asks of a file has it opened in the background."""
        if self._existing(file, markets) is not None:
            return True
        if self._attempts.get(markets) != file:
            self._attempts[markets] = file
            threading.Thread(target=self._attempt, args=(file, markets), daemon=True).start()
        return False

    def _attempt(self, file: File, markets: frozenset[str]) -> None:
        """Open it, unless it cannot be read: whoever asks for it by name is told why."""
        with suppress(RingfenceError):
            self._create(file, markets)

    def _existing(self, file: File, markets: frozenset[str]) -> Source | None:
        source = self._sources.get(markets)
        return source if source is not None and source.file == file else None

    def _create(self, file: File, markets: frozenset[str]) -> Source:
        with self._lock:
            source = self._existing(file, markets)
            if source is None:
                # Those of an older file are only let go: closing one would cut off reads that
                # still run on its cursors, and it closes itself with the last of them.
                source = Source(file, markets)
                same = {key: one for key, one in self._sources.items() if one.file == file}
                self._sources = {**same, markets: source}
            return source


def attach(path: str, markets: frozenset[str]) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A hardened instance with the file, and the catalogue in it that queries may read."""
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"attach {quoted(path)} as {CATALOGUE} (read_only)")
        catalogue = attach_masks(con, CATALOGUE, mask_key())
        if markets:
            catalogue = attach_scope(con, catalogue, markets)
    except duckdb.Error as error:
        con.close()
        reason = reason_of(error).replace(path, relative(Path(path)))
        raise unreadable(path, f"is not a complete DuckDB database: {reason}") from error
    return queries.harden(con), catalogue


def _build_of(source: Source) -> Build:
    statement = "select contract_version, as_of, ringfence_version, data_fingerprint, order_count"
    try:
        with source.cursor() as cursor:
            row = cursor.execute(f"{statement} from meta.build").fetchone()
    except duckdb.Error as error:
        raise unreadable(source.file.path, "has no readable meta.build table") from error
    if row is None:
        raise unreadable(source.file.path, "has an empty meta.build table: a build that stopped")
    if any(value is None for value in row):
        raise unreadable(source.file.path, "has a meta.build table with gaps")
    return _checked(Build(int(row[0]), _day(row[1]), str(row[2]), str(row[3]), int(row[4])))


def _checked(stored: Build) -> Build:
    if stored.contract_version != CONTRACT_VERSION:
        raise DatabaseOutdated(
            f"The database follows contract {stored.contract_version}; this release of the app "
            f"reads contract {CONTRACT_VERSION}.",
            places.REBUILD_REMEDY,
        )
    return stored


def unreadable(path: str, fault: str) -> DatabaseUnreadable:
    """What is raised of a file with a fault, and what to do."""
    message = f"The file at {relative(Path(path))} {fault}."
    return DatabaseUnreadable(message, places.REBUILD_REMEDY)


def relative(path: Path) -> str:
    """The path as one would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
