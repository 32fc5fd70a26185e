"""The only cache: a read-only connection to the scored database, and its answers.

A build may be renamed over the served file at any moment: docs/decisions/0001-publish-by-rename.md.
A session goes on with the one its page was drawn from until somebody asks for the new one, so
that no page mixes two builds: docs/decisions/0083-one-build-a-session.md.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import queries
from dashboard import places
from dashboard.access import mask_key, require, viewer
from dashboard.answers import Answers, Parts
from dashboard.errors import (
    AccessDenied,
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseUnreadable,
    RingfenceError,
    TableMissing,
    reason_of,
)
from queries.contract import CONTRACT_VERSION
from queries.literals import quoted
from queries.market_scope import attach_scope
from queries.personal_data import WRITTEN, attach_masks, hidden_bodies, mask_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from dashboard.access import Viewer

# Both: docs/decisions/0027-web-process.md.
READ_SECONDS = 30.0
_CATALOGUE = "ringfence"
_Params = tuple[tuple[str, Any], ...]
_OF_SESSION = "store.source"
_OF_RUN: ContextVar[dict[Viewer, _Source] | None] = ContextVar("sources", default=None)
# What reading past the end of a half-written file, or over a broken page of it, raises.
_DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
_MISSING_TABLE = re.compile(r"Table with name (\S+) does not exist|Schema with name (\S+) does not")


@dataclass(frozen=True)
class Build:
    """The one row of meta.build. `as_of` is the day after the last day of data."""

    contract_version: int
    as_of: date
    ringfence_version: str
    data_fingerprint: str
    order_count: int


@dataclass(frozen=True)
class _File:
    path: str
    inode: int
    modified_ns: int
    size: int

    @property
    def version(self) -> str:
        return f"{self.inode:x}-{self.modified_ns:x}-{self.size:x}"

    @property
    def finished_at(self) -> datetime:
        return datetime.fromtimestamp(self.modified_ns // 1_000_000_000, UTC)


class _Source:
    """One opened file: a hardened instance of its own and what meta.build says.

    Whoever may see some `markets` only (empty = all) reads their views of it and no table.
    """

    def __init__(self, file: _File, markets: frozenset[str] = frozenset()) -> None:
        self.file = file
        self.markets = markets
        self._con, self._catalogue = attach(file.path, markets)
        self.tables = self._names(_CATALOGUE)
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
            cursor.execute(f"use {_CATALOGUE}")
            return queries.run(cursor, name, **params)

    def whole_texts(self, values: Sequence[str]) -> dict[str, str]:
        """Texts of the file by what is shown of them; none where two are shown alike."""
        with self._con.cursor() as cursor:
            shown = hidden_bodies(cursor, values)
        counts = Counter(shown.values())
        return {one: text for text, one in shown.items() if one != text and counts[one] == 1}

    def cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._con.cursor()
        cursor.execute(f"use {self._catalogue}")
        return cursor


def read(name: str, **params: Any) -> pl.DataFrame:
    """Rows of the query `name`; cached per data version and parameters.

    Treat the frame as shared: derive, do not change in place. Lists bind as
    DuckDB lists. Raises DatabaseMissing, DatabaseUnreadable, DatabaseOutdated,
    or TableMissing when a table that the query needs was not built.
    """
    frozen, source = _frozen_all(params), _source()
    return source.answers.of((name, frozen), lambda: _run(source, name, _thawed_all(frozen)))


def read_parts(name: str, **params: Any) -> Parts:
    """The same by `entity_key`, parted once for whoever asks for the rows of one of them."""
    asked = (f"{name} by entity", _frozen_all(params))
    return _source().answers.of(asked, lambda: Parts(read(name, **params), "entity_key"))


def values_behind(
    name: str, masks: Collection[str], kinds: Collection[str], **params: Any
) -> dict[str, str]:
    """What stands behind `masks` of these classes in the answer of the query `name`, by mask.

    Read anew each time and kept nowhere. Only `components.reveal` asks, for who was granted it;
    raises AccessDenied for a role that may reveal nothing. A mask of another class, and one
    that the answer does not hold, is left out.
    """
    require(viewer(), "reveal")
    rows = _source().unmasked(name, params)
    columns = rows.select(pl.selectors.string())
    values = {value for column in columns for value in column.unique() if value}
    key, masked = mask_key(), {*kinds} - {WRITTEN}
    made = {mask_of(value, kind, key): value for value in values for kind in masked}
    if WRITTEN in kinds:
        made |= _source().whole_texts(sorted(values))
    return {mask: made[mask] for mask in masks if mask in made}


def data_version() -> str:
    """Another for another file, and for other markets of it; belongs in widget and cache keys."""
    return _source().version


def build() -> Build:
    """What meta.build says about the file that this session looks at."""
    return _source().build


def built_at() -> datetime:
    """When the file that this session looks at was finished, UTC."""
    return _source().file.finished_at


def rebuilt_at() -> datetime | None:
    """When another file was put in the place of the one looked at, UTC; None = it is still there.

    A file that is gone, or that cannot be read, is none to go to, and one that is not open yet is
    opened beside whoever works: of ten million orders that takes seconds.
    """
    try:
        newest = _file()
    except RingfenceError:
        return None
    if newest == _source().file or not _holder().has_open(newest, viewer().markets):
        return None
    return newest.finished_at


def show_newest() -> None:
    """From the next run on this session looks at the file that is there then."""
    st.session_state.pop(_OF_SESSION, None)
    (_OF_RUN.get() or {}).clear()


@contextmanager
def one_file() -> Iterator[None]:
    """Inside, what a reader looks at is looked up once: a run of a page asks ninety times."""
    token = _OF_RUN.set({})
    try:
        yield
    finally:
        _OF_RUN.reset(token)


def has_table(table: str) -> bool:
    """Whether `schema.table` exists in the file that this session looks at."""
    return table in _source().tables


def _run(source: _Source, name: str, params: dict[str, Any]) -> pl.DataFrame:
    with source.cursor() as cursor:
        stopper = threading.Timer(READ_SECONDS, cursor.interrupt)
        stopper.start()
        try:
            return queries.run(cursor, name, **params)
        except duckdb.Error as error:
            raise _explained(error, name, source) from error
        finally:
            stopper.cancel()


def _explained(error: duckdb.Error, name: str, source: _Source) -> Exception:
    match = _MISSING_TABLE.search(str(error))
    if isinstance(error, duckdb.CatalogException) and match:
        table = _missing_table(source, name, str(match[1] or match[2]).strip('"!'))
        if source.hides(name):
            return AccessDenied(
                f"What stands here is of all markets; you see {', '.join(sorted(source.markets))}.",
                "Ask somebody who sees all of them.",
            )
        message = f"The database has no table {table}, which this panel needs ({name})."
        return TableMissing(table, message, places.REBUILD_REMEDY)
    if isinstance(error, duckdb.InterruptException):
        message = f"Reading {name} took longer than {READ_SECONDS:.0f} s and was stopped."
        return RingfenceError(message, "Narrow the filters and try again.")
    if isinstance(error, _DAMAGE):
        return _unreadable(source.file.path, "is damaged or was not written to its end")
    return error


def _missing_table(source: _Source, name: str, reported: str) -> str:
    absent = (table for table in queries.reads(name) if table not in source.tables)
    return next(absent, reported)


def _file() -> _File:
    path = places.database_path()
    try:
        status = path.stat()
    except OSError as error:
        raise DatabaseMissing(f"No database at {_relative(path)}.", places.BUILD_REMEDY) from error
    return _File(str(path), status.st_ino, status.st_mtime_ns, status.st_size)


@st.cache_resource(show_spinner=False)
def _holder() -> _Holder:
    return _Holder()


class _Holder:
    """The sources being served, one for each set of markets; of one file, swapped under a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: dict[frozenset[str], _Source] = {}
        self._attempts: dict[frozenset[str], _File] = {}

    def source(self, file: _File, markets: frozenset[str]) -> _Source:
        """An open one at once, also while one of other markets is being opened for somebody."""
        return self._existing(file, markets) or self._create(file, markets)

    def has_open(self, file: _File, markets: frozenset[str]) -> bool:
        """Whether it is open; the first who asks of a file has it opened in the background."""
        if self._existing(file, markets) is not None:
            return True
        if self._attempts.get(markets) != file:
            self._attempts[markets] = file
            threading.Thread(target=self._attempt, args=(file, markets), daemon=True).start()
        return False

    def _attempt(self, file: _File, markets: frozenset[str]) -> None:
        """Open it, unless it cannot be read: whoever asks for it by name is told why."""
        with suppress(RingfenceError):
            self._create(file, markets)

    def _existing(self, file: _File, markets: frozenset[str]) -> _Source | None:
        source = self._sources.get(markets)
        return source if source is not None and source.file == file else None

    def _create(self, file: _File, markets: frozenset[str]) -> _Source:
        with self._lock:
            source = self._existing(file, markets)
            if source is None:
                # Those of an older file are only let go: closing one would cut off reads that
                # still run on its cursors, and it closes itself with the last of them.
                source = _Source(file, markets)
                same = {key: one for key, one in self._sources.items() if one.file == file}
                self._sources = {**same, markets: source}
            return source


