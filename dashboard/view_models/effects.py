"""What is in force on subjects, how it ended, and what the platform said, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.cases.effects import EffectKind, MessageState
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from dashboard.cases.effects import Effect, EffectHistory, Message
    from dashboard.cases.measures import Measure

_STATES = {
    MessageState.WAITING: "waiting to be sent",
    MessageState.SENDING: "being sent",
    MessageState.DELIVERED: "delivered, no answer yet",
    MessageState.ACCEPTED: "accepted by the platform",
    MessageState.APPLIED: "applied by the platform",
    MessageState.REFUSED: "refused by the platform",
    MessageState.DEAD: "not delivered, given up",
}
_HOURS_A_DAY = 24
_HOURS_SAID = 48
"""From so many hours on days are said."""


@dataclass(frozen=True)
class EffectLine:
    """One effect as a line. `effect` is what a button ends; None = it is over."""

    headline: str
    detail: str
    delivery: str
    is_troubled: bool
    """Whether the platform refused it, or could not be reached."""
    effect: Effect | None


def effect_lines(every: Iterable[EffectHistory], now: datetime) -> tuple[EffectLine, ...]:
    """What stands first, each the latest first; a hold that became another is told with that."""
    lines = [
        _line(one, now)
        for one in every
        if one.ended_by is None or one.ended_by.kind == EffectKind.REVERSE
    ]
    return tuple(sorted(lines, key=lambda line: line.effect is None))


def tried(every: Iterable[EffectHistory]) -> tuple[str, ...]:
    """Actions that were approved on a subject and that nobody took back."""
    return tuple(
        one.effect.action
        for one in every
        if one.effect.kind != EffectKind.HOLD
        and (one.ended_by is None or one.ended_by.kind != EffectKind.REVERSE)
    )


def beginning(measure: Measure) -> str:
    """When an action begins, and who it waits for."""
    if measure.at_once_hours:
        return (
            f"It begins at once and lapses after {measure.at_once_hours} h unless approved; over a "
            "filter it waits."
        )
    if measure.is_severest:
        return "It begins when a second person approves it, with a note."
    return "It begins when a second person approves it."


def _line(one: EffectHistory, now: datetime) -> EffectLine:
    effect, is_standing = one.effect, one.is_standing(now)
    said = words.sentence_case(effect.action)
    waits = " until approved" if effect.kind == EffectKind.HOLD and is_standing else ""
    last = one.messages[-1] if one.messages else None
    return EffectLine(
        headline=f"{said}{waits}, {text.plain(effect.scope, length=_LONGEST)}",
        detail=f"since {effect.starts_at:%Y-%m-%d %H:%M} UTC, {_end(one, now)}",
        delivery=_delivery(last),
        is_troubled=last is not None and last.state in {MessageState.REFUSED, MessageState.DEAD},
        effect=effect if is_standing else None,
    )


_LONGEST = 200


def _end(one: EffectHistory, now: datetime) -> str:
    end, effect = one.ended_by, one.effect
    if end is not None:
        why = f": {text.written(end.reason)}" if end.reason else ""
        return f"ended {end.starts_at:%Y-%m-%d %H:%M} UTC by {text.plain(end.made_by)}{why}"
    if effect.ends_at is None:
        return "until it is ended"
    if effect.is_lapsed(now):
        return f"lapsed {effect.ends_at:%Y-%m-%d %H:%M} UTC"
    return f"until {effect.ends_at:%Y-%m-%d %H:%M} UTC, lapses in {_left(effect.ends_at, now)}"


def _left(ends_at: datetime, now: datetime) -> str:
    hours = int((ends_at - now).total_seconds() // 3600)
    if hours >= _HOURS_SAID:
        return f"{hours // _HOURS_A_DAY} d"
    return f"{hours} h" if hours else "less than 1 h"


def _delivery(message: Message | None) -> str:
    if message is None:
        return ""
    why = message.answer or message.problem
    said = f": {text.visible(why)}" if why else ""
    return f"{_STATES[message.state]}{said}"


def standing_count(lines: Sequence[EffectLine]) -> int:
    """How many are in force."""
    return sum(line.effect is not None for line in lines)
