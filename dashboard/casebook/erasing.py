"""Erasing what people wrote about a subject: the texts go, the trail and every count stay.

Verdicts, actions and days stay as they are, so that no KPI moves. Entries of the trail that held a
text keep their place and their seal, and a sealed erasure says which they are and seals what is
left of each: docs/decisions/0138-an-anchor-outside.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Table, and_, delete, or_, select, update

from dashboard.casebook import anchors, chain, holds
from dashboard.casebook.guards import lifted
from dashboard.casebook.rows import now
from dashboard.casebook.schema import (
    access_log,
    appeal_outcomes,
    appeals,
    assignments,
    audit,
    cases,
    decisions,
    drafts,
    effects,
    legal_holds,
    link_verdicts,
    presence,
    reveals,
    review_tasks,
    second_reviews,
    snapshots,
)
from dashboard.casebook.verifying import first_broken
from dashboard.cases.records import AuditEntry
from dashboard.errors import ErasureRefused
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement

ERASED = "[erased]"
TEXTS = ("note", "text", "reason", "contact", "title", "purpose", "detail")
"""Columns in which people write what they like, in the tables about a subject."""
SHORTEST_BASIS = 5


@dataclass(frozen=True)
class Erasure:
    """What was erased: rows that lost their texts or are gone, entries of the trail, snapshots.

    `old_entries` were sealed by format 5 or earlier, without a salt: whoever guesses a text of
    them word for word can still see that the guess is right.
    """

    row_count: int
    entry_count: int
    snapshot_count: int
    old_entries: int


def erase(con: Connection, subject: str, basis: str, actor: str) -> Erasure:
    """Erase the texts about `subject` (`type:id`), because of `basis`; under the writers' lock.

    Raises ErasureRefused for what a legal hold keeps, without a basis, for a trail that does not
    hold, and where there is nothing about the subject.
    """
    holds.check_free(con, subject)
    _check(con, basis)
    rows = [*_texts(con, subject)]
    entries = _entries(con, subject, {row.get("audit_seq") for _, row in rows})
    gone = _snapshots_of(con, subject)
    touched = {*(table for table, _ in rows), audit, snapshots}
    with lifted(con, touched):
        changed = [_redact(con, table, row) for table, row in rows]
        left = [_redact_entry(con, entry) for entry in entries]
        con.execute(delete(snapshots).where(snapshots.c.snapshot_id.in_(gone)))
    dropped = _drop(con, subject)
    count = sum(changed) + dropped + len(gone)
    if not count and not entries:
        raise ErasureRefused(
            f"The casebook holds no text about {subject}.", "Look at its name again: type:id."
        )
    _record(con, subject, basis, actor, left, gone, count)
    old = sum(entry.salt is None for entry in entries)
    return Erasure(count, len(entries), len(gone), old)


def _record(  # noqa: PLR0913, PLR0917 - what an erasure says
    con: Connection,
    subject: str,
    basis: str,
    actor: str,
    left: list[tuple[int, str]],
    gone: list[str],
    count: int,
) -> None:
    row: dict[str, Any] = {
        "erasure_id": f"era_{uuid4().hex[:16]}",
        "subject_hash": hashlib.sha256(subject.encode()).hexdigest(),
        "basis": basis.strip(),
        "row_count": count,
        "entries": json.dumps(left, separators=(",", ":")),
        "snapshots": json.dumps(gone, separators=(",", ":")),
    }
    proof = {"proof": proof_of(row, anchors.key()), "erased_by": actor, "erased_at": now()}
    chain.record(con, "erase", row["erasure_id"], {**row, **proof})


def proof_of(row: Mapping[str, Any], secret: bytes | None) -> str:
    """The signature of what an erasure takes; empty without a key."""
    if secret is None:
        return ""
    names = ("erasure_id", "subject_hash", "row_count", "entries", "snapshots")
    return anchors.signature(secret, {name: row[name] for name in names})


def redacted(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of any table, or what the trail keeps of it, without what people wrote."""
    left = dict(row)
    for name in TEXTS:
        if left.get(name):
            left[name] = ERASED
    if left.get("typology") == NEW_PATTERN:  # of which no pack has a closed list
        for name in ("reason_codes", "evidence"):
            if left.get(name) not in {None, "[]"}:
                left[name] = json.dumps([ERASED])
    return left


