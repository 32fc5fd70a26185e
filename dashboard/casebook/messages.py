"""The rows of the outbox: what is on its way to the platform, claimed, gone, given up, answered.

A message is queued in the transaction of its effect, so that neither is ever without the other.
Whoever sends claims rows for a while: who dies meanwhile loses the claim, not the message. It then
goes again under the same idempotency key, so that a receiver that keeps these does nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from dashboard.casebook.chain import text_of
from dashboard.casebook.lookups import AT_ONCE
from dashboard.casebook.schema import effects, outbox
from dashboard.cases.effects import LAPSE, Effect, Message, MessageState
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

FORMAT = 1
"""Of a message's body: a receiver refuses what it does not know."""
CLAIM = timedelta(minutes=2)
"""How long whoever sends may take over one message; longer than every timeout on the way."""
FIRST_WAIT = timedelta(seconds=30)
MOST_ATTEMPTS = 10
"""Attempts until a message is a dead letter: the waits double, so that is after 4 h 15 min."""
LONGEST_PROBLEM = 300
_ON_THE_WAY = (MessageState.WAITING, MessageState.SENDING)


def wait_after(attempts: int) -> timedelta:
    """How long after so many failed attempts the next one is due."""
    return FIRST_WAIT * int(2 ** (attempts - 1))


def queue(
    con: Connection, effect: Effect, kind: str, at: datetime, grounds: tuple[str, Sequence[str]]
) -> None:
    """Put on the way that an effect began or ended; `grounds` are its typology and reason codes.

    Codes, ids and dates alone: what people wrote, and who, stays here.
    """
    key = f"{effect.effect_id}:{kind}"
    typology, codes = grounds
    row: dict[str, Any] = {
        "message_id": f"msg_{uuid4().hex[:16]}",
        "idempotency_key": key,
        "effect_id": effect.effect_id,
        "kind": str(kind),
        "state": MessageState.WAITING.value,
        "attempts": 0,
        "next_at": at,
        "delivered": "",
        "problem": "",
        "created_at": at,
        "answered_at": None,
        "answer": "",
    }
    content = {
        "format": FORMAT,
        "message_id": row["message_id"],
        "idempotency_key": key,
        "kind": str(kind),
        "created_at": _instant(at),
        "effect_id": effect.effect_id,
        "reverses": effect.reverses,
        "decision_id": effect.decision_id,
        "case_id": effect.case_id,
        "subject": {"type": effect.entity_type, "id": effect.entity_id},
        "action": effect.action,
        "scope": effect.scope,
        "starts_at": _instant(effect.starts_at),
        "ends_at": _instant(effect.ends_at) if effect.ends_at else None,
        "typology": typology,
        "reason_codes": [] if typology == NEW_PATTERN else list(codes),
    }
    con.execute(insert(outbox).values(**row, body=text_of(content)))


def _instant(at: datetime) -> str:
    return f"{at.isoformat(timespec='seconds')}Z"


def told_lapses() -> Select[Any]:
    """Ids of the effects whose lapse is in the outbox."""
    return select(outbox.c.effect_id).where(outbox.c.kind == LAPSE)


def claim(con: Connection, at: datetime, limit: int) -> list[Message]:
    """Messages that are due, the oldest first, now ours for `CLAIM`; each counts as an attempt.

    Of one case a message waits until those before it have gone: what ends a hold never arrives
    before what begins it.
    """
    claimed = []
    for one in _read(con, _due(at).limit(limit)):
        is_free = and_(outbox.c.state == one.state, outbox.c.attempts == one.attempts)
        mine = {
            "state": MessageState.SENDING.value,
            "attempts": one.attempts + 1,
            "next_at": at + CLAIM,
        }
        if _change(con, one.message_id, mine, is_free):
            claimed.append(Message(**{**vars(one), **mine, "state": MessageState.SENDING}))
    return claimed


def is_due(con: Connection, at: datetime) -> bool:
    """Whether any message waits to be claimed."""
    return con.execute(_due(at).limit(1)).first() is not None


