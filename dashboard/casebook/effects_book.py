"""The casebook's methods about effects and the messages that carry them to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import answers, chain, effects, messages, rows
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading, writing
from dashboard.casebook.held_back import held_decisions, readable
from dashboard.casebook.read_cache import cached_read
from dashboard.casebook.rules import check_reason
from dashboard.cases.effects import MessageState
from dashboard.errors import IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from dashboard.access import Viewer
    from dashboard.cases.effects import Effect, EffectHistory, Message, PlatformAnswer


class EffectsBook(BookPart):
    """What is in force because of decisions, and what is on its way to the platform."""

    @cached_read
    def effects_of(self, keys: Collection[str]) -> dict[str, list[EffectHistory]]:
        """Every effect on subjects with how it ended and its messages, by key, latest first."""
        with reading(self._engine) as con:
            return effects.histories(con, readable(con, keys))

    def standing_effects(
        self, keys: Collection[str], at: datetime | None = None
    ) -> dict[str, list[Effect]]:
        """What is in force on subjects, by key; now, or at an instant (UTC)."""
        with reading(self._engine) as con:
            return effects.standing(con, readable(con, keys), at or rows.now())

    def end_effect(self, effect: Effect, reason: str, *, viewer: Viewer) -> None:
        """End an effect before its time; raises where it is over, or without a reason."""
        require(viewer, "approve")
        check_reason(reason)
        self._check([effect.entity_key], viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            if not effects.reverse(con, effect, viewer.name, rows.now(), reason.strip()):
                raise IllegalTransition(
                    "This is no longer in force.", "Reload the page to see how it ended."
                )

    def messages(self, states: Collection[MessageState] = (), limit: int = 100) -> list[Message]:
        """Messages to the platform in some states, or all of them, the latest first.

        Without those about whoever is held back from the reader: what is asked is the verdict.
        """
        with reading(self._engine) as con:
            return messages.latest(con, states, limit, without=held_decisions(con))

    def claim_messages(self, at: datetime, limit: int) -> list[Message]:
        """Due messages that this process is to send; lapses up to `at` are among them.

        Nobody else has to wait for a look that finds nothing.
        """
        with reading(self._engine) as con:
            if not effects.lapsed(con, at, 1) and not messages.is_due(con, at):
                return []
        with writing(self._engine) as con:
            chain.lock(con)
            effects.announce_lapses(con, at)
            return messages.claim(con, at, limit)

    def message_gone(self, message: Message, ways: Sequence[str], *, is_all: bool) -> None:
        """Write down which ways a claimed message has gone."""
        with writing(self._engine) as con:
            messages.gone(con, message, ways, is_all=is_all)

    def message_failed(self, message: Message, problem: str, at: datetime) -> MessageState:
        """Write down that a claimed message did not arrive; dead after too many attempts."""
        with writing(self._engine) as con:
            chain.lock(con)
            state = messages.failed(con, message, problem, at)
            if state == MessageState.DEAD:
                answers.give_up(con, message, at, problem)
            return state

    def revive_messages(self, at: datetime) -> int:
        """Let dead letters wait once more; how many."""
        with writing(self._engine) as con:
            return messages.revive(con, at)

    def take_answer(self, answer: PlatformAnswer) -> bool:
        """Write down what the platform said of a message; False = it is known already."""
        with writing(self._engine) as con:
            chain.lock(con)
            return answers.take(con, answer, rows.now())
