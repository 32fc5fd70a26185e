"""Topics of a message log as micro-batches in the drop folder, each named by its range of offsets.

What stands in the record decides where to go on, and only what stands there is committed: after
a death at any moment the same offsets come again, and rows have keys, so nothing is lost and
nothing counts twice. Behind the folder everything is as for files that others write.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pipeline.whole_files import whole_file
from queries.contract import raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int


class Message(Protocol):
    """One message: a row as a JSON object, and the key under which a later one replaces it."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """Key of the message, where it has one."""
        ...

    @property
    def value(self) -> bytes | None:
        """The row; None where it only says that a key is gone."""
        ...


class MessageLog(Protocol):
    """What is asked of whoever reads a log of messages."""

    def partitions(self, topic: str) -> Iterable[int]:
        """Numbers of the partitions of a topic."""
        ...

    def start_at(self, at: Partition, offset: int | None, since: datetime) -> None:
        """Read a partition from an offset on, or from its first message since an instant, UTC."""
        ...

    def messages(self, most: int) -> dict[Partition, Sequence[Message]]:
        """What has come since the last call, in the order of each partition."""
        ...

    def commit(self, ends: dict[Partition, int]) -> None:
        """Note the offsets to go on from."""
        ...


_NAME = re.compile(
    r"^(?P<table>.+)-(?P<topic>[\w.-]+)~(?P<number>\d+)~(?P<first>\d+)-(?P<last>\d+)"
)


@dataclass
class Topics:
    """Topics that are read into a drop folder."""

    log: MessageLog
    tables: dict[str, str]
    """Table that batches of each topic are of, by topic."""
    drop: Path
    most: int = 5_000
    """Messages taken in one look."""
    _started: set[Partition] = field(default_factory=set)

    def fetch(self, taken: Iterable[str], since: datetime) -> int:
        """Write what has come to the folder; how many messages.

        `taken` are names of batches in the record: reading goes on behind them, else it begins
        with messages since an instant, UTC.
        """
        self._start(taken, since)
        count = 0
        for at, messages in self.log.messages(self.most).items():
            if messages:
                self._write(at, messages)
                count += len(messages)
        return count

    def commit(self, taken: Iterable[str]) -> None:
        """Let go of the files of batches that stand in the record, and note their offsets.

        `taken` are names of files that the lane has read and recorded.
        """
        names = set(taken)
        done = [path for path in self.drop.glob("*~*.jsonl") if path.name in names]
        ends = _ends(path.name for path in done)
        if ends:
            self.log.commit(ends)
        for path in done:
            path.unlink(missing_ok=True)

    def _start(self, taken: Iterable[str], since: datetime) -> None:
        every = {Partition(one, n) for one in self.tables for n in self.log.partitions(one)}
        new = every - self._started
        ends = _ends(taken) if new else {}
        for at in sorted(new):
            self.log.start_at(at, ends.get(at), since)
            self._started.add(at)

    def _write(self, at: Partition, messages: Sequence[Message]) -> None:
        """The last row of each key; before it, each by itself, what is no row.

        Only the rows say how far the partition is read: killed between the two, all come again.
        """
        table = self.tables[at.topic]
        start = f"{table}-{at.topic}~{at.number}~"
        rows: dict[object, bytes] = {}
        for one in messages:
            content = b" ".join((one.value or b"").split(b"\n"))
            row = _row(content)
            if row is None:
                self._put(f"{start}{one.offset}", [content])
                continue
            key = _key(table, row) or one.key or one.offset
            rows.pop(key, None)
            rows[key] = content
        if rows:
            self._put(f"{start}{messages[0].offset}-{messages[-1].offset}", list(rows.values()))

    def _put(self, name: str, lines: list[bytes]) -> None:
        with whole_file(self.drop / f"{name}.jsonl") as partial:
            partial.write_bytes(b"\n".join(lines) + b"\n")


def _row(value: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(value)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _key(table: str, row: dict[str, Any]) -> tuple[object, ...]:
    """The key of a row of the contract; empty of a marketplace's own."""
    named = {name.lower(): value for name, value in row.items()}
    names = raw_tables()[table].key if table in raw_tables() else ()
    return tuple(str(named[name]) for name in names) if names and set(names) <= set(named) else ()


def _ends(names: Iterable[str]) -> dict[Partition, int]:
    """The offset behind the last one of each partition that batches of these names have."""
    ends: dict[Partition, int] = {}
    for name in names:
        if parts := _NAME.match(name):
            at = Partition(parts["topic"], int(parts["number"]))
            ends[at] = max(ends.get(at, 0), int(parts["last"]) + 1)
    return ends
