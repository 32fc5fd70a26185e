"""Steps at the data layer: what an insider tries, what a step has to say, what undo gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access import Viewer
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import Case, NextStep, SeenAlert
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition, IncompleteDecision, StaleCase
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, BOB, LEA, LEO, draft

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

TODAY = date(2026, 9, 29)
DUE = datetime(2026, 12, 24)  # noqa: DTZ001 (the casebook's clock is UTC without a zone)
SHOP = SeenAlert("merchant:mer_1", "T1_BRUSHING", "HIGH")
WHY = "Proof of delivery is missing."
TO_PAYMENTS = NextStep(
    CaseAct.HAND_OVER, TODAY, reason=WHY, team="payments", contact="pay-desk@shop", due_at=DUE
)


def case_of(book: Casebook) -> Case:
    """The case of the shop."""
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    return case


def test_one_person_alone_never_comes_to_enforced(book: Casebook) -> None:
    """Whatever an approver tries from an open case on, each step that lies nearest."""
    book.set_aside([SHOP], NextStep(CaseAct.CLAIM, TODAY), viewer=LEA)
    for act in CaseAct:
        if act in {CaseAct.APPROVE, CaseAct.RETURN, CaseAct.ENFORCE, CaseAct.OVERTURN}:
            with pytest.raises((IllegalTransition, AccessDenied)):
                book.set_aside([SHOP], NextStep(act, TODAY, reason=WHY), viewer=LEA)
    for state in (CaseState.APPROVED, CaseState.ENFORCED, CaseState.PROPOSED):
        with pytest.raises(IllegalTransition):
            book.move(case_of(book), state, viewer=LEA)
    book.decide(ADVERSE_DRAFT, viewer=LEA)
    for act in (CaseAct.APPROVE, CaseAct.ENFORCE):
        with pytest.raises((IllegalTransition, AccessDenied)):
            book.set_aside([SHOP], NextStep(act, TODAY), viewer=LEA)
    assert case_of(book).state == CaseState.PROPOSED


@pytest.mark.parametrize("name", ["lea", "Lea ", " LEA", "le\u200ba"])
@pytest.mark.parametrize("act", [CaseAct.APPROVE, CaseAct.RETURN])
def test_no_spelling_answers_its_own_proposal(book: Casebook, name: str, act: CaseAct) -> None:
    """By act as by state."""
    book.decide(ADVERSE_DRAFT, viewer=LEA)
    with pytest.raises(AccessDenied, match="You proposed"):
        book.set_aside([SHOP], NextStep(act, reason=WHY), viewer=Viewer(name, "approver"))
    book.set_aside([SHOP], NextStep(CaseAct.APPROVE), viewer=LEO)
    with pytest.raises(AccessDenied, match="You proposed"):
        book.set_aside([SHOP], NextStep(CaseAct.ENFORCE), viewer=Viewer(name, "approver"))


def test_what_blames_nobody_is_neither_approved_nor_enforced(book: Casebook) -> None:
    """A false positive closes; reopening it brings no state in which anything is carried out."""
    book.decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN)
    for act in (CaseAct.APPROVE, CaseAct.ENFORCE, CaseAct.APPEAL):
        with pytest.raises(IllegalTransition):
            book.set_aside([SHOP], NextStep(act), viewer=LEO)
    book.set_aside([SHOP], NextStep(CaseAct.REOPEN), viewer=LEO)
    with pytest.raises(IllegalTransition):
        book.set_aside([SHOP], NextStep(CaseAct.ENFORCE), viewer=LEO)


@pytest.mark.parametrize(
    ("step", "lack", "sentence"),
    [
        (TO_PAYMENTS, {"team": "police"}, "which team"),
        (TO_PAYMENTS, {"contact": " "}, "who of the team"),
        (TO_PAYMENTS, {"due_at": None}, "by when"),
        (TO_PAYMENTS, {"reason": "x"}, "reason of at least"),
        (TO_PAYMENTS, {"reason": "x" * 501}, "longer than 500"),
        (TO_PAYMENTS, {"contact": "x" * 121}, "contact than 120"),
        (NextStep(CaseAct.ASK, TODAY), {}, "by when"),
        (NextStep(CaseAct.SNOOZE, TODAY, review_on=TODAY, reason=WHY), {}, "later day"),
        (NextStep(CaseAct.SNOOZE, TODAY, review_on=TODAY + timedelta(1)), {}, "reason"),
        (NextStep(CaseAct.ASSIGN, TODAY), {}, "whom the case goes to"),
        (NextStep(CaseAct.ASSIGN, TODAY, "nobody"), {}, "Nobody called nobody"),
    ],
)
def test_a_step_says_what_the_next_person_needs(
    book: Casebook, step: NextStep, lack: dict[str, Any], sentence: str
) -> None:
    """What is missing is said, and nothing is written, not even the case that would be opened."""
    with pytest.raises(IncompleteDecision, match=sentence):
        book.set_aside([SHOP], replace(step, **lack), viewer=Viewer("sam", "senior"))
    assert book.case_of("merchant", "mer_1") is None


def test_a_case_goes_to_a_team_and_comes_back(book: Casebook) -> None:
    """With whom, why and until when; the analyst goes on with it, the trail holds."""
    book.set_aside([SHOP], NextStep(CaseAct.CLAIM, TODAY), viewer=ANN)
    [case] = book.set_aside([SHOP], TO_PAYMENTS, viewer=ANN)
    assert (case.state, case.team, case.contact) == (
        CaseState.HANDED_OVER, "payments", "pay-desk@shop",
    )  # fmt: skip
    assert (case.due_at, case.reason, case.assignee) == (DUE, WHY, "ann")
    [back] = book.set_aside([SHOP], NextStep(CaseAct.RESUME, reason="Paid twice."), viewer=ANN)
    assert (back.state, back.team, back.reason) == (CaseState.INVESTIGATING, None, "Paid twice.")
    assert book.verify() is None


def test_what_is_sent_back_is_its_proposers_again(book: Casebook) -> None:
    """Whoever had the case meanwhile: with the reason, by no spelling of the approver's own."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    with pytest.raises(IncompleteDecision, match="reason"):
        book.move(case_of(book), CaseState.RETURNED, viewer=LEA)
    back = book.move(case_of(book), CaseState.RETURNED, viewer=LEA, reason=WHY)
    assert (back.state, back.assignee, back.reason) == (CaseState.RETURNED, "ann", WHY)
    again = replace(ADVERSE_DRAFT, idempotency_key="again")
    book.decide(again, viewer=ANN, seen_version=back.version)
    assert case_of(book).state == CaseState.PROPOSED
    assert case_of(book).reason is None


