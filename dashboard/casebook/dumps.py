"""Backup and restore: the whole casebook as lines of JSON, from either database into either.

One file, read in one transaction while people go on deciding. Its last line seals the others.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Date, DateTime, Table, delete, insert, select

from dashboard.casebook.chain import end
from dashboard.casebook.guards import lifted
from dashboard.casebook.rows import now
from dashboard.casebook.schema import FORMAT_VERSION, audit, metadata
from dashboard.casebook.schema import chain as head_table
from dashboard.casebook.verifying import first_broken
from dashboard.errors import RestoreRefused
from pipeline.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AT_ONCE = 500


@dataclass(frozen=True)
class Backup:
    """What a file holds: rows in all, and where its trail ends."""

    rows: int
    seq: int
    hash: str


def backup(con: Connection, target: Path) -> Backup:
    """Write every row that `con` sees; the file appears whole or not at all."""
    seq, seal = end(con)
    digest, rows = hashlib.sha256(), 0
    head = {"casebook": FORMAT_VERSION, "seq": seq, "hash": seal, "at": str(now())}
    is_packed = target.suffix == ".gz"
    with whole_file(target) as partial, _writer(partial, is_packed=is_packed) as out:
        for line in _lines(con, head):
            out.write(line)
            digest.update(line)
            rows += 1
        out.write(_line({"rows": rows - 1, "sha256": digest.hexdigest()}))
    return Backup(rows - 1, seq, seal)


def restore(con: Connection, source: Path, *, is_forced: bool) -> Backup:
    """Put the rows of a backup in the place of those that are there, under the writers' lock.

    Raises RestoreRefused for a file that is damaged or does not hold, and, unless it `is_forced`,
    where entries that are there are not in it.
    """
    head, rows = _read(source)
    made = Backup(sum(map(len, rows.values())), int(head["seq"]), str(head["hash"]))
    if not is_forced:
        _check_loss(con, rows[audit.name], made)
    tables = [table for table in metadata.sorted_tables if table.name != head_table.name]
    with lifted(con, tables):
        for table in tables:
            con.execute(delete(table))
            _insert(con, table, rows.get(table.name, []))
    con.execute(delete(head_table))
    _insert(con, head_table, rows[head_table.name])
    broken = first_broken(con)
    if broken:
        raise RestoreRefused(
            f"The backup {source} does not hold at entry {broken.seq}: {broken.problem}. Nothing "
            "was changed.",
            "Take an earlier one.",
        )
    return made


def _check_loss(con: Connection, kept: list[dict[str, Any]], made: Backup) -> None:
    """Raise where the trail that is there goes on beyond the backup, or elsewhere."""
    here = con.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq)).all()
    backed = {row["seq"]: row["hash"] for row in kept}
    lost = next((seq for seq, seal in here if backed.get(seq) != seal), None)
    if lost is None:
        return
    row = con.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).mappings().one()
    raise RestoreRefused(
        f"The casebook holds {len(here):,} entries, the backup {made.seq:,}: "
        f"{len(here) - lost + 1:,} from entry {lost:,} on would be lost, the last by "
        f"{row['actor']} at {row['at']:%Y-%m-%d %H:%M} UTC.",
        "Back it up first (ringfence casebook backup FILE), then restore with --force.",
    )


def _insert(con: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        part = [_typed(table, row) for row in rows[first : first + _AT_ONCE]]
        con.execute(insert(table), part)


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row with days and instants in place of their texts."""
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _lines(con: Connection, head: dict[str, Any]) -> Iterator[bytes]:
    yield _line(head)
    for table in metadata.sorted_tables:
        order = list(table.primary_key.columns)
        for row in con.execute(select(table).order_by(*order)).mappings():
            yield _line({"table": table.name, "row": dict(row)})


def _line(content: dict[str, Any]) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=_said)
    return f"{text}\n".encode()


def _said(value: Any) -> str:
    return cast("date", value).isoformat()


@contextmanager
def _writer(path: Path, *, is_packed: bool) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as plain:
        if is_packed:
            with gzip.GzipFile(fileobj=plain, mode="wb") as packed:
                yield cast("IO[bytes]", packed)
        else:
            yield plain
        plain.flush()
        os.fsync(plain.fileno())


def _read(source: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """(the head, rows by table) of a backup; raises RestoreRefused where it is not whole."""
    try:
        packed = source.read_bytes()
        content = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
        *lines, last = content.splitlines(keepends=True)
        seal = json.loads(last)
        is_whole = hashlib.sha256(b"".join(lines)).hexdigest() == seal["sha256"]
        head, *rows = (json.loads(line) for line in lines)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise _damaged(source, str(error)) from error
    if not is_whole or len(rows) != seal["rows"]:
        raise _damaged(source, "its seal does not fit")
    if head["casebook"] != FORMAT_VERSION:
        raise _damaged(source, f"it is of format {head['casebook']}, not {FORMAT_VERSION}")
    by_table: dict[str, list[dict[str, Any]]] = {audit.name: []}
    for row in rows:
        by_table.setdefault(row["table"], []).append(row["row"])
    return head, by_table


def _damaged(source: Path, reason: str) -> RestoreRefused:
    return RestoreRefused(
        f"{source} is no whole backup of this release ({reason}).",
        "Take another, or the release that wrote it.",
    )
