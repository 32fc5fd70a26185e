"""Legal holds: what must be kept, whoever asks for it to be erased, until somebody releases it."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, select

from dashboard.casebook import chain
from dashboard.casebook.rows import now
from dashboard.casebook.schema import legal_holds
from dashboard.errors import ErasureRefused, IllegalTransition

SHORTEST_REASON = 5


def hold(con: Connection, subject: str, reason: str, actor: str) -> str:
    """Keep all about a subject (`type:id`); gives the id of the hold."""
    _check_reason(reason)
    hold_id = f"hld_{uuid4().hex[:16]}"
    _write(con, hold_id, subject, reason, actor, None)
    return hold_id


def release(con: Connection, subject: str, reason: str, actor: str) -> int:
    """End every hold on a subject; gives how many there were, raises where there was none."""
    _check_reason(reason)
    standing = held(con).get(subject, [])
    if not standing:
        raise IllegalTransition(
            f"There is no legal hold on {subject}.", "Look at its name again: type:id."
        )
    for one in standing:
        _write(con, f"hld_{uuid4().hex[:16]}", subject, reason, actor, one)
    return len(standing)


def held(con: Connection) -> dict[str, list[str]]:
    """The holds that stand, by subject."""
    rows = con.execute(select(legal_holds).order_by(legal_holds.c.audit_seq)).mappings().all()
    released = {row["releases"] for row in rows if row["releases"]}
    standing: dict[str, list[str]] = {}
    for row in rows:
        if row["releases"] is None and row["hold_id"] not in released:
            standing.setdefault(row["subject"], []).append(row["hold_id"])
    return standing


def check_free(con: Connection, subject: str) -> None:
    """Raise ErasureRefused where a hold keeps the subject."""
    if subject in held(con):
        raise ErasureRefused(
            f"A legal hold keeps all about {subject}, so nothing of it was erased.",
            "Release it first, with whoever placed it: ringfence casebook release.",
        )


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise IllegalTransition(
            "A legal hold needs a reason, and so does its end.",
            "Say which proceedings ask for it, as in --reason 'Court order 12/26'.",
        )


def _write(
    con: Connection,
    hold_id: str,
    subject: str,
    reason: str,
    actor: str,
    releases: str | None,
) -> None:
    row = {"hold_id": hold_id, "subject": subject, "reason": reason.strip(), "releases": releases}
    chain.record(con, "hold", subject, {**row, "placed_by": actor, "placed_at": now()})
