"""A copy of the casebook beside it, before anything changes its format.

It is the way back to the release that wrote it. SQLite's own backup is used, because
what was last committed may still lie in the write-ahead log. A server's casebook has
no file to copy: its backup is its administrator's.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sqlite3
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import CasebookUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection


def copy_beside(con: Connection, version: str) -> Path | None:
    """Where the copy lies, or None when the casebook is not a file.

    `con` holds the write lock, so nobody writes in between. Nothing is overwritten:
    a copy of the same content is kept as it is, beside a different one the new copy
    gets a number. Raises CasebookUnavailable when it cannot be written.
    """
    path = _file_of(con)
    if path is None:
        return None
    partial = path.with_name(f"{path.name}.copying")
    try:
        _copy(path, partial)
        return _keep(partial, path.with_name(f"{path.name}.format-{version}"))
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise _not_copied(path, version, error) from error


def beside(con: Connection) -> list[Path]:
    """The copies from before migrations that lie beside a casebook."""
    path = _file_of(con)
    return sorted(path.parent.glob(f"{path.name}.format-*")) if path else []


def _file_of(con: Connection) -> Path | None:
    if con.dialect.name != "sqlite":
        return None
    files = {name: file for _, name, file in con.exec_driver_sql("pragma database_list")}
    return Path(files["main"]) if files["main"] else None


def _copy(path: Path, partial: Path) -> None:
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(partial)) as target:
        target.execute("pragma journal_mode = off")  # a half-written copy is thrown away
        source.backup(target)
    shutil.copymode(path, partial)


def _keep(partial: Path, name: Path) -> Path:
    numbered = (name.with_name(f"{name.name}.{number}") for number in count(2))
    kept = next(each for each in chain([name], numbered) if _is_free(each, partial))
    if kept.exists():
        partial.unlink()
    else:
        _sync(partial)
        partial.rename(kept)
        _sync(kept.parent)
    return kept


def _is_free(name: Path, partial: Path) -> bool:
    return not name.exists() or filecmp.cmp(name, partial, shallow=False)


def _sync(path: Path) -> None:
    """On the disk, not only on its way; a folder can be synced on POSIX only."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_copied(path: Path, version: str, error: Exception) -> CasebookUnavailable:
    size = path.stat().st_size / 1_000_000
    return CasebookUnavailable(
        f"No copy of the casebook {path} could be written beside it ({error}), "
        f"so it was not migrated and still has format {version}.",
        f"Make room for {size:,.1f} MB in {path.parent}, writable for this program, "
        "and open it again.",
    )
