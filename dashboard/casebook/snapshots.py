"""What a decision was taken on, kept word for word under its own hash.

The data are built anew every day, and what stood on the screen is then gone: whoever judges an
appeal reads it here. The same evidence is stored once.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select

from dashboard.casebook import chain
from dashboard.casebook.schema import decisions, snapshots
from dashboard.cases.records import BrokenLink
from dashboard.errors import SnapshotMissing

if TYPE_CHECKING:
    from collections.abc import Mapping


def store(con: Connection, content: Mapping[str, Any]) -> str:
    """Keep `content` (plain JSON values, days and instants) and give its id; once if it is there.

    A number that is none (NaN, infinite) is kept as null.
    """
    text = chain.text_of(content)
    snapshot_id = _id_of(text)
    if con.execute(_STORED, {"id": snapshot_id}).first() is None:
        at = datetime.now(UTC).replace(tzinfo=None)
        con.execute(_NEW, {"snapshot_id": snapshot_id, "content": text, "made_at": at})
    return snapshot_id


def read(con: Connection, snapshot_id: str) -> dict[str, Any]:
    """The content as it was stored; raises SnapshotMissing where it was erased or never was."""
    text = con.execute(_CONTENT, {"id": snapshot_id}).scalar()
    if text is None:
        raise SnapshotMissing(
            "What this decision was taken on is not in the casebook: it was erased, or removed.",
            "ringfence audit verify says which.",
        )
    content: dict[str, Any] = json.loads(text)
    return content


def kept(con: Connection, snapshot_id: str | None) -> dict[str, Any]:
    """The content as it was stored; empty where none was, or it was erased."""
    try:
        return read(con, snapshot_id) if snapshot_id else {}
    except SnapshotMissing:
        return {}


def first_broken(con: Connection, erased: frozenset[str]) -> BrokenLink | None:
    """The first decision whose snapshot was changed, or is gone without being among `erased`."""
    used = select(decisions.c.audit_seq, decisions.c.snapshot_id)
    used = used.where(decisions.c.snapshot_id.is_not(None)).order_by(decisions.c.audit_seq)
    stored = {row[0]: _id_of(row[1]) for row in con.execute(_ALL)}
    uses = {row.snapshot_id: row.audit_seq for row in reversed(con.execute(used).all())}
    for snapshot_id, seq in sorted(uses.items(), key=lambda one: one[1]):
        if snapshot_id not in stored and snapshot_id not in erased:
            return BrokenLink(seq, "what it was decided on was removed")
    changed = [uses.get(one, 0) for one, actual in stored.items() if one != actual]
    return BrokenLink(min(changed), "what it was decided on was changed") if changed else None


def _id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_STORED = select(snapshots.c.snapshot_id).where(snapshots.c.snapshot_id == bindparam("id"))
_CONTENT = select(snapshots.c.content).where(snapshots.c.snapshot_id == bindparam("id"))
_ALL, _NEW = select(snapshots.c.snapshot_id, snapshots.c.content), insert(snapshots)
