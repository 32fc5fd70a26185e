"""Decisions about many at once, taken back, and what people say of groups and links."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from dashboard.casebook import rows
from dashboard.cases.records import Assignment, LinkVerdict
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition, IncompleteDecision, StaleCase
from tests.dashboard.casebook.drafts import ANN, BOB, draft
from tests.dashboard.casebook.files import edit

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

RING = "rng_0123456789"


def test_each_member_gets_its_decision_and_its_audit_row(book: Casebook) -> None:
    """Three at once are three decisions of one batch, and the chain holds."""
    drafts = [draft(Verdict.CONFIRMED, number) for number in (1, 2, 3)]
    made = book.decide_all(drafts, viewer=ANN)
    assert [one.entity_id for one in made] == ["mer_1", "mer_2", "mer_3"]
    assert len({one.batch_id for one in made}) == 1
    assert made[0].batch_id
    assert [len(book.decisions("merchant", one.entity_id)) for one in made] == [1, 1, 1]
    acts = [entry.action for entry in book.history("merchant", "mer_2")]
    assert acts.count("decide") == 1
    assert book.verify() is None


def test_one_that_is_refused_leaves_all_undecided(book: Casebook) -> None:
    """All or none: half a ring decided is worse than none."""
    book.decide(draft(Verdict.FALSE_POSITIVE, 2), viewer=BOB)
    drafts = [draft(Verdict.CONFIRMED, number) for number in (1, 2)]
    with pytest.raises(StaleCase, match="changed by bob"):
        book.decide_all(drafts, viewer=ANN, seen_versions={"merchant:mer_2": 0})
    assert book.decisions("merchant", "mer_1") == []
    with pytest.raises(IncompleteDecision):
        book.decide_all([drafts[0], replace(drafts[1], note="")], viewer=ANN)
    assert book.case_of("merchant", "mer_1") is None


def test_the_same_batch_twice_is_recorded_once(book: Casebook) -> None:
    """A double click on Decide all."""
    drafts = [draft(Verdict.CONFIRMED, number) for number in (1, 2)]
    first = book.decide_all(drafts, viewer=ANN)
    assert book.decide_all(drafts, viewer=ANN) == first


def test_an_undone_decision_was_never_said(book: Casebook) -> None:
    """The case stands as before, nothing is taught, and the trail says both."""
    cleared = book.decide(draft(Verdict.FALSE_POSITIVE, 1), viewer=BOB)
    before = book.case_of("merchant", "mer_1")
    slip = draft(Verdict.CONFIRMED, 1, action="MONITOR", idempotency_key="slip")
    made = book.decide_all([slip, draft(Verdict.CONFIRMED, 2, action="MONITOR")], viewer=ANN)
    book.undo(made, viewer=ANN)
    after = book.case_of("merchant", "mer_1")
    assert before is not None
    assert after is not None
    assert (after.state, after.review_on) == (before.state, before.review_on)
    assert book.decisions("merchant", "mer_1") == [cleared]
    assert book.labels_frame()["label"].to_list() == ["good"]
    newest = book.case_of("merchant", "mer_2")
    assert newest is not None
    assert newest.state == CaseState.NEW
    assert [entry.action for entry in book.history("merchant", "mer_2")][-1] == "undo"
    assert book.verify() is None
    again = book.decide(replace(slip, idempotency_key="again"), viewer=ANN)
    assert again.reopens == cleared.decision_id


def test_undo_is_for_ones_own_slip(book: Casebook) -> None:
    """Another's, one that was built upon, and one of yesterday stand."""
    made = book.decide(draft(Verdict.INCONCLUSIVE), viewer=ANN)
    with pytest.raises(AccessDenied, match="taken by ann"):
        book.undo([made], viewer=BOB)
    old = replace(made, decided_at=rows.now() - timedelta(hours=1))
    with pytest.raises(IllegalTransition, match="older than 15 minutes"):
        book.undo([old], viewer=ANN)
    later = draft(Verdict.FALSE_POSITIVE, idempotency_key="later")
    book.decide(later, viewer=BOB)
    with pytest.raises(StaleCase, match="since the decision"):
        book.undo([made], viewer=ANN)


def test_the_last_word_says_where_a_subject_belongs(book: Casebook) -> None:
    """Split off, put by hand into a case of its own, put back."""
    keys = ["buyer:b:1", "buyer:b2"]
    hand = Assignment("hnd_1", "Night shift of two", "same texts")
    book.assign(keys, hand, viewer=ANN)
    assert book.assigned() == dict.fromkeys(keys, hand)
    book.assign(keys[:1], Assignment(RING), viewer=BOB)
    assert book.assigned() == {keys[0]: Assignment(RING), keys[1]: hand}
    with pytest.raises(IncompleteDecision, match="needs a name"):
        book.assign(keys, Assignment("hnd_2"), viewer=ANN)
    with pytest.raises(IncompleteDecision, match="Nobody is chosen"):
        book.assign([], Assignment(RING), viewer=ANN)
    assert book.verify() is None


def test_a_rejected_link_reaches_the_next_build(book: Casebook) -> None:
    """In one order of its ends, until somebody confirms it after all."""
    book.judge_link(LinkVerdict("buyer:z", "buyer:a", "REJECTED", "a dormitory"), viewer=ANN)
    assert book.rejected_links().rows() == [("buyer:a", "buyer:z")]
    assert book.judged_links()[0].decided_by == "ann"
    book.judge_link(LinkVerdict("buyer:a", "buyer:z", "CONFIRMED"), viewer=BOB)
    assert book.rejected_links().is_empty()
    assert book.verify() is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("update assignments set group_id = 'x'", "assignment asg_"),
        ("delete from assignments", "its assignment was removed"),
        ("update link_verdicts set verdict = 'CONFIRMED'", "verdict about a link lnk_"),
        ("delete from link_verdicts", "its verdict about a link was removed"),
    ],
)
def test_an_edit_behind_its_back_shows(
    book: Casebook, path: Path, change: str, problem: str
) -> None:
    """The chain seals what was moved and judged as it seals decisions."""
    book.assign(["buyer:a"], Assignment(RING), viewer=ANN)
    book.judge_link(LinkVerdict("buyer:a", "buyer:b", "REJECTED"), viewer=ANN)
    edit(path, change)
    broken = book.verify()
    assert broken
    assert problem in broken.problem


def test_the_new_tables_are_append_only(book: Casebook) -> None:
    """No SQL client changes them without dropping a guard."""
    book.assign(["buyer:a"], Assignment(RING), viewer=ANN)
    with pytest.raises(Exception, match="append-only"), book._engine.begin() as con:
        con.execute(text("update assignments set title = 'x'"))
