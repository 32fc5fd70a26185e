"""What the platform was asked to do because of a decision, and whether it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dashboard.cases.keyed import Keyed

if TYPE_CHECKING:
    from datetime import datetime

PLATFORM = "platform"
"""Who answers for the platform in the trail: no person signs in under this name."""


class EffectKind(StrEnum):
    """What an effect does. A HOLD began with its proposal and waits for an approval."""

    HOLD = "HOLD"
    BEGIN = "BEGIN"
    REPLACE = "REPLACE"
    """It takes the place of the one that it reverses: the same action, approved or anew."""
    REVERSE = "REVERSE"


LAPSE = "LAPSE"
"""Kind of the message about an effect that ended by itself; the casebook has no row of it."""


class MessageState(StrEnum):
    """Where a message to the platform stands."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    DELIVERED = "DELIVERED"
    ACCEPTED = "ACCEPTED"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"
    DEAD = "DEAD"
    """It was given up after so many attempts."""


@dataclass(frozen=True)
class Effect(Keyed):
    """One thing that the platform was asked to do; never changed afterwards, all times UTC."""

    effect_id: str
    kind: EffectKind
    decision_id: str
    case_id: str
    entity_type: str
    entity_id: str
    action: str
    scope: str
    starts_at: datetime
    ends_at: datetime | None
    """None = until somebody ends it."""
    reverses: str | None
    """The effect that this one ends."""
    reason: str
    """Why it ends that one, in the words of whoever ended it."""
    made_by: str
    made_at: datetime
    audit_seq: int

    def is_lapsed(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.ends_at is not None and self.ends_at <= at


@dataclass(frozen=True)
class Message:
    """One message to the platform. `body` is canonical JSON, `answer` what the platform said."""

    message_id: str
    idempotency_key: str
    effect_id: str
    kind: str
    body: str
    state: MessageState
    attempts: int
    next_at: datetime | None
    delivered: str
    """The ways that it has gone already, as `file,webhook`."""
    problem: str
    """Why the last attempt failed; empty = it did not."""
    created_at: datetime
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True)
class EffectHistory:
    """One effect with how it ended, if it did, and the messages about it, oldest first."""

    effect: Effect
    ended_by: Effect | None
    messages: tuple[Message, ...]

    def is_standing(self, at: datetime) -> bool:
        """Whether it is in force at an instant."""
        return self.ended_by is None and not self.effect.is_lapsed(at)


@dataclass(frozen=True)
class PlatformAnswer:
    """What the platform says of one message: ACCEPTED, APPLIED or REFUSED, and why."""

    idempotency_key: str
    state: MessageState
    at: datetime
    reason: str = ""
