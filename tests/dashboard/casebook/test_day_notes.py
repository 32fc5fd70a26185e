"""Notes on a day of a metric: read by everybody, replaced by another, sealed like decisions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook.day_notes import LONGEST
from dashboard.cases.records import DayNote
from dashboard.errors import AccessDenied, IncompleteDecision
from tests.dashboard.casebook.drafts import ANN, BOB
from tests.dashboard.casebook.files import edit

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

DAY = date(2026, 8, 10)
NOTE = DayNote(DAY, "Wallet went live at noon", "fast_payment_rate", "ID")


def texts(book: Casebook) -> list[str]:
    """The notes of the day."""
    return [note.text for note in book.notes_between(DAY, DAY)]


def test_a_note_is_read_by_everybody_until_it_is_taken_back(book: Casebook) -> None:
    """Replaced by another person, then by nothing."""
    book.write_note(NOTE, viewer=ANN)
    (first,) = book.notes_between(DAY, DAY)
    assert (first.text, first.market, first.written_by) == (NOTE.text, "ID", "ann")
    later = DayNote(DAY, "At one", "fast_payment_rate", "ID", replaces=first.note_id)
    book.write_note(later, viewer=BOB)
    assert texts(book) == ["At one"]
    (second,) = book.notes_between(DAY, DAY)
    book.write_note(DayNote(DAY, "", replaces=second.note_id), viewer=ANN)
    assert texts(book) == []
    assert book.verify() is None


def test_a_note_says_something_and_not_too_much(book: Casebook) -> None:
    """Neither an empty one nor an essay, and none by who may only look."""
    with pytest.raises(IncompleteDecision, match="empty"):
        book.write_note(DayNote(DAY, "  "), viewer=ANN)
    with pytest.raises(IncompleteDecision, match="at most"):
        book.write_note(DayNote(DAY, "x" * (LONGEST + 1)), viewer=ANN)
    with pytest.raises(AccessDenied):
        book.write_note(NOTE, viewer=Viewer("guest", "viewer"))
    assert texts(book) == []


@pytest.mark.parametrize("change", ["update day_notes set text = 'x'", "delete from day_notes"])
def test_an_edit_behind_its_back_shows(book: Casebook, path: Path, change: str) -> None:
    """The chain seals notes as it seals decisions."""
    book.write_note(NOTE, viewer=ANN)
    edit(path, change)
    broken = book.verify()
    assert broken
    assert "note on a day" in broken.problem
