"""Sending what is due, once or as long as a server runs; several may send at once.

Each message is claimed before it goes and marked when it has gone. Between the two a process may
die: then another one sends it again when the claim is over, under the same idempotency key.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.casebook.rows import now
from dashboard.cases.effects import MessageState
from dashboard.errors import OutboxError, RingfenceError
from dashboard.outbox.answering import take_answers
from dashboard.outbox.ways import ways_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from dashboard.casebook import Casebook
    from dashboard.cases.effects import Message
    from dashboard.outbox.settings import OutboxSettings
    from dashboard.outbox.ways import Way

AT_ONCE = 5
"""Messages that are claimed at once: all their timeouts together are shorter than a claim."""
POLL_SECONDS = 5.0


@dataclass(frozen=True)
class Sent:
    """How many messages went, did not, and were given up."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.delivered + other.delivered, self.failed + other.failed, self.dead + other.dead
        )


def send_due(book: Casebook, ways: Sequence[Way], clock: Callable[[], datetime] = now) -> Sent:
    """Send every message that is due, oldest first; what does not arrive waits its time."""
    sent = Sent()
    while claimed := book.claim_messages(clock(), AT_ONCE):
        for message in claimed:
            sent += _send(book, message, ways, clock)
    return sent


def _send(
    book: Casebook, message: Message, ways: Sequence[Way], clock: Callable[[], datetime]
) -> Sent:
    done = [one for one in message.delivered.split(",") if one]
    for way in ways:
        if way.name in done:
            continue
        try:
            way.send(message)
        except OutboxError as error:
            state = book.message_failed(message, error.message, clock())
            return Sent(failed=1, dead=int(state == MessageState.DEAD))
        done.append(way.name)
        book.message_gone(message, done, is_all=len(done) == len(ways))
        message = replace(message, delivered=",".join(done))
    return Sent(delivered=1)


class Sender(threading.Thread):
    """Sends and takes answers beside a server, in the process that watches over it."""

    def __init__(
        self, book: Casebook, settings: OutboxSettings, say: Callable[[str], None]
    ) -> None:
        super().__init__(name="outbox", daemon=True)
        self._book, self._settings, self._say = book, settings, say
        self._stop_asked = threading.Event()
        self._last = ""

    def run(self) -> None:
        """Send until it is told to stop; what goes wrong is said once, not every few seconds."""
        ways = ways_of(self._settings)
        while not self._stop_asked.is_set():
            try:
                send_due(self._book, ways)
                self._tell("; ".join(take_answers(self._book, self._settings).problems))
            except RingfenceError as error:
                self._tell(str(error))
            self._stop_asked.wait(POLL_SECONDS)

    def end(self) -> None:
        """Stop after the message that is on its way."""
        self._stop_asked.set()
        self.join(timeout=POLL_SECONDS)

    def _tell(self, problem: str) -> None:
        if problem and problem != self._last:
            self._say(f"Outbox: {problem}")
        self._last = problem
