"""What the platform answers to a message, and what becomes of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.casebook import chain, effects, messages, rows
from dashboard.casebook.chain import Act
from dashboard.casebook.schema import cases
from dashboard.cases.effects import PLATFORM, EffectKind, MessageState
from dashboard.cases.states import CaseState
from dashboard.errors import CasebookError, UnknownMessage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from dashboard.cases.effects import Effect, Message, PlatformAnswer
    from dashboard.cases.records import Case

_FINAL = frozenset({MessageState.APPLIED, MessageState.REFUSED})
_ASKED = frozenset({EffectKind.HOLD, EffectKind.BEGIN, EffectKind.REPLACE})
_APPROVED = frozenset({EffectKind.BEGIN, EffectKind.REPLACE})


def take(con: Connection, answer: PlatformAnswer, at: datetime) -> bool:
    """Write down what the platform said; False = it is known already.

    What was applied moves an approved case on, what was refused ends the effect and brings the
    case back. Raises UnknownMessage, or CasebookError where the platform said otherwise before.
    Only meaningful under `chain.lock`.
    """
    message = messages.message_of(con, answer.idempotency_key)
    if message is None:
        raise UnknownMessage(
            f"No message went out under the key {answer.idempotency_key}.",
            "Answer with the idempotency_key of the message.",
        )
    if answer.state == message.state or (
        answer.state == MessageState.ACCEPTED and message.state in _FINAL
    ):
        return False
    if message.state in _FINAL:
        raise CasebookError(
            f"{answer.idempotency_key} was {message.state.lower()} before, it cannot be "
            f"{answer.state.lower()} now.",
            "End the effect in the dashboard, or decide anew.",
        )
    messages.answered(con, message, answer.state, answer.at, answer.reason)
    _seal(con, message, answer, at)
    effect = effects.effect_of(con, message.effect_id)
    if effect is not None and message.kind == effect.kind:
        _follow(con, effect, answer, at)
    return True


def give_up(con: Connection, message: Message, at: datetime, problem: str) -> None:
    """Write into the trail that a message did not arrive after all its attempts."""
    effect = effects.effect_of(con, message.effect_id)
    subject = f"case:{effect.case_id}" if effect else f"message:{message.message_id}"
    said = {"idempotency_key": message.idempotency_key, "problem": problem}
    chain.append(con, Act(at, PLATFORM, "give_up_message", subject, None, said))


def _seal(con: Connection, message: Message, answer: PlatformAnswer, at: datetime) -> None:
    effect = effects.effect_of(con, message.effect_id)
    subject = f"case:{effect.case_id}" if effect else f"message:{message.message_id}"
    said = {**vars(answer), "at": answer.at.isoformat(), "state": answer.state.value}
    chain.append(con, Act(at, PLATFORM, "answer_message", subject, None, said))


def _follow(con: Connection, effect: Effect, answer: PlatformAnswer, at: datetime) -> None:
    if answer.state == MessageState.REFUSED and effect.kind in _ASKED:
        said = f"Refused by the platform: {answer.reason or 'no reason given'}"
        effects.reverse(con, effect, PLATFORM, at, said, is_told=False)
        if effect.kind in _APPROVED:
            _move(con, effect, CaseState.RETURNED, said)
    if answer.state == MessageState.APPLIED and effect.kind in _APPROVED:
        _move(con, effect, CaseState.ENFORCED, None)


def _move(con: Connection, effect: Effect, to: CaseState, reason: str | None) -> None:
    """The case one step on, where it still waits for the platform's word on this effect."""
    case = _case(con, effect)
    latest = rows.decisions_of(con, effect.entity_type, effect.entity_id)[:1]
    is_own = [one.decision_id for one in latest] == [effect.decision_id]
    if case is not None and case.state == CaseState.APPROVED and is_own:
        rows.move_case(con, case, to, PLATFORM, reason=reason)


def _case(con: Connection, effect: Effect) -> Case | None:
    query = select(cases).where(cases.c.case_id == effect.case_id)
    row = con.execute(query).mappings().first()
    return rows.case_from(row) if row else None
