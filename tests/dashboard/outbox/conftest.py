"""A casebook with a hold that nobody has been told of, and a folder that messages leave by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.states import CaseState
from dashboard.outbox.settings import OutboxSettings
from tests.casebooks import empty_casebook
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, LEA

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    """A casebook in which one hold began."""
    made = Casebook(open_engine(empty_casebook(tmp_path / "casebook.sqlite")))
    made.decide(ADVERSE_DRAFT, viewer=ANN)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> OutboxSettings:
    """A folder alone."""
    return OutboxSettings(KEY, tmp_path / "outbox")


def approve(book: Casebook) -> None:
    """Lea approves the first proposal."""
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA)