def _due(at: datetime) -> Select[Any]:
    other, before = outbox.alias("other"), effects.alias("before")
    earlier = (
        select(other.c.message_id)
        .join(before, before.c.effect_id == other.c.effect_id)
        .where(
            before.c.case_id == effects.c.case_id,
            other.c.state.in_(_ON_THE_WAY),
            or_(
                before.c.audit_seq < effects.c.audit_seq,
                and_(
                    before.c.audit_seq == effects.c.audit_seq,
                    other.c.created_at < outbox.c.created_at,
                ),
            ),
        )
    )
    return (
        select(outbox)
        .join(effects, effects.c.effect_id == outbox.c.effect_id)
        .where(outbox.c.state.in_(_ON_THE_WAY), outbox.c.next_at <= at, ~earlier.exists())
        .order_by(effects.c.audit_seq, outbox.c.created_at)
    )


def gone(con: Connection, message: Message, ways: Sequence[str], *, is_all: bool) -> None:
    """That a claimed message has gone these ways; `is_all` = there is no other."""
    changed: dict[str, Any] = {"delivered": ",".join(ways), "problem": ""}
    if is_all:
        changed |= {"state": MessageState.DELIVERED.value, "next_at": None}
    _change(con, message.message_id, changed, outbox.c.state == MessageState.SENDING)


def failed(con: Connection, message: Message, problem: str, at: datetime) -> MessageState:
    """What becomes of a claimed message that did not arrive: it waits, twice as long, or is dead.

    Whoever lost the claim meanwhile changes nothing.
    """
    is_dead = message.attempts >= MOST_ATTEMPTS
    state = MessageState.DEAD if is_dead else MessageState.WAITING
    due = None if is_dead else at + wait_after(message.attempts)
    changed = {"state": state.value, "next_at": due, "problem": problem[:LONGEST_PROBLEM]}
    mine = and_(outbox.c.state == MessageState.SENDING, outbox.c.attempts == message.attempts)
    return state if _change(con, message.message_id, changed, mine) else message.state


def revive(con: Connection, at: datetime) -> int:
    """Let dead letters wait once more, with all their attempts; how many."""
    changed = {"state": MessageState.WAITING.value, "attempts": 0, "next_at": at}
    dead = outbox.c.state == MessageState.DEAD
    return con.execute(update(outbox).where(dead).values(**changed)).rowcount


def answered(
    con: Connection, message: Message, state: MessageState, at: datetime, why: str
) -> None:
    """What the platform said of a message."""
    changed = {"state": state.value, "next_at": None, "answered_at": at, "answer": why}
    _change(con, message.message_id, changed, outbox.c.state == message.state)


def message_of(con: Connection, idempotency_key: str) -> Message | None:
    """One message by its key."""
    query = select(outbox).where(outbox.c.idempotency_key == idempotency_key)
    return next(iter(_read(con, query)), None)


def latest(
    con: Connection,
    states: Collection[MessageState],
    limit: int,
    *,
    without: Collection[str] = (),
) -> list[Message]:
    """Messages in some states, or in any where none is named, the latest first.

    None of what follows from the decisions `without`, by id.
    """
    query = select(outbox).order_by(outbox.c.created_at.desc(), outbox.c.message_id)
    if without:
        about = select(effects.c.effect_id).where(effects.c.decision_id.in_(without))
        query = query.where(outbox.c.effect_id.not_in(about))
    if states:
        query = query.where(outbox.c.state.in_(states))
    return _read(con, query.limit(limit))


def by_effect(con: Connection, effect_ids: Sequence[str]) -> dict[str, list[Message]]:
    """The messages about some effects, oldest first."""
    made: defaultdict[str, list[Message]] = defaultdict(list)
    for start in range(0, len(effect_ids), AT_ONCE):
        these = outbox.c.effect_id.in_(effect_ids[start : start + AT_ONCE])
        for one in _read(con, select(outbox).where(these).order_by(outbox.c.created_at)):
            made[one.effect_id].append(one)
    return dict(made)


def _change(con: Connection, message_id: str, changed: dict[str, Any], where: Any) -> bool:
    query = update(outbox).where(outbox.c.message_id == message_id, where)
    return con.execute(query.values(**changed)).rowcount == 1


def _read(con: Connection, query: Select[Any]) -> list[Message]:
    rows: Iterable[Any] = con.execute(query).mappings()
    return [Message(**{**row, "state": MessageState(row["state"])}) for row in rows]
