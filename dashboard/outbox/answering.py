"""The platform's answers: signed files, one a message, each taken once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.cases.effects import MessageState, PlatformAnswer
from dashboard.errors import CasebookUnavailable, OutboxError, RingfenceError
from dashboard.outbox.signing import opened

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook
    from dashboard.outbox.settings import OutboxSettings

TAKEN, UNREADABLE = "taken", "unreadable"
"""Folders that answers are moved to: those written down, and those that nobody could."""
LONGEST_REASON = 300
LONGEST_FILE = 64 * 1024
_STATES = {
    one.value.lower(): one
    for one in (MessageState.ACCEPTED, MessageState.APPLIED, MessageState.REFUSED)
}


@dataclass(frozen=True)
class Taken:
    """How many answers were new, and what was wrong with others."""

    new: int
    problems: tuple[str, ...]


def answer_of(text: str, key: bytes) -> PlatformAnswer:
    """An answer from its signed file; raises OutboxError with what is wrong with it."""
    body = opened(text, key)
    try:
        content: dict[str, Any] = json.loads(body)
        state = _STATES[str(content["state"]).lower()]
        at = datetime.fromisoformat(content["at"])
        named, reason = content["idempotency_key"], content.get("reason") or ""
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise OutboxError(
            f"The answer cannot be read ({type(error).__name__}: {error}).",
            f"It says idempotency_key, state ({', '.join(_STATES)}), at and reason.",
        ) from error
    if not isinstance(named, str) or not isinstance(reason, str):
        raise OutboxError("Key and reason of an answer are texts.", "See docs/outbox.md.")
    instant = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    return PlatformAnswer(named, state, instant, " ".join(reason.split())[:LONGEST_REASON])


def take_file(book: Casebook, path: Path, key: bytes) -> bool:
    """Write down the answer of one file; False = it is known already."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise OutboxError(f"{path.name} is too long for an answer.", "Look at who wrote it.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutboxError(f"{path} cannot be read ({error}).", "Look at the file.") from error
    return book.take_answer(answer_of(text, key))


def take_answers(book: Casebook, settings: OutboxSettings) -> Taken:
    """Write down what lies in the folder of answers, in the order of the names.

    A file is moved when it is written down: whoever dies in between takes it again, once. What
    cannot be taken is moved aside, so that it holds nothing up and somebody looks at it.
    """
    folder = settings.answers
    if folder is None or not folder.is_dir():
        return Taken(0, ())
    new, problems = 0, []
    for path in sorted(folder.glob("*.json")):
        try:
            new += take_file(book, path, settings.key)
        except CasebookUnavailable:
            raise  # the answer stays where it is
        except RingfenceError as error:
            problems.append(f"{path.name}: {error}")
            _aside(path, UNREADABLE)
        else:
            _aside(path, TAKEN)
    return Taken(new, tuple(problems))


def _aside(path: Path, folder: str) -> None:
    """Move a file one folder down; another process may have done so already."""
    target = path.parent / folder
    try:
        target.mkdir(exist_ok=True)
        path.replace(target / path.name)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutboxError(f"{path} cannot be moved ({error}).", f"Look at {target}.") from error