def _source() -> _Source:
    """What this session looks at; without a session the file that is there now.

    Every read asks here who reads: AccessDenied for nobody, and for a role that may not.
    """
    who, seen = viewer(), _OF_RUN.get()
    if seen is None:
        return _looked_up(who)
    if who not in seen:
        seen[who] = _looked_up(who)
    return seen[who]


def _looked_up(who: Viewer) -> _Source:
    require(who, "view")
    markets = who.markets
    if get_script_run_ctx(suppress_warning=True) is None:
        return _holder().source(_file(), markets)
    seen = st.session_state.get(_OF_SESSION)
    if not isinstance(seen, _Source) or seen.file.path != str(places.database_path()):
        seen = st.session_state[_OF_SESSION] = _holder().source(_file(), markets)
    if seen.markets != markets:
        seen = st.session_state[_OF_SESSION] = _holder().source(seen.file, markets)
    return seen


def attach(path: str, markets: frozenset[str]) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A hardened instance with the file, and the catalogue in it that queries may read."""
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"attach {quoted(path)} as {_CATALOGUE} (read_only)")
        catalogue = attach_masks(con, _CATALOGUE, mask_key())
        if markets:
            catalogue = attach_scope(con, catalogue, markets)
    except duckdb.Error as error:
        con.close()
        reason = reason_of(error).replace(path, _relative(Path(path)))
        raise _unreadable(path, f"is not a complete DuckDB database: {reason}") from error
    return queries.harden(con), catalogue


def _build_of(source: _Source) -> Build:
    statement = "select contract_version, as_of, ringfence_version, data_fingerprint, order_count"
    try:
        with source.cursor() as cursor:
            row = cursor.execute(f"{statement} from meta.build").fetchone()
    except duckdb.Error as error:
        raise _unreadable(source.file.path, "has no readable meta.build table") from error
    if row is None:
        raise _unreadable(source.file.path, "has an empty meta.build table: a build that stopped")
    if any(value is None for value in row):
        raise _unreadable(source.file.path, "has a meta.build table with gaps")
    return _checked(Build(int(row[0]), _day(row[1]), str(row[2]), str(row[3]), int(row[4])))


def _checked(stored: Build) -> Build:
    if stored.contract_version != CONTRACT_VERSION:
        raise DatabaseOutdated(
            f"The database follows contract {stored.contract_version}; this release of the app "
            f"reads contract {CONTRACT_VERSION}.",
            places.REBUILD_REMEDY,
        )
    return stored


def _unreadable(path: str, fault: str) -> DatabaseUnreadable:
    message = f"The file at {_relative(Path(path))} {fault}."
    return DatabaseUnreadable(message, places.REBUILD_REMEDY)


def _relative(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else value


def _frozen_all(params: dict[str, Any]) -> _Params:
    return tuple(sorted((key, _frozen(value)) for key, value in params.items()))


def _thawed_all(params: _Params) -> dict[str, Any]:
    return {key: list(one) if isinstance(one, tuple) else one for key, one in params}
