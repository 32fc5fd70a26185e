"""The drop folder: which files are complete, which table each is of, and what it holds.

A batch is one file of one table. The table is the folder it lies in (`orders/0001.parquet`) or
the beginning of its name (`orders-0001.jsonl`, `orders.0001.csv`). A file is read once nothing
has changed it for a moment; whoever writes under another name (`.part`, `.tmp`, or with a
leading dot) and renames is read at once and never half-written.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.inputs.file_sources import FORMATS, table_name
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp")
_NAME_END = re.compile(r"[-.@\d]")


@dataclass(frozen=True)
class BatchFile:
    """A file of the folder as it was when it was looked at."""

    path: Path
    table: str
    """The contract table it is of; empty where neither folder nor name says one."""
    size: int
    modified_ns: int

    @property
    def arrived_at(self) -> datetime:
        """When its last byte was written, UTC without zone."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC).replace(tzinfo=None)

    @property
    def identity(self) -> tuple[str, int, int]:
        """What changes when the file does."""
        return str(self.path), self.size, self.modified_ns


def batch_files(folder: Path, now_ns: int, settle_seconds: float) -> list[BatchFile]:
    """The complete files of a drop folder, in the order they arrived."""
    found = (_batch(path, folder) for path in _candidates(folder))
    quiet_since = now_ns - int(settle_seconds * 1e9)
    ready = [one for one in found if one is not None and one.modified_ns <= quiet_since]
    return sorted(ready, key=lambda one: (one.modified_ns, str(one.path)))


def content_hash(path: Path) -> str:
    """SHA-256 of the bytes of a file: the same content is the same batch under any name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _candidates(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            yield from (one for one in sorted(entry.iterdir()) if not one.name.startswith("."))
        else:
            yield entry


def _batch(path: Path, folder: Path) -> BatchFile | None:
    """None for what is no batch: a folder, a name that says it is unfinished, a file just gone."""
    if path.name.lower().endswith(_UNFINISHED):
        return None
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not path.is_file():
        return None
    return BatchFile(path, _table(path, folder), status.st_size, status.st_mtime_ns)


def _table(path: Path, folder: Path) -> str:
    named = path.parent.name if path.parent != folder else _NAME_END.split(_stem(path))[0]
    name = named.lower().rstrip("_")
    return name if name in raw_tables() else ""


def _stem(path: Path) -> str:
    return table_name(path.name) if any(end in FORMATS for end in path.suffixes) else path.name
