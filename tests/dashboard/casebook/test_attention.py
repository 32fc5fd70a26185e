"""What decisions took: written with them, and read by whom they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import attention
from dashboard.cases.attention import IDLE_SECONDS, Attention, Spent
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition, IncompleteDecision
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, draft

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

QUINN, MAX = Viewer("quinn", "qa"), Viewer("max", "manager")
SPENT = Spent(90.0, ("facts", "why"), "CONFIRMED")


def test_a_decision_is_written_with_what_it_took(book: Casebook) -> None:
    """Seconds, panels and the first verdict; a refused decision leaves nothing."""
    with pytest.raises(IncompleteDecision):
        book.decide(draft(Verdict.CONFIRMED, note=""), viewer=ANN, spent=SPENT)
    assert book.decision_times(viewer=ANN) == []
    book.decide(draft(Verdict.CONFIRMED), viewer=ANN, spent=SPENT)
    (one,) = book.decision_times(viewer=ANN)
    assert (one.spent, one.verdict, one.typology) == (SPENT, "CONFIRMED", "T1_BRUSHING")
    assert book.verify() is None


def test_the_same_decision_sent_twice_is_timed_once(book: Casebook) -> None:
    """The first time stays."""
    for seconds in (90.0, 300.0):
        book.decide(draft(Verdict.CONFIRMED), viewer=ANN, spent=Spent(seconds))
    assert [one.spent.seconds for one in book.decision_times(viewer=ANN)] == [90.0]


def test_what_was_taken_back_took_nothing(book: Casebook) -> None:
    """It was never said."""
    made = book.decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN, spent=SPENT)
    book.undo([made], viewer=ANN)
    assert book.decision_times(viewer=ANN) == []


def test_decisions_taken_at_once_share_their_time(book: Casebook) -> None:
    """Three of them in ninety seconds are thirty each."""
    made = [draft(Verdict.FALSE_POSITIVE, number) for number in (1, 2, 3)]
    book.decide_all(made, viewer=ANN, spent=SPENT)
    assert [one.spent.seconds for one in book.decision_times(viewer=ANN)] == [30.0] * 3


def test_people_read_their_own_times_and_managers_none_by_name(book: Casebook) -> None:
    """An analyst sees theirs, quality everybody's by name, who gives out work nobody's name."""
    for number, who in enumerate((ANN, BOB, BOB), start=1):
        book.decide(draft(Verdict.FALSE_POSITIVE, number), viewer=who, spent=SPENT)
    assert [one.actor for one in book.decision_times(viewer=ANN)] == ["ann"]
    assert [one.actor for one in book.decision_times(viewer=QUINN)] == ["ann", "bob", "bob"]
    manager = book.decision_times(viewer=MAX)
    assert [one.actor for one in manager] == ["", "", ""]
    assert "bob" not in str(manager)
    assert len({one.person for one in manager}) == 2
    with pytest.raises(AccessDenied, match="gives work out"):
        book.approvals(viewer=MAX)


def test_an_answer_has_the_time_of_whoever_opened_the_proposal(book: Casebook) -> None:
    """One who answers from a list has opened nothing."""
    for number in (1, 2):
        book.decide(draft(Verdict.CONFIRMED, number), viewer=ANN)
        case = book.case_of("merchant", f"mer_{number}")
        assert case is not None
        spent = Spent(40.0, ("facts",)) if number == 1 else None
        book.move(
            case,
            (CaseState.APPROVED, CaseState.RETURNED)[number - 1],
            viewer=LEA,
            reason="Not enough yet.",
            spent=spent,
        )
    opened, blind = book.approvals(viewer=QUINN)
    assert (opened.approver, opened.is_approved, opened.spent) == (
        "lea",
        True,
        Spent(40.0, ("facts",)),
    )
    assert (blind.is_approved, blind.spent) == (False, None)
    assert opened.words == 6
    assert book.decision_times(viewer=QUINN) == []


def test_approvers_are_weighed_by_their_last_answers(
    book: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than the bound the first ones do not count."""
    for number in (1, 2, 3):
        book.decide(draft(Verdict.CONFIRMED, number), viewer=ANN)
        case = book.case_of("merchant", f"mer_{number}")
        assert case is not None
        book.move(case, CaseState.APPROVED, viewer=LEA)
    monkeypatch.setattr(attention, "MOST_ANSWERS", 2)
    answers = book.approvals(viewer=QUINN)
    assert [one.entity_key for one in answers] == ["merchant:mer_2", "merchant:mer_3"]


def test_idle_gaps_are_cut() -> None:
    """An hour at lunch counts as three minutes; each panel once, in its order."""
    seen = Attention(0.0).seen(20.0, "why").seen(50.0, "facts").seen(3650.0, "why")
    assert seen.seconds == 50.0 + IDLE_SECONDS
    assert seen.panels == ("why", "facts")


def test_the_share_that_is_judged_blind_is_sealed(book: Casebook) -> None:
    """The last word holds, and the trail keeps who said it."""
    assert book.blind_share() == 0.0
    book.set_blind_share(0.25, viewer=QUINN)
    assert book.blind_share() == 0.25
    assert book.verify() is None
    with pytest.raises(IllegalTransition, match="outside 0 to 1"):
        book.set_blind_share(1.5, viewer=QUINN)
