"""The drop folder: which files are complete, which table each is of, and what it holds.

A batch is one file of one table. The table is the folder it lies in (`orders/0001.parquet`, or
below it `orders/dt=2026-06-01/0001.parquet`) or the beginning of its name
(`orders-0001.jsonl`, `orders.0001.csv`). A file is read once nothing has changed it for a
moment; whoever writes under another name (`.part`, `.tmp`, or with a leading dot) and renames
is read at once and never half-written.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.inputs.file_sources import FORMATS, PACKED, table_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from os import stat_result

_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp")
_HIDDEN = (".", "_")
"""First signs of names that writers keep for themselves."""
_NAME_END = r"_*([-.@\d]|$)"
"""What follows the table in the name of a file."""


@dataclass(frozen=True)
class BatchFile:
    """A file of the folder as it was when it was looked at."""

    path: Path
    name: str
    """Its path in the drop folder."""
    table: str
    """The table it is of; empty where neither folder nor name says one."""
    size: int
    modified_ns: int
    changed_ns: int
    """When its rights or its place last changed, or it did."""

    @classmethod
    def of(cls, path: Path, folder: Path, table: str, status: stat_result) -> BatchFile:
        """A file below a drop folder."""
        name = path.relative_to(folder).as_posix()
        return cls(path, name, table, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def arrived_at(self) -> datetime:
        """When its last byte was written, UTC without zone."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC).replace(tzinfo=None)

    @property
    def identity(self) -> tuple[str, int, int, int]:
        """What changes when the file does."""
        return str(self.path), self.size, self.modified_ns, self.changed_ns

    @property
    def delivered_as(self) -> str:
        """Its path in a delivery: a file of its table, or a part where folders hold columns."""
        columns = [one for one in self.name.split("/")[:-1] if "=" in one]
        if columns:
            return "/".join((self.table, *columns, self.path.name))
        suffixes = self.path.suffixes
        is_packed = bool(suffixes) and suffixes[-1].lower() in PACKED
        return f"{self.table}{''.join(suffixes[-2:] if is_packed else suffixes[-1:])}"


@dataclass(frozen=True)
class Snapshot:
    """A batch on its own: what is hashed is what is read, whatever becomes of the file."""

    file: BatchFile
    folder: Path
    """A delivery of one file."""

    @property
    def copy(self) -> Path:
        """The file in it."""
        return self.folder / (self.file.delivered_as if self.file.table else self.file.path.name)

    @property
    def digest(self) -> str:
        """Table and SHA-256 of the bytes: the same content is the same batch under any name."""
        with self.copy.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{self.file.table or 'unknown'}-{content}"

    def in_own_words(self, text: str) -> str:
        """A text about the copy as one about the file that was dropped."""
        folder = str(self.folder / self.file.table)
        return text.replace(str(self.copy), self.file.name).replace(folder, self.file.name)


def batch_files(
    folder: Path, now_ns: int, settle_seconds: float, tables: Collection[str]
) -> list[BatchFile]:
    """The complete files of a drop folder, in the order they arrived.

    One whose clock runs ahead is complete as well: nobody could wait for it.
    """
    found = (_batch(path, folder, tables) for path in _files(folder))
    quiet_ns = int(settle_seconds * 1e9)
    ready = [one for one in found if one is not None and abs(now_ns - one.modified_ns) >= quiet_ns]
    return sorted(ready, key=lambda one: (one.modified_ns, one.name))


@contextmanager
def snapshot(file: BatchFile) -> Iterator[Snapshot]:
    """A copy of a file as it is now.

    Raises InputError where it is gone or may not be read.
    """
    with TemporaryDirectory(prefix="ringfence-") as folder:
        taken = Snapshot(file, Path(folder))
        taken.copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.path.open("rb") as opened, taken.copy.open("wb") as copy:
                shutil.copyfileobj(opened, copy)
        except FileNotFoundError as error:
            raise InputError(
                f"{file.name} was gone before it was read.",
                "A file stays until the lane has said that it read it.",
                "Write it again.",
            ) from error
        except PermissionError as error:
            raise InputError(
                f"{file.name} may not be read.",
                "The lane reads every file of the folder.",
                f"Change its rights: chmod +r {file.name}",
            ) from error
        yield taken


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder; what writers keep for themselves is passed over."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(_HIDDEN))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith(_HIDDEN))


def _batch(path: Path, folder: Path, tables: Collection[str]) -> BatchFile | None:
    """None for what is no batch: a pipe, a name that says it is unfinished, a file just gone."""
    if path.name.lower().endswith(_UNFINISHED):
        return None
    try:
        status = path.lstat() if _leads_nowhere(path) else path.stat()
    except OSError:
        return None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)):
        return None
    return BatchFile.of(path, folder, _table(path, folder, tables), status)


def _leads_nowhere(path: Path) -> bool:
    """Whether it is a link, and nothing is there."""
    return path.is_symlink() and not path.exists()


def _table(path: Path, folder: Path, tables: Collection[str]) -> str:
    """The longest name of a table that folder or file begins with."""
    top, *below = path.relative_to(folder).parts
    name, end = (top.lower(), "_*$") if below else (_stem(path), _NAME_END)
    own = [one for one in tables if re.match(re.escape(one) + end, name)]
    return max(own, key=len, default="")


def _stem(path: Path) -> str:
    is_named = any(end.lower() in FORMATS for end in path.suffixes)
    return table_name(path.name) if is_named else path.name.lower()
