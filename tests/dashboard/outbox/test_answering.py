"""What the platform answers is taken once, and what cannot be taken holds up nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.cases.effects import MessageState
from dashboard.cases.states import CaseState
from dashboard.errors import OutboxError
from dashboard.outbox.answering import answer_of, take_answers, take_file
from dashboard.outbox.sending import send_due
from dashboard.outbox.signing import envelope, opened
from dashboard.outbox.ways import ways_of
from tests.dashboard.outbox.conftest import KEY, approve

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook
    from dashboard.outbox.settings import OutboxSettings


def answer_file(settings: OutboxSettings, **content: Any) -> Path:
    """A signed answer in the folder of answers."""
    folder = settings.answers
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir())):03}.json"
    path.write_text(envelope(json.dumps(content), KEY), encoding="utf-8")
    return path


def test_the_platform_answers_in_files(book: Casebook, settings: OutboxSettings) -> None:
    """Accepted, then applied: the case is enforced once; each file is moved out of the way."""
    approve(book)
    send_due(book, ways_of(settings))
    key = book.messages()[0].idempotency_key
    at = "2026-12-01T08:00:00+01:00"
    for state in ("accepted", "applied", "applied"):
        answer_file(settings, idempotency_key=key, state=state, at=at)
    assert take_answers(book, settings).new == 2
    message = book.messages()[0]
    assert (message.state, message.answered_at) == (
        MessageState.APPLIED, datetime(2026, 12, 1, 7, tzinfo=UTC).replace(tzinfo=None),
    )  # fmt: skip
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert (case.state, case.changed_by) == (CaseState.ENFORCED, "platform")
    assert settings.answers is not None
    assert list(settings.answers.glob("*.json")) == []
    assert take_answers(book, settings).new == 0
    assert book.verify() is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"state": "applied", "at": "2026-12-01T08:00:00Z"}, "idempotency_key"),
        ({"idempotency_key": "x", "state": "done", "at": "2026-12-01T08:00:00Z"}, "done"),
        ({"idempotency_key": "x", "state": "applied", "at": "today"}, "isoformat"),
        ({"idempotency_key": 7, "state": "applied", "at": "2026-12-01T08:00:00Z"}, "texts"),
        ({"idempotency_key": "x", "state": "applied", "at": "2026-12-01T08:00:00Z"}, "under"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_laid_aside_and_said(
    book: Casebook, settings: OutboxSettings, content: dict[str, Any], problem: str
) -> None:
    """It holds up nobody: the next one is taken."""
    path = answer_file(settings, **content)
    taken = take_answers(book, settings)
    assert taken.new == 0
    assert problem in taken.problems[0]
    assert (path.parent / "unreadable" / path.name).exists()
    assert book.verify() is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"body": 1, "signature": "x"}', "\udcff"])
def test_what_is_not_signed_is_no_answer(text: str) -> None:
    """Nor what is signed with another key, or changed after it was."""
    with pytest.raises(OutboxError):
        answer_of(text, KEY)
    signed = envelope('{"state":"applied"}', KEY)
    with pytest.raises(OutboxError, match="signature"):
        opened(signed, b"f" * 32)
    with pytest.raises(OutboxError, match="signature"):
        opened(signed.replace("applied", "refused"), KEY)
    assert opened(signed, KEY) == '{"state":"applied"}'


def test_a_file_is_taken_by_the_command_too(book: Casebook, settings: OutboxSettings) -> None:
    """Once; again it is known."""
    key = book.messages()[0].idempotency_key
    path = answer_file(
        settings, idempotency_key=key, state="refused", at="2026-12-01T08:00:00Z", reason="no\nshop"
    )
    assert take_file(book, path, KEY)
    assert not take_file(book, path, KEY)
    assert book.messages()[0].answer == "no shop"
