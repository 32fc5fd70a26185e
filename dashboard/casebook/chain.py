"""The audit trail as a hash chain: every entry seals the one before it.

Why: docs/decisions/0028-casebook-chain.md.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, or_, select, update

from dashboard.casebook.schema import (
    LATER_COLUMNS,
    appeal_outcomes,
    appeals,
    assignments,
    audit,
    chain,
    day_notes,
    decisions,
    effects,
    erasures,
    legal_holds,
    link_verdicts,
    reveals,
    review_tasks,
    second_reviews,
    statements,
)
from dashboard.cases.records import Answer, AuditEntry
from dashboard.cases.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GENESIS = "0" * 64


@dataclass(frozen=True)
class Act:
    """What somebody did to a subject, not sealed yet; `before` is None where nothing was."""

    at: datetime
    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def canonical(content: Mapping[str, Any] | None) -> str:
    """JSON with sorted keys and no spaces; the same content is the same text.

    A column that came with a later format is left out where it is empty, so that what an
    earlier one sealed keeps its text.
    """
    if content is None:
        return ""
    kept = {
        name: value
        for name, value in content.items()
        if value is not None or name not in LATER_COLUMNS
    }
    return text_of(kept)


def text_of(content: Mapping[str, Any]) -> str:
    """Canonical JSON of plain values, days and instants; NaN and infinity are null.

    JSON has no word for them, and of two databases one keeps them and one does not.
    """
    try:
        return _dumped(content)
    except ValueError:
        return _dumped(finite(content))


def finite(value: Any) -> Any:
    """The value with null where a number is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    return [finite(one) for one in value] if isinstance(value, list | tuple) else value


def _dumped(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=str, allow_nan=False)


def lock(con: Connection) -> None:
    """Take the writers' lock: the chain's one row, until the transaction ends."""
    con.execute(select(chain.c.seq).where(chain.c.id == 1).with_for_update()).one()


def next_seq(con: Connection) -> int:
    """The number the next entry will get; only meaningful under `lock`."""
    return int(con.execute(select(chain.c.seq).where(chain.c.id == 1)).scalar_one()) + 1


def head(con: Connection) -> str:
    """The seal of the last entry."""
    return str(con.execute(select(chain.c.hash).where(chain.c.id == 1)).scalar_one())


def end(con: Connection) -> tuple[int, str]:
    """The number and the seal of the last entry."""
    seq, seal = con.execute(_HEAD).one()
    return int(seq), str(seal)


def append(con: Connection, act: Act) -> AuditEntry:
    """Seal one entry behind the last."""
    seq, previous = con.execute(_HEAD).one()
    states = (canonical(act.before), canonical(act.after))
    fields = (seq + 1, act.at, act.actor, act.action, act.subject, *states, previous)
    open_entry = AuditEntry(*fields, hash="", salt=secrets.token_hex(16))
    entry = replace(open_entry, hash=digest(open_entry))
    con.execute(_ENTRY, vars(entry))
    con.execute(_NEW_HEAD, {"seq": entry.seq, "hash": entry.hash})
    return entry


def record(con: Connection, action: str, subject: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table that `action` writes, written and sealed; whole, with its `audit_seq`.

    Its one column that ends in `_by` or is `actor` or `reviewer` says who, the one in `_at` when.
    Only meaningful under `lock`.
    """
    table, _ = SEALED[action]
    whole = {**finite(dict(row)), "audit_seq": next_seq(con)}
    actor = next(value for name, value in row.items() if name in _WHO)
    at = next(value for name, value in row.items() if name in _WHEN)
    con.execute(insert(table).values(**whole))
    append(con, Act(at, actor, action, subject, None, whole))
    return whole


_HEAD = select(chain.c.seq, chain.c.hash).where(chain.c.id == 1)
_ENTRY, _NEW_HEAD = insert(audit), update(chain).where(chain.c.id == 1)
"""Made once: of a decision about a thousand, making statements took most of the time."""


def entries(con: Connection, subject: str | None = None) -> list[AuditEntry]:
    """Entries in order; all of them, or those about one subject."""
    query = select(audit).order_by(audit.c.seq)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return [AuditEntry(**row) for row in con.execute(query).mappings()]


ANSWERED = frozenset({CaseState.APPROVED, CaseState.RETURNED})
"""What a second person makes of a proposal."""


def answers(
    con: Connection,
    since: datetime | None = None,
    case_ids: Collection[str] | None = None,
    states: Collection[CaseState] = ANSWERED,
    latest: int | None = None,
) -> list[Answer]:
    """Who brought cases into one of `states`, in order, `since` an instant: the trail keeps it.

    Of some cases, or of all of them: those are read by a build, which learns from every decision
    anyway. `latest` are as many at most, the last ones.
    """
    into = or_(*(audit.c.after.contains(f'"state":"{state}"', autoescape=True) for state in states))
    query = select(audit).where(audit.c.action == "move_case", into)
    query = query.order_by(audit.c.seq.desc()).limit(latest)
    if since is not None:
        query = query.where(audit.c.at > since)
    if case_ids is not None:
        query = query.where(audit.c.subject.in_([f"case:{one}" for one in case_ids]))
    moves = [(row, json.loads(row["after"])) for row in con.execute(query).mappings()]
    found = [_answer(dict(row), case) for row, case in moves if case["state"] in states]
    return found[::-1]


def undone(con: Connection, subjects: Collection[str] | None = None) -> set[str]:
    """Ids of decisions that were taken back, of some subjects (`case:ID`) or of all."""
    query = select(audit.c.before).where(audit.c.action == "undo")
    if subjects is not None:
        query = query.where(audit.c.subject.in_([*subjects]))
    return {json.loads(before)["decision_id"] for before in con.execute(query).scalars()}


def _answer(row: Mapping[str, Any], case: Mapping[str, Any]) -> Answer:
    day = case.get("data_day")
    data_day = date.fromisoformat(day) if day else None
    state = CaseState(case["state"])
    return Answer(case["case_id"], state, row["at"], data_day, row["seq"], row["actor"])


def digest(entry: AuditEntry) -> str:
    """What seals an entry: SHA-256 over its fields but the seal, as one line of JSON."""
    *fields, _, salt = vars(entry).values()
    salted = fields if salt is None else [*fields, salt]
    text = json.dumps([_text(value) for value in salted], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


SEALED = {
    "decide": (decisions, "decision"),
    "assign": (assignments, "assignment"),
    "judge_link": (link_verdicts, "verdict about a link"),
    "write_note": (day_notes, "note on a day"),
    "set_effect": (effects, "effect"),
    "state_reasons": (statements, "statement of reasons"),
    "appeal": (appeals, "appeal"),
    "judge_appeal": (appeal_outcomes, "outcome of an appeal"),
    "reveal": (reveals, "reveal"),
    "draw_review": (review_tasks, "review"),
    "second_review": (second_reviews, "second verdict"),
    "hold": (legal_holds, "legal hold"),
    "erase": (erasures, "erasure"),
}
"""The append-only tables by the act that writes a row, each with what a row is called."""


_WHO = frozenset(
    {
        *("made_by", "received_by", "decided_by", "drawn_by", "placed_by", "erased_by"),
        *("actor", "reviewer"),
    }
)
_WHEN = frozenset(
    {
        *("made_at", "received_at", "decided_at", "drawn_at", "placed_at", "erased_at"),
        *("revealed_at", "reviewed_at"),
    }
)
"""Columns of who wrote a row, and when; each table has one of both."""


MOVES = ("open_case", "move_case", "undo")
"""Acts of the trail that say how a case stands after them."""