def _check(con: Connection, basis: str) -> None:
    if len(basis.strip()) < SHORTEST_BASIS:
        raise ErasureRefused(
            "An erasure needs its basis.", "Say who asked and by which right, as in --basis."
        )
    broken = first_broken(con)
    if broken:
        raise ErasureRefused(
            f"Entry {broken.seq} of the audit trail does not hold ({broken.problem}), and an "
            "erasure would hide it.",
            "Restore a copy that holds first: ringfence casebook restore.",
        )


def _texts(con: Connection, subject: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Every row about a subject that can hold a text."""
    for table, condition in _about(subject).items():
        for row in con.execute(select(table).where(condition)).mappings():
            yield table, dict(row)


def _about(subject: str) -> dict[Table, ColumnElement[bool]]:
    kind, _, name = subject.partition(":")

    def of(table: Table) -> ColumnElement[bool]:
        return and_(table.c.entity_type == kind, table.c.entity_id == name)

    made = select(decisions.c.decision_id).where(of(decisions))
    appealed = select(appeals.c.appeal_id).where(appeals.c.decision_id.in_(made))
    drawn = select(review_tasks.c.task_id).where(of(review_tasks))
    return {
        decisions: of(decisions),
        cases: of(cases),
        effects: of(effects),
        assignments: of(assignments),
        link_verdicts: or_(link_verdicts.c.src == subject, link_verdicts.c.dst == subject),
        appeals: appeals.c.decision_id.in_(made),
        appeal_outcomes: appeal_outcomes.c.appeal_id.in_(appealed),
        second_reviews: second_reviews.c.task_id.in_(drawn),
        reveals: reveals.c.subject == subject,
        legal_holds: legal_holds.c.subject == subject,
        access_log: access_log.c.subject == subject,
    }


def _entries(con: Connection, subject: str, seqs: set[Any]) -> list[AuditEntry]:
    """The entries of the trail in which a text about the subject stands."""
    kind, _, name = subject.partition(":")
    case = select(cases.c.case_id).where(cases.c.entity_type == kind, cases.c.entity_id == name)
    subjects = [f"case:{one}" for one in con.execute(case).scalars()]
    wanted = or_(audit.c.subject.in_(subjects), audit.c.seq.in_(seqs - {None}))
    query = select(audit).where(wanted).order_by(audit.c.seq)
    every = [AuditEntry(**row) for row in con.execute(query).mappings()]
    return [entry for entry in every if _without_texts(entry) != (entry.before, entry.after)]


def _without_texts(entry: AuditEntry) -> tuple[str, str]:
    before, after = (_redacted_text(one) for one in (entry.before, entry.after))
    return before, after


def _redacted_text(kept: str) -> str:
    if not kept:
        return kept
    content = json.loads(kept)
    left = redacted(content)
    return kept if left == content else chain.canonical(left)


def _redact(con: Connection, table: Table, row: dict[str, Any]) -> bool:
    """The row without its texts; gives whether it had any."""
    left = redacted(row)
    changed = {name: value for name, value in left.items() if value != row[name]}
    if changed:
        (key,) = table.primary_key.columns
        con.execute(update(table).where(key == row[key.name]).values(**changed))
    return bool(changed)


def _redact_entry(con: Connection, entry: AuditEntry) -> tuple[int, str]:
    """The entry without its texts and its salt; gives its number and the seal of what is left."""
    before, after = _without_texts(entry)
    left = replace(entry, before=before, after=after, salt=None)
    changed = {"before": before, "after": after, "salt": None}
    con.execute(update(audit).where(audit.c.seq == entry.seq).values(**changed))
    return entry.seq, chain.digest(left)


def _snapshots_of(con: Connection, subject: str) -> list[str]:
    """Ids of the snapshots that only decisions about the subject were taken on."""
    about = _about(subject)[decisions]
    used = select(decisions.c.snapshot_id).where(decisions.c.snapshot_id.is_not(None))
    own = set(con.execute(used.where(about)).scalars())
    others = set(con.execute(used.where(~about)).scalars())
    there = set(con.execute(select(snapshots.c.snapshot_id)).scalars())
    return sorted((own - others) & there)


def _drop(con: Connection, subject: str) -> int:
    """Forms that were left open about the subject, and who has it open."""
    results = [
        con.execute(delete(one).where(one.c.subject == subject)) for one in (drafts, presence)
    ]
    return sum(int(result.rowcount) for result in results)
