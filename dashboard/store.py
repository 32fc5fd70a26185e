"""The only cache: a read-only connection to the scored database, and its answers.

A build may be renamed over the served file at any moment: docs/decisions/0001-publish-by-rename.md.
A session goes on with the one its page was drawn from until somebody asks for the new one, so
that no page mixes two builds: docs/decisions/0083-one-build-a-session.md.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import queries
from dashboard import places
from dashboard.access import mask_key, require, viewer
from dashboard.answers import Parts
from dashboard.database_file import File, Holder, Source, relative, unreadable
from dashboard.errors import (
    AccessDenied,
    DatabaseMissing,
    RingfenceError,
    TableMissing,
)
from queries.personal_data import WRITTEN, mask_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from dashboard.access import Viewer
    from dashboard.database_file import Build

# docs/decisions/0027-web-process.md
READ_SECONDS = 30.0
_Params = tuple[tuple[str, Any], ...]
_OF_SESSION = "store.source"
_OF_RUN: ContextVar[dict[Viewer, Source] | None] = ContextVar("sources", default=None)
# What reading past the end of a half-written file, or over a broken page of it, raises.
_DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
_MISSING_TABLE = re.compile(r"Table with name (\S+) does not exist|Schema with name (\S+) does not")


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


def _run(source: Source, name: str, params: dict[str, Any]) -> pl.DataFrame:
    with source.cursor() as cursor:
        stopper = threading.Timer(READ_SECONDS, cursor.interrupt)
        stopper.start()
        try:
            return queries.run(cursor, name, **params)
        except duckdb.Error as error:
            raise _explained(error, name, source) from error
        finally:
            stopper.cancel()


def _explained(error: duckdb.Error, name: str, source: Source) -> Exception:
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
        return unreadable(source.file.path, "is damaged or was not written to its end")
    return error


def _missing_table(source: Source, name: str, reported: str) -> str:
    absent = (table for table in queries.reads(name) if table not in source.tables)
    return next(absent, reported)


def _file() -> File:
    path = places.database_path()
    try:
        status = path.stat()
    except OSError as error:
        raise DatabaseMissing(f"No database at {relative(path)}.", places.BUILD_REMEDY) from error
    return File(str(path), status.st_ino, status.st_mtime_ns, status.st_size)


@st.cache_resource(show_spinner=False)
def _holder() -> Holder:
    return Holder()


def _source() -> Source:
    """What this session looks at; without a session the file that is there now.

    Every read asks here who reads: AccessDenied for nobody, and for a role that may not.
    """
    who, seen = viewer(), _OF_RUN.get()
    if seen is None:
        return _looked_up(who)
    if who not in seen:
        seen[who] = _looked_up(who)
    return seen[who]


def _looked_up(who: Viewer) -> Source:
    require(who, "view")
    markets = who.markets
    if get_script_run_ctx(suppress_warning=True) is None:
        return _holder().source(_file(), markets)
    seen = st.session_state.get(_OF_SESSION)
    if not isinstance(seen, Source) or seen.file.path != str(places.database_path()):
        seen = st.session_state[_OF_SESSION] = _holder().source(_file(), markets)
    if seen.markets != markets:
        seen = st.session_state[_OF_SESSION] = _holder().source(seen.file, markets)
    return seen


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else value


def _frozen_all(params: dict[str, Any]) -> _Params:
    return tuple(sorted((key, _frozen(value)) for key, value in params.items()))


def _thawed_all(params: _Params) -> dict[str, Any]:
    return {key: list(one) if isinstance(one, tuple) else one for key, one in params}
