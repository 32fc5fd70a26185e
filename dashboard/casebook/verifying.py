"""Whether the audit trail holds, and where it does not.

Every entry is held against the one before it, every row against the entry that sealed it, and
every decision against what it was taken on.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, inspect, select

from dashboard.casebook import snapshots
from dashboard.casebook.chain import GENESIS, MOVES, SEALED, canonical, digest, end
from dashboard.casebook.schema import audit, cases
from dashboard.cases.records import AuditEntry, BrokenLink

if TYPE_CHECKING:
    from collections.abc import Mapping


def first_broken(con: Connection) -> BrokenLink | None:
    """The first entry that does not hold, or None when the whole trail does."""
    trail = trail_of(con)
    erased = Erased.of(trail)
    return (
        _broken_chain(trail, erased)
        or _broken_head(con, trail)
        or _broken_row(con, trail)
        or _broken_case(con, trail)
        or _broken_snapshot(con, erased)
    )


def trail_of(con: Connection) -> list[AuditEntry]:
    """Every entry in order, of this format or an earlier one."""
    rows = con.execute(_as_it_stands(con, audit).order_by(audit.c.seq)).mappings()
    return [AuditEntry(**row) for row in rows]


@dataclass(frozen=True)
class Erased:
    """What the erasures of a trail say is gone.

    `entries` lost their texts: by number what seals the rest, and the erasure's own number.
    """

    entries: Mapping[int, tuple[str, int]]
    snapshots: frozenset[str]

    @classmethod
    def of(cls, trail: list[AuditEntry]) -> Erased:
        """Of all erasures together; of an entry that was erased twice the last word holds."""
        left: dict[int, tuple[str, int]] = {}
        gone: set[str] = set()
        for one in trail:
            if one.action == "erase":
                # One that cannot be read was changed: the chain says so where it stands.
                with suppress(ValueError, KeyError, TypeError):
                    row = json.loads(one.after)
                    left |= {seq: (seal, one.seq) for seq, seal in json.loads(row["entries"])}
                    gone |= set(json.loads(row["snapshots"]))
        return cls(left, frozenset(gone))


def _broken_chain(trail: list[AuditEntry], erased: Erased) -> BrokenLink | None:
    previous = GENESIS
    for expected, entry in enumerate(trail, start=1):
        if entry.seq != expected:
            return BrokenLink(expected, f"entry {expected} is missing")
        if entry.previous_hash != previous:
            return BrokenLink(entry.seq, "does not follow the entry before it")
        # What an erasure left has a seal of its own; nothing erases what comes after it.
        seal, by = erased.entries.get(entry.seq, (entry.hash, entry.seq + 1))
        if digest(entry) != seal or by <= entry.seq:
            return BrokenLink(entry.seq, "was changed after it was written")
        previous = entry.hash
    return None


def _broken_snapshot(con: Connection, erased: Erased) -> BrokenLink | None:
    if not inspect(con).has_table("snapshots"):
        return None
    return snapshots.first_broken(con, erased.snapshots)


def _broken_head(con: Connection, trail: list[AuditEntry]) -> BrokenLink | None:
    head = end(con)
    last = (trail[-1].seq, trail[-1].hash) if trail else (0, GENESIS)
    if head == last:
        return None
    return BrokenLink(last[0] + 1, f"the trail ends at {last[0]}, {head[0]} were written")


def _broken_row(con: Connection, trail: list[AuditEntry]) -> BrokenLink | None:
    links = (_broken_row_of(con, trail, action) for action in SEALED)
    return next((link for link in links if link), None)


def _broken_row_of(con: Connection, trail: list[AuditEntry], action: str) -> BrokenLink | None:
    table, name = SEALED[action]
    sealed = {entry.seq: entry.after for entry in trail if entry.action == action}
    if not inspect(con).has_table(table.name):
        return BrokenLink(min(sealed), f"its {name} was removed") if sealed else None
    for row in con.execute(_as_it_stands(con, table).order_by(table.c.audit_seq)).mappings():
        if sealed.pop(row["audit_seq"], None) != canonical(dict(row)):
            own_id = next(iter(row.values()))
            return BrokenLink(row["audit_seq"], f"{name} {own_id} was changed")
    return BrokenLink(min(sealed), f"its {name} was removed") if sealed else None


def _broken_case(con: Connection, trail: list[AuditEntry]) -> BrokenLink | None:
    sealed = {e.subject: e for e in trail if e.action in MOVES}
    for row in con.execute(_as_it_stands(con, cases)).mappings():
        entry = sealed.pop(f"case:{row['case_id']}", None)
        if entry is None or entry.after != canonical(dict(row)):
            seq = entry.seq if entry else 0
            return BrokenLink(seq, f"case {row['case_id']} was changed outside the casebook")
    left = [entry.seq for entry in sealed.values()]
    return BrokenLink(min(left), "its case was removed") if left else None


def _as_it_stands(con: Connection, table: Table) -> Select[Any]:
    """The columns a table has: before a migration fewer than this release knows."""
    present = {column["name"] for column in inspect(con).get_columns(table.name)}
    return select(*(column for column in table.c if column.name in present))
