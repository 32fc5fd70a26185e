"""Where the files live: the built database, the casebook and the live lane's record.

All come from the environment so that one installation can serve several
builds; the defaults are what `ringfence build` writes.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

DATABASE_VARIABLE = "RINGFENCE_DATABASE"
CASEBOOK_VARIABLE = "RINGFENCE_CASEBOOK_URL"
AUDIT_KEY_VARIABLE = "RINGFENCE_AUDIT_KEY"
AUDIT_FOLDER_VARIABLE = "RINGFENCE_AUDIT_FOLDER"
DEFAULT_AUDIT_FOLDER = Path("~/.config/ringfence")
DEFAULT_DATABASE = Path("build/ringfence.duckdb")
BUILD_REMEDY = "Make one: ringfence build --data DIR"
REBUILD_REMEDY = "Build it again: ringfence build --data DIR"


def database_path() -> Path:
    """The scored database to serve, absolute."""
    return _absolute(os.environ.get(DATABASE_VARIABLE) or f"{DEFAULT_DATABASE}", Path.cwd())


@lru_cache(maxsize=8)
def _absolute(path: str, folder: Path) -> Path:
    """Kept: every read asks for it."""
    return folder / path


def live_record_path() -> Path:
    """The record of the live lane, beside the database served."""
    return database_path().with_name("live_lane.duckdb")


def live_beat_path() -> Path:
    """The file that a live lane touches as long as it runs."""
    return database_path().with_name("live.beat")


def casebook_url(database: Path | None = None) -> str:
    """SQLAlchemy URL of the casebook: by default a SQLite file beside the database served."""
    if url := os.environ.get(CASEBOOK_VARIABLE):
        return url
    return f"sqlite:///{(database or database_path()).with_name('casebook.sqlite')}"


def audit_folder() -> Path:
    """Where the key of the audit trail and its anchors lie: never beside the casebook."""
    given = os.environ.get(AUDIT_FOLDER_VARIABLE)
    return Path(given or DEFAULT_AUDIT_FOLDER).expanduser().absolute()
