"""Before anybody decides: a case is taken, or put off to a day; what is decided stays so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import NextStep, SeenAlert
from dashboard.cases.standing import AlertNow, Novelty, Place, standing
from dashboard.cases.states import CaseState
from dashboard.errors import AccessDenied

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

ANN = Viewer("ann")
TODAY = date(2026, 9, 29)
SOON = TODAY + timedelta(days=3)
SHOP = SeenAlert("merchant:mer_1", "T1_BRUSHING", "HIGH")
BUYER = SeenAlert("buyer:buy_1", "T1_BRUSHING", "HIGH")
TAKEN = NextStep(CaseAct.CLAIM, TODAY)
WHY = "The refunds of the week are not in yet."
PUT_OFF = NextStep(CaseAct.SNOOZE, TODAY, review_on=SOON, reason=WHY)
NOW = AlertNow("T1_BRUSHING", "HIGH", TODAY - timedelta(days=9))


def test_a_case_is_taken_by_an_audited_step_each(book: Casebook) -> None:
    """Whoever waits in it, all at once, and the trail holds."""
    book.set_aside([SHOP, BUYER], TAKEN, viewer=ANN)
    taken = book.cases_of(["merchant:mer_1", "buyer:buy_1"]).values()
    assert [(case.state, case.assignee) for case in taken] == [(CaseState.ASSIGNED, "ann")] * 2
    acts = [entry.action for entry in book.history("merchant", "mer_1")]
    assert acts == ["open_case", "move_case"]
    assert book.verify() is None
    assert book.labels_frame().is_empty()


def test_a_snooze_ends_on_its_day_or_with_something_new(book: Casebook) -> None:
    """Until then it stands on its own list; it is no verdict."""
    book.set_aside([SHOP], PUT_OFF, viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    assert case
    assert standing(case, NOW, TODAY).place == Place.SNOOZED
    assert case.reason == WHY
    due = standing(case, NOW, SOON)
    assert due.place == Place.OPEN
    assert due.reopening
    assert due.reopening.novelty == Novelty.REVIEW
    higher = AlertNow("T1_BRUSHING", "CRIT", NOW.opened_on)
    assert standing(case, higher, TODAY + timedelta(days=1)).place == Place.OPEN
    book.set_aside([SHOP], NextStep(CaseAct.WAKE, TODAY), viewer=ANN)
    awake = book.case_of("merchant", "mer_1")
    assert awake
    assert standing(awake, NOW, TODAY).place == Place.OPEN


def test_a_viewer_moves_nothing(book: Casebook) -> None:
    """And of several none is moved where one may not be."""
    with pytest.raises(AccessDenied):
        book.set_aside([SHOP], TAKEN, viewer=Viewer("eve", "viewer"))
    assert book.case_of("merchant", "mer_1") is None


def test_views_are_kept_by_person(book: Casebook) -> None:
    """Each with its name; a name with a sign of a pattern is only itself."""
    for name in ("rings", "50%"):
        book.save_draft(f"view:{name}", {"band": "CRIT"}, viewer=ANN)
    book.save_draft("merchant:mer_1", {"note": "x"}, viewer=ANN)
    assert book.drafts_of("view:", viewer=ANN) == {
        "50%": {"band": "CRIT"},
        "rings": {"band": "CRIT"},
    }
    assert book.drafts_of("view:", viewer=Viewer("bob")) == {}
    book.forget_draft("view:rings", viewer=ANN)
    assert list(book.drafts_of("view:", viewer=ANN)) == ["50%"]
