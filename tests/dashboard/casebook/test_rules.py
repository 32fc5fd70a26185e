"""What a decision requires, who may approve it, and who was faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.casebook.rules import MOST_AT_ONCE, gaps_of
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import Assignment, LinkVerdict, NextStep, SeenAlert
from dashboard.cases.states import ADVERSE, DECIDED, CaseState, Verdict
from dashboard.errors import (
    AccessDenied,
    BulkRefused,
    IllegalTransition,
    IncompleteDecision,
    StaleCase,
    UnknownSubject,
)
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, BOB, LEA, LEO, draft

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("verdict", sorted(ADVERSE))
@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        ({"reason_codes": ()}, "reason code"), ({"note": " short  "}, "note"),
        ({"typology": ""}, "typology"), ({"action": "NO_ACTION"}, "needs an action"),
        ({"confidence": 1.5}, "Confidence"), ({"action": "CONTENT_REMOVE"}, "cannot be done to"),
        ({"entity_id": ""}, "which entity"), ({"note": "n" * 10_001}, "longer"),
        ({"entity_type": "planet"}, "no kind of subject"), ({"typology": "T99_X"}, "No pack"),
        ({"reason_codes": ("T2.R01",)}, "no reason of"), ({"action": "SHOOT"}, "not offered"),
        ({"action": "REPORT_AUTHORITY"}, "not offered"),
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


@pytest.mark.parametrize("name", ["Lea ", "LEA", " lea\u200b", "\uff4c\uff45\uff41"])
def test_a_proposer_by_another_spelling_is_the_proposer(book: Casebook, name: str) -> None:
    """One person however they type themselves: spaces, case, width, characters nobody sees."""
    book.decide(ADVERSE_DRAFT, viewer=LEA)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    with pytest.raises(AccessDenied, match="You proposed"):
        book.move(case, CaseState.APPROVED, viewer=Viewer(name, "approver"))
    assert book.case_of("merchant", "mer_1") == case


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_only_a_decision_brings_a_case_where_decisions_lead(
    book: Casebook, state: CaseState
) -> None:
    """One lead alone enforces nothing, whether nobody decided or a verdict cleared the subject."""
    book.decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    for step in (CaseState.REOPENED, CaseState.INVESTIGATING):
        assert case is not None
        case = book.move(case, step, viewer=LEO)
    assert case is not None
    with pytest.raises(IllegalTransition, match="Only a decision"):
        book.move(case, state, viewer=LEO)


def test_nobody_decides_outside_their_markets(path: Path) -> None:
    """A stranger and somebody of another market are refused in the same words; all writes are."""
    book = Casebook(open_engine(f"sqlite:///{path}"), lambda _: {"merchant:mer_1": "ID"})
    book.decide(draft(Verdict.INCONCLUSIVE), viewer=ANN)
    made = book.decisions("merchant", "mer_1")
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    other = Viewer("ann", markets=frozenset({"MY"}))
    step = NextStep(CaseAct.CLAIM, date(2026, 1, 2))
    for attempt in (
        lambda: book.decide(draft(Verdict.CONFIRMED), viewer=other),
        lambda: book.decide(draft(Verdict.CONFIRMED, 2), viewer=other),
        lambda: book.move(case, CaseState.INVESTIGATING, viewer=other),
        lambda: book.undo(made, viewer=other),
        lambda: book.assign(["merchant:mer_1"], Assignment("rng_1"), viewer=other),
        lambda: book.judge_link(
            LinkVerdict("merchant:mer_1", "merchant:mer_2", "REJECTED"), viewer=other
        ),
        lambda: book.set_aside([SeenAlert("merchant:mer_1", None, None)], step, viewer=other),
    ):
        with pytest.raises(UnknownSubject, match=r"There is no merchant mer_. in your markets\."):
            attempt()
    with pytest.raises(UnknownSubject, match=r"no merchant mer_2 in the data\."):
        book.decide(draft(Verdict.CONFIRMED, 2), viewer=ANN)
    assert book.case_of("merchant", "mer_1") == case


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
