"""What a decision requires, who may approve it, and who was faster."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.casebook.rules import MOST_AT_ONCE, gaps_of
from dashboard.cases.states import ADVERSE, CaseState, Verdict
from dashboard.errors import (
    AccessDenied,
    BulkRefused,
    IllegalTransition,
    IncompleteDecision,
    StaleCase,
)
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, BOB, LEA, LEO, draft

if TYPE_CHECKING:
    from dashboard.casebook import Casebook


@pytest.mark.parametrize("verdict", sorted(ADVERSE))
@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        ({"reason_codes": ()}, "reason code"), ({"note": " short  "}, "note"),
        ({"typology": ""}, "typology"), ({"action": "NO_ACTION"}, "needs an action"),
        ({"confidence": 1.5}, "Confidence"), ({"action": "CONTENT_REMOVE"}, "cannot be done to"),
        ({"entity_id": ""}, "which entity"), ({"note": "n" * 10_001}, "longer"),
    ],
)  # fmt: skip
def test_adverse_verdicts_need_their_grounds(
    book: Casebook, verdict: Verdict, lack: dict[str, Any], sentence: str
) -> None:
    """What is missing is said; nothing is written."""
    with pytest.raises(IncompleteDecision, match=sentence):
        book.decide(draft(verdict, **lack), viewer=ANN)
    assert book.case_of("merchant", "mer_1") is None


def test_all_that_is_missing_is_said_at_once(book: Casebook) -> None:
    """Each with its field, in the order of the form; without a verdict, that one first."""
    bare = draft(
        Verdict.CONFIRMED, typology="", reason_codes=(), action="NO_ACTION", note="", confidence=2.0
    )
    with pytest.raises(IncompleteDecision) as caught:
        book.decide(bare, viewer=ANN)
    fields = [gap.field for gap in caught.value.gaps]
    assert fields == ["typology", "reasons", "action", "note", "confidence"]
    assert all(gap.problem in caught.value.message for gap in caught.value.gaps)
    nothing = replace(bare, verdict=None)
    assert [gap.field for gap in gaps_of(nothing)] == ["verdict", "confidence"]


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - ADVERSE))
def test_nobody_is_punished_on_a_clearing_verdict(book: Casebook, verdict: Verdict) -> None:
    """A victim's settlement is not held; securing the account is no punishment."""
    with pytest.raises(IncompleteDecision, match="cannot follow"):
        book.decide(draft(verdict, action="SETTLEMENT_DEFER"), viewer=ANN)
    assert book.decide(draft(verdict, action="SECURE_ACCOUNT", note=""), viewer=ANN).note == ""


def test_the_proposer_does_not_approve(book: Casebook) -> None:
    """Four eyes: a lead who proposed is refused, another lead approves and enforces."""
    book.decide(ADVERSE_DRAFT, viewer=LEA)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert case.state == CaseState.PROPOSED
    for refused in (LEA, ANN):
        with pytest.raises(AccessDenied):
            book.move(case, CaseState.APPROVED, viewer=refused)
    enforced = book.move(
        book.move(case, CaseState.APPROVED, viewer=LEO), CaseState.ENFORCED, viewer=LEO
    )
    with pytest.raises(IllegalTransition, match="being carried out"):
        book.decide(replace(ADVERSE_DRAFT, idempotency_key="again"), viewer=ANN)
    assert enforced.state == CaseState.ENFORCED


def test_of_two_writers_one_wins_and_the_other_is_told(book: Casebook) -> None:
    """The second one learns who changed what, and nothing of theirs is half written."""
    book.decide(draft(Verdict.INCONCLUSIVE), viewer=ANN, seen_version=0)
    with pytest.raises(StaleCase, match="changed by ann at") as caught:
        book.decide(draft(Verdict.CONFIRMED), viewer=BOB, seen_version=0)
    assert "Reload" in caught.value.remedy
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    moved = book.move(case, CaseState.INVESTIGATING, viewer=BOB)
    with pytest.raises(StaleCase, match="changed by bob"):
        book.move(case, CaseState.CLOSED_NO_ACTION, viewer=ANN)
    assert book.case_of("merchant", "mer_1") == moved


@pytest.mark.parametrize(
    ("count", "action", "sentence"),
    [(1, "ACCOUNT_SUSPEND", "Account suspend is too severe"), (MOST_AT_ONCE + 1, "WARN", "2,001")],
)
def test_a_filter_decides_neither_too_much_nor_too_many(
    book: Casebook, count: int, action: str, sentence: str
) -> None:
    """What is refused writes nothing; a case of a ring may still be decided so."""
    drafts = [draft(Verdict.CONFIRMED, number, action=action) for number in range(count)]
    with pytest.raises(BulkRefused, match=sentence):
        book.decide_all(drafts, viewer=ANN, is_of_filter=True)
    assert book.cases() == {}
    assert len(book.decide_all(drafts[:1], viewer=ANN)) == 1


def test_a_filter_is_decided_one_by_one_and_taken_back(book: Casebook) -> None:
    """Of a thousand each has its own decision and audit entry, and all of them stand as before."""
    drafts = [draft(Verdict.CONFIRMED, number, action="WARN") for number in range(1_000)]
    made = book.decide_all(drafts, viewer=ANN, is_of_filter=True)
    assert len({one.decision_id for one in made}) == len({one.audit_seq for one in made}) == 1_000
    assert len({one.batch_id for one in made}) == 1
    book.undo(made, viewer=ANN)
    assert {case.state for case in book.cases().values()} == {CaseState.NEW}
    assert book.verify() is None
