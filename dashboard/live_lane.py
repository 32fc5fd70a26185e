"""What the live lane says: its record, read behind the same masks and markets as a build.

The record is a file beside the build that is renamed over every few seconds, so it is opened
anew when another lies there, and nothing of it is kept longer.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import streamlit as st

import queries
from dashboard import places
from dashboard.access import require, viewer
from dashboard.database_file import attach
from dashboard.errors import RingfenceError, TableMissing

if TYPE_CHECKING:
    import polars as pl

_KEPT = 16
_REMEDY = "Start it again: ringfence watch --data DROP"


@dataclass(frozen=True)
class _Version:
    path: str
    inode: int
    modified_ns: int
    markets: frozenset[str]


def is_there() -> bool:
    """Whether a live lane has ever run beside the database served."""
    return places.live_record_path().is_file()


def alive_at() -> datetime | None:
    """When the lane last looked at its folder, UTC without zone; None = never."""
    try:
        seconds = places.live_beat_path().stat().st_mtime
    except FileNotFoundError:
        return None
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def known_at() -> datetime | None:
    """The instant of the past that the record shows, UTC; None where a lane runs."""
    known: list[datetime | None] = read_live("pages/live/status")["known_at"].to_list()
    return known[0] if known else None


def read_live(name: str, **params: Any) -> pl.DataFrame:
    """Rows of the query `name` over the record, as far as the viewer may see them.

    Raises TableMissing where the viewer's markets have no part of it, and RingfenceError for a
    record that cannot be read.
    """
    who = viewer()
    require(who, "view")
    path = places.live_record_path()
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise RingfenceError("No live lane runs beside this build.", _REMEDY) from error
    version = _Version(str(path), status.st_ino, status.st_mtime_ns, who.markets)
    con, catalogue = _opened(version)
    with con.cursor() as cursor:
        cursor.execute(f"use {catalogue}")
        try:
            return queries.run(cursor, name, **params)
        except duckdb.CatalogException as error:
            table = next(iter(queries.reads(name)), name)
            raise TableMissing(table, f"Your markets have no part of {table}.", _REMEDY) from error


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _opened(version: _Version) -> tuple[duckdb.DuckDBPyConnection, str]:
    with _LOCK:
        return attach(version.path, version.markets)


_LOCK = threading.Lock()
