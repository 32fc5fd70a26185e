"""What docs/outbox.md tells a platform to do works: it verifies what left, and is understood."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.states import CaseState
from dashboard.outbox.answering import take_answers
from dashboard.outbox.sending import send_due
from dashboard.outbox.settings import OutboxSettings
from dashboard.outbox.ways import ways_of
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, LEA

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[3] / "docs/outbox.md"
KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def snippet() -> dict[str, Callable[..., Any]]:
    """The functions of the page."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102
    return names


def test_a_platform_that_follows_the_page_enforces_a_case(
    tmp_path: Path, snippet: dict[str, Callable[..., Any]]
) -> None:
    """Files are verified, answered as applied, and the approved case is enforced."""
    book = Casebook(open_engine(f"sqlite:///{tmp_path / 'casebook.sqlite'}"))
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA)
    settings = OutboxSettings(KEY, tmp_path / "outbox")
    send_due(book, ways_of(settings))
    assert settings.folder is not None
    assert settings.answers is not None
    settings.answers.mkdir()
    for path in sorted(settings.folder.glob("*.json")):
        message = snippet["verified"](path.read_text(encoding="utf-8"), KEY)
        assert message["action"] == "SETTLEMENT_DEFER"
        assert datetime.fromisoformat(message["ends_at"]) > datetime.fromisoformat(
            message["starts_at"]
        )
        said = snippet["answer"](message, "applied", "2026-12-01T08:00:00Z", KEY)
        (settings.answers / path.name).write_text(said, encoding="utf-8")
    assert take_answers(book, settings).problems == ()
    after = book.case_of("merchant", "mer_1")
    assert after is not None
    assert after.state == CaseState.ENFORCED
    with pytest.raises(ValueError, match="not from"):
        snippet["verified"](path.read_text(encoding="utf-8"), b"x" * 32)