def test_a_case_is_given_to_whoever_worked_here(book: Casebook) -> None:
    """By its owner, or by whoever may assign; by nobody else."""
    book.set_aside([SHOP], NextStep(CaseAct.CLAIM), viewer=ANN)
    book.set_aside([replace(SHOP, entity_key="buyer:b")], NextStep(CaseAct.CLAIM), viewer=BOB)
    assert book.colleagues() == ["ann", "bob"]
    with pytest.raises(AccessDenied, match="may not give a case"):
        book.set_aside([SHOP], NextStep(CaseAct.ASSIGN, assignee="bob"), viewer=BOB)
    [case] = book.set_aside([SHOP], NextStep(CaseAct.ASSIGN, assignee="bob"), viewer=ANN)
    assert case.assignee == "bob"
    manager = Viewer("mia", "manager")
    [case] = book.set_aside([SHOP], NextStep(CaseAct.ASSIGN, assignee="ann"), viewer=manager)
    assert case.assignee == "ann"
    with pytest.raises(AccessDenied):
        book.set_aside([SHOP], NextStep(CaseAct.CLAIM), viewer=manager)


def test_a_case_is_given_to_who_is_listed_and_may_decide(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before they ever opened anything; whoever may only look is nobody to give it to."""
    listed = [("ann", "analyst"), ("eve", "senior"), ("vic", "viewer")]
    lines = [
        f'[[people]]\nname = "{name}"\nsign_in = "{name}@shop"\nrole = "{role}"\n'
        for name, role in listed
    ]
    (tmp_path / "people.toml").write_text("\n".join(lines))
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(tmp_path / "people.toml"))
    assert book.colleagues() == ["ann", "eve"]
    book.set_aside([SHOP], NextStep(CaseAct.CLAIM), viewer=ANN)
    [case] = book.set_aside([SHOP], NextStep(CaseAct.ASSIGN, assignee="eve"), viewer=ANN)
    assert case.assignee == "eve"
    with pytest.raises(IncompleteDecision, match="Nobody called vic"):
        book.set_aside(
            [SHOP], NextStep(CaseAct.ASSIGN, assignee="vic"), viewer=Viewer("s", "senior")
        )


def test_of_two_who_act_one_wins(book: Casebook) -> None:
    """The other is told who was faster; a claim of one's own case changes nothing."""
    [case] = book.set_aside([SHOP], NextStep(CaseAct.CLAIM), viewer=ANN)
    seen = {SHOP.entity_key: case.version - 1}
    with pytest.raises(StaleCase, match="changed by ann"):
        book.set_aside([SHOP], TO_PAYMENTS, viewer=BOB, seen_versions=seen)
    assert book.set_aside([SHOP], NextStep(CaseAct.CLAIM), viewer=ANN) == [case]


def test_a_decision_taken_back_gives_the_handed_over_case_back(book: Casebook) -> None:
    """With its team, its day and its reason: they are part of how it stood."""
    [before] = book.set_aside([SHOP], TO_PAYMENTS, viewer=ANN)
    made = book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert case_of(book).team is None
    book.undo([made], viewer=ANN)
    after = case_of(book)
    names = ("state", "team", "contact", "due_at", "reason", "severity", "assignee")
    assert [getattr(after, one) for one in names] == [getattr(before, one) for one in names]
    assert book.verify() is None


def test_an_answer_keeps_the_alert_that_was_answered(book: Casebook) -> None:
    """The approver sees a newer alert: the decision still answered the one its author saw."""
    book.decide(replace(ADVERSE_DRAFT, alert_typology="T1_BRUSHING", alert_band="MED"), viewer=ANN)
    newer = replace(SHOP, typology="T9_REFUND_ABUSE", band="CRIT")
    [case] = book.set_aside([newer], NextStep(CaseAct.APPROVE), viewer=LEO)
    assert (case.alert_typology, case.alert_band) == ("T1_BRUSHING", "MED")
