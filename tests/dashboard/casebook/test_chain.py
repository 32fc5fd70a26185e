"""The audit trail breaks on any edit, and at the place of the edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.cases.states import Verdict
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, draft
from tests.dashboard.casebook.files import edit

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set actor = 'bob' where seq = 3",
        "update audit set at = '2020-01-01 00:00:00.000000' where seq = 2",
        "update audit set after = replace(after, 'Forty', 'Four') where seq = 3",
        "update audit set hash = previous_hash where seq = 1",
        "delete from audit where seq = 2",
        "delete from audit where seq = (select max(seq) from audit)",
        "delete from audit",
        "update decisions set verdict = 'FALSE_POSITIVE'",
        "update decisions set note = ''",
        "delete from decisions",
        "update cases set state = 'CLOSED_NO_ACTION'",
        "delete from cases",
    ],
)
def test_any_edit_breaks_the_chain(book: Casebook, path: Path, statement: str) -> None:
    """Whoever gets past the triggers is found by verify()."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.verify() is None
    edit(path, statement)
    broken = book.verify()
    assert broken is not None
    assert broken.problem


def test_the_first_broken_link_is_the_one_edited(book: Casebook, path: Path) -> None:
    """verify() points at the place, not merely at the fact."""
    for number in range(5):
        book.decide(draft(Verdict.CONFIRMED, number), viewer=ANN)
    edit(path, "update audit set actor = 'eve' where seq in (7, 12)")
    broken = book.verify()
    assert broken is not None
    assert broken.seq == 7
