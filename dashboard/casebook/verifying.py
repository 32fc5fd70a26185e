"""Whether the audit trail holds, and where it does not.

Every entry is held against the one before it, every row against the entry that sealed it, and
every decision against what it was taken on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, inspect, select

from dashboard.casebook import snapshots
from dashboard.casebook.chain import GENESIS, MOVES, SEALED, canonical, digest, end, entries
from dashboard.casebook.schema import cases
from dashboard.cases.records import BrokenLink

if TYPE_CHECKING:
    from dashboard.cases.records import AuditEntry


def first_broken(con: Connection) -> BrokenLink | None:
    """The first entry that does not hold, or None when the whole trail does."""
    trail = entries(con)
    return (
        _broken_chain(trail)
        or _broken_head(con, trail)
        or _broken_row(con, trail)
        or _broken_case(con, trail)
        or (snapshots.first_broken(con) if inspect(con).has_table("snapshots") else None)
    )


def _broken_chain(trail: list[AuditEntry]) -> BrokenLink | None:
    previous = GENESIS
    for expected, entry in enumerate(trail, start=1):
        *fields, sealed = vars(entry).values()
        if entry.seq != expected:
            return BrokenLink(expected, f"entry {expected} is missing")
        if entry.previous_hash != previous:
            return BrokenLink(entry.seq, "does not follow the entry before it")
        if digest(tuple(fields)) != sealed:
            return BrokenLink(entry.seq, "was changed after it was written")
        previous = sealed
    return None


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
