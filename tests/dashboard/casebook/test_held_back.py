"""What the casebook says of a subject to whoever is to judge it without the first verdict."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access import Viewer, acting_as
from dashboard.casebook.inbox import Box, Slice
from dashboard.casebook.lookups import Waits
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import Assignment, LinkVerdict, NextStep, SeenAlert
from dashboard.cases.redress import NewAppeal
from dashboard.cases.reviews import Sample, SecondVerdict
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.casebook import Casebook

QUINN, SAM = Viewer("quinn", "qa"), Viewer("sam", "senior")
TODAY = date(2026, 1, 1)
KEY, OTHER = "merchant:mer_1", "merchant:mer_2"


@pytest.fixture
def decision(book: Casebook) -> str:
    """The id of the decision about `KEY`: proposed, approved, in force, drawn for a second look.

    That about `OTHER` was not drawn.
    """
    made = book.decide(draft(Verdict.CONFIRMED, 1, data_day=TODAY), viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.draw_reviews(Sample(1.0, 7), [], viewer=QUINN)
    book.move(case, CaseState.APPROVED, viewer=LEA, data_day=made.data_day)
    other = book.decide(draft(Verdict.CONFIRMED, 2, data_day=TODAY), viewer=ANN)
    case = book.case_of("merchant", "mer_2")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA, data_day=other.data_day)
    return made.decision_id


def subjects_of(said: Any) -> set[str]:
    """Those of both subjects whom an answer of the casebook speaks of."""
    return {key for key in ("mer_1", "mer_2") if key in str(said)}


READS: dict[str, Callable[[Casebook, Viewer], Any]] = {
    "case_of": lambda book, _: [book.case_of("merchant", one) for one in ("mer_1", "mer_2")],
    "cases": lambda book, _: book.cases(),
    "cases_of": lambda book, _: book.cases_of([KEY, OTHER]),
    "waiting": lambda book, _: book.waiting(Waits(CaseState.APPROVED), limit=9),
    "waiting_keys": lambda book, _: book.waiting_keys(Waits(CaseState.APPROVED)),
    "decisions": lambda book, _: [book.decisions("merchant", one) for one in ("mer_1", "mer_2")],
    "history": lambda book, _: [book.history("merchant", one) for one in ("mer_1", "mer_2")],
    "decisions_of": lambda book, _: book.decisions_of([KEY, OTHER]),
    "effects_of": lambda book, _: book.effects_of([KEY, OTHER]),
    "standing_effects": lambda book, _: book.standing_effects([KEY, OTHER]),
    "messages": lambda book, _: [one.body for one in book.messages()],
    "inbox_page": lambda book, who: book.inbox_page(Slice(Box.APPROVE, None, 9), viewer=who),
    "inbox_keys": lambda book, who: book.inbox_keys(Slice(Box.APPROVE, None, 9), viewer=who),
    "weigh": lambda book, who: book.weigh([KEY, OTHER], viewer=who),
}


def read_by(book: Casebook, who: Viewer) -> dict[str, set[str]]:
    """Of whom each read speaks to this reader."""
    with acting_as(who):
        return {name: subjects_of(read(book, who)) for name, read in READS.items()}


@pytest.mark.usefixtures("decision")
def test_every_read_of_a_standing_leaves_out_whom_its_reader_is_to_judge(book: Casebook) -> None:
    """The reviewer reads of the other subject alone; an approver of both; afterwards both do."""
    assert read_by(book, QUINN) == {key: {"mer_2"} for key in READS}
    assert read_by(book, SAM) == {key: {"mer_2"} for key in READS}
    assert read_by(book, LEA) == {key: {"mer_1", "mer_2"} for key in READS}
    (task,) = book.review_tasks(viewer=QUINN)
    book.review(SecondVerdict(task.task_id, Verdict.FALSE_POSITIVE), viewer=QUINN)
    assert read_by(book, QUINN) == {key: {"mer_1", "mer_2"} for key in READS}


def test_counts_and_what_was_told_leave_it_out_too(book: Casebook, decision: str) -> None:
    """Numbers of cases, statements of reasons, and the record of a decision."""
    with acting_as(QUINN):
        assert book.waiting_count(Waits(CaseState.APPROVED)) == 1
        assert book.inbox_counts(Box.APPROVE, viewer=QUINN) == {CaseState.APPROVED: 1}
        assert book.redress_of([decision]) == {}
        assert [one.decision_id for one in book.statements_made(viewer=QUINN)] != []
        assert decision not in {one.decision_id for one in book.statements_made(viewer=QUINN)}
        with pytest.raises(AccessDenied, match="second look"):
            book.case_record(decision, viewer=QUINN)
    with acting_as(LEA):
        assert book.waiting_count(Waits(CaseState.APPROVED)) == 2
        assert book.inbox_counts(Box.APPROVE, viewer=LEA) == {CaseState.APPROVED: 2}
        assert set(book.redress_of([decision])) == {decision}
        assert decision in {one.decision_id for one in book.statements_made(viewer=LEA)}
        assert book.case_record(decision, viewer=LEA).decision.decision_id == decision


WRITES: dict[str, Callable[[Casebook], Any]] = {
    "decide": lambda book: book.decide(draft(Verdict.FALSE_POSITIVE), viewer=SAM),
    "undo": lambda book: book.undo([_first(book)], viewer=SAM),
    "claim": lambda book: book.set_aside(
        [SeenAlert(KEY, None, None)], NextStep(CaseAct.CLAIM), viewer=SAM
    ),
    "assign": lambda book: book.assign([KEY], Assignment("grp_1", "Mine"), viewer=SAM),
    "link": lambda book: book.judge_link(LinkVerdict(KEY, OTHER, "REJECTED", "no"), viewer=SAM),
}


def _first(book: Casebook) -> Any:
    with acting_as(LEA):
        return book.decisions("merchant", "mer_1")[0]


@pytest.mark.usefixtures("decision")
def test_a_refused_step_does_not_say_how_the_case_stands(book: Casebook) -> None:
    """One sentence for each step, whatever the state of the case would have made of it."""
    said = set()
    for write in WRITES.values():
        with acting_as(SAM), pytest.raises(AccessDenied, match="second look") as refused:
            write(book)
        said.add(str(refused.value))
    assert len(said) == 1
    assert not any(word in one for one in said for word in ("APPROVED", "ann", "lea"))


def test_whoever_has_to_answer_an_appeal_reads_it(book: Casebook, decision: str) -> None:
    """A senior may judge it; a quality reviewer judges none, and is to review it."""
    new = NewAppeal(decision, "We sell what we show.", TODAY)
    book.appeal(new, viewer=BOB, today=TODAY)
    with acting_as(SAM):
        assert [one.entity_id for one in book.appeals_waiting(limit=9)] == ["mer_1"]
        assert book.appeals_waiting_count() == 1
        assert book.held_back(viewer=SAM) == {}
    with acting_as(QUINN):
        assert book.appeals_waiting(limit=9) == []
        assert book.appeals_waiting_count() == 0
