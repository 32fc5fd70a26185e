"""Second reviews: what is drawn, who gets it, and what the casebook refuses."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook, chain
from dashboard.casebook.engine import open_engine, writing
from dashboard.cases.reviews import EXTRA, ReviewTask, Sample, SecondVerdict, SureCase, drawn
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition, IncompleteDecision
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, draft
from tests.dashboard.tiny_entities import AS_OF, at

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

QUINN, SAM = Viewer("quinn", "qa"), Viewer("sam", "senior")
ALL = Sample(1.0, 7)
SURE = [SureCase("buyer", f"buy_{number}", "CONFIRMED") for number in range(4)]
GOOD, BAD = Verdict.FALSE_POSITIVE, Verdict.CONFIRMED


def said(task_id: str, verdict: Verdict = BAD) -> SecondVerdict:
    """A complete second word."""
    return SecondVerdict(task_id, verdict, "Nothing of it is new to me.")


def decide(book: Casebook, verdicts: Sequence[Verdict], who: Viewer = ANN, first: int = 1) -> None:
    """One decision each, about merchants counted from `first`."""
    for number, verdict in enumerate(verdicts, start=first):
        book.decide(draft(verdict, number), viewer=who)


def test_a_task_says_nothing_of_what_was_decided(book: Casebook) -> None:
    """A drawn decision and a sure case are handed out as the same four fields."""
    decide(book, [GOOD] * 10)
    assert book.draw_reviews(ALL, SURE, viewer=QUINN) == 12
    tasks = book.review_tasks(viewer=QUINN)
    assert {one.entity_type for one in tasks} == {"merchant", "buyer"}
    names = {one.name for one in fields(ReviewTask)}
    assert names == {"task_id", "entity_type", "entity_id", "snapshot_id"}
    assert all(GOOD not in str(one) and "ann" not in str(one) for one in tasks)
    kinds = [one.entity_type for one in tasks]
    assert kinds not in [sorted(kinds), sorted(kinds, reverse=True)]


@pytest.mark.parametrize("name", ["sam", "Sam ", "SAM", "s\u200bam"])
def test_nobody_reviews_what_they_decided(book: Casebook, name: str) -> None:
    """However they spell their name."""
    decide(book, [GOOD], who=SAM)
    book.draw_reviews(ALL, [], viewer=QUINN)
    (task,) = book.review_tasks(viewer=QUINN)
    same = Viewer(name, "senior")
    assert book.review_tasks(viewer=same) == []
    with pytest.raises(AccessDenied, match="decided or approved this yourself"):
        book.review(said(task.task_id), viewer=same)
    assert book.reviewed(viewer=QUINN) == []


def test_nobody_reviews_what_they_approved(book: Casebook) -> None:
    """The second person of a proposal is no second look at it."""
    decide(book, [BAD])
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA)
    book.draw_reviews(ALL, [], viewer=QUINN)
    (task,) = book.review_tasks(viewer=QUINN)
    approver = Viewer("LEA", "qa")
    assert book.review_tasks(viewer=approver) == []
    with pytest.raises(AccessDenied):
        book.review(said(task.task_id), viewer=approver)


def test_both_words_stand_side_by_side_after_the_second(book: Casebook) -> None:
    """Who, what and whether they agree; the list of the one who asks is shorter by it."""
    decide(book, [BAD])
    book.draw_reviews(ALL, [], viewer=QUINN)
    (task,) = book.review_tasks(viewer=QUINN)
    done = book.review(said(task.task_id, GOOD), viewer=QUINN)
    assert done.first is not None
    assert (done.first.decided_by, done.first_verdict, done.agrees) == ("ann", BAD, False)
    assert book.review_tasks(viewer=QUINN) == []
    assert not book.reviewed(viewer=QUINN)[0].is_reopened
    book.decide(draft(GOOD, 1), viewer=BOB)
    assert book.reviewed(viewer=QUINN)[0].is_reopened
    assert book.verify() is None


def test_a_review_is_answered_once_and_completely(book: Casebook) -> None:
    """A second answer, one without a verdict, one against somebody without a sentence: refused."""
    decide(book, [GOOD])
    book.draw_reviews(ALL, [], viewer=QUINN)
    (task,) = book.review_tasks(viewer=QUINN)
    for incomplete in (SecondVerdict(task.task_id, ""), SecondVerdict(task.task_id, BAD, "no")):
        with pytest.raises(IncompleteDecision):
            book.review(incomplete, viewer=QUINN)
    book.review(said(task.task_id), viewer=QUINN)
    with pytest.raises(IllegalTransition, match="answered before"):
        book.review(said(task.task_id), viewer=SAM)
    with pytest.raises(IllegalTransition, match="no review"):
        book.review(said("rev_none"), viewer=SAM)


@pytest.mark.parametrize("role", ["viewer", "analyst", "approver"])
def test_roles_that_review_nothing_are_refused(book: Casebook, role: str) -> None:
    """In the casebook, whatever a page shows."""
    decide(book, [GOOD])
    book.draw_reviews(ALL, [], viewer=QUINN)
    (task,) = book.review_tasks(viewer=QUINN)
    stranger = Viewer("zoe", role)
    assert book.review_tasks(viewer=stranger) == []
    for act in (
        lambda: book.draw_reviews(ALL, [], viewer=stranger),
        lambda: book.review_task(task.task_id, viewer=stranger),
        lambda: book.review(said(task.task_id), viewer=stranger),
        lambda: book.reviewed(viewer=stranger),
        lambda: book.standing_decisions(viewer=stranger),
        lambda: book.appeal_results(viewer=stranger),
        lambda: book.approvals(viewer=stranger),
        lambda: book.set_blind_share(1.0, viewer=stranger),
    ):
        with pytest.raises(AccessDenied):
            act()


def test_nothing_is_drawn_twice(book: Casebook) -> None:
    """A second draw takes what was decided since, and says so where there is nothing."""
    decide(book, [GOOD] * 3)
    assert book.draw_reviews(ALL, [], viewer=QUINN) == 3
    with pytest.raises(IllegalTransition, match="not drawn before"):
        book.draw_reviews(ALL, [], viewer=QUINN)
    decide(book, [GOOD] * 2, first=4)
    assert book.draw_reviews(ALL, SURE, viewer=QUINN) == 3


def test_a_sure_case_is_never_one_that_somebody_decided(book: Casebook) -> None:
    """It would be in the list twice, and the second time known."""
    book.decide(draft(GOOD, 1), viewer=ANN)
    book.draw_reviews(ALL, [SureCase("merchant", "mer_1", "CONFIRMED")], viewer=QUINN)
    assert len(book.review_tasks(viewer=QUINN)) == 1


def test_markets_bound_what_is_drawn_and_reviewed(path: Path) -> None:
    """A reviewer of one market is handed nothing of another, by list or by id."""

    def markets(keys: Collection[str]) -> dict[str, str]:
        return {key: "ID" if key == "merchant:mer_1" else "SG" for key in keys}

    book = Casebook(open_engine(f"sqlite:///{path}"), markets)
    decide(book, [GOOD] * 3)
    home = Viewer("ida", "qa", frozenset({"ID"}))
    book.draw_reviews(ALL, [], viewer=QUINN)
    (own,) = book.review_tasks(viewer=home)
    assert own.entity_id == "mer_1"
    foreign = next(one for one in book.review_tasks(viewer=QUINN) if one.entity_id == "mer_2")
    with pytest.raises(AccessDenied, match="another market"):
        book.review(said(foreign.task_id), viewer=home)
    assert {one.entity_id for one in book.standing_decisions(viewer=home)} == {"mer_1"}


def test_the_same_seed_draws_the_same_and_more_of_what_is_severe(book: Casebook) -> None:
    """Of old hands: every third severe decision against every ninth other, at that share."""
    decide(book, [GOOD])
    one = book.standing_decisions(viewer=QUINN)[0]
    others = [replace(one, decision_id=f"dec_{number}") for number in range(300)]
    severest = replace(one, verdict=BAD, action="ACCOUNT_SUSPEND")
    made = [*others, *(replace(severest, decision_id=f"dec_{n}") for n in range(300, 390))]
    share = 0.1
    first, again = (drawn(made, {}, Sample(share, 3)) for _ in range(2))
    assert first == again
    assert drawn(made, {}, Sample(share, 4)) != first
    heavy = sum(one.verdict == BAD for one in first)
    assert heavy == pytest.approx(EXTRA * share * 90)
    assert len(first) - heavy == pytest.approx(share * 300)


def test_every_stratum_is_drawn_from(book: Casebook) -> None:
    """Each person, verdict and market has one at least, however small the share."""
    decide(book, [GOOD, BAD, GOOD, BAD])
    decide(book, [GOOD, GOOD], who=BOB, first=5)
    made = book.standing_decisions(viewer=QUINN)
    markets = {f"merchant:mer_{number}": "SG" if number == 5 else "ID" for number in range(9)}
    found = {(one.decided_by, one.verdict) for one in drawn(made, markets, Sample(0.01, 1))}
    assert found == {("ann", GOOD), ("ann", BAD), ("bob", GOOD)}
    assert sum(one.decided_by == "bob" for one in drawn(made, markets, Sample(0.01, 1))) == 2


def test_what_became_of_appeals_is_read_by_decision_and_market(path: Path) -> None:
    """The last outcome of each, of one's own markets alone."""

    def markets(keys: Collection[str]) -> dict[str, str]:
        return {key: "ID" if key == "merchant:mer_1" else "SG" for key in keys}

    engine = open_engine(f"sqlite:///{path}")
    book = Casebook(engine, markets)
    decide(book, [GOOD] * 2)
    made = {one.entity_id: one for one in book.standing_decisions(viewer=QUINN)}
    with writing(engine) as con:
        chain.lock(con)
        for number, (entity_id, outcome) in enumerate(
            [("mer_1", "UPHELD"), ("mer_2", "OVERTURNED")]
        ):
            one = made[entity_id]
            appeal = {
                "appeal_id": f"app_{number}",
                "decision_id": one.decision_id,
                "case_id": one.case_id,
                "text": "It was not us.",
                "received_on": AS_OF,
                "due_on": AS_OF,
                "received_by": "lea",
                "received_at": at(AS_OF),
            }
            chain.record(con, "appeal", f"case:{one.case_id}", appeal)
            judged = {
                "appeal_id": f"app_{number}",
                "outcome": outcome,
                "note": "Looked at again.",
                "data_day": AS_OF,
                "decided_by": "leo",
                "decided_at": at(AS_OF),
            }
            chain.record(con, "judge_appeal", f"case:{one.case_id}", judged)
    assert book.appeal_results(viewer=QUINN) == {
        made["mer_1"].decision_id: "UPHELD",
        made["mer_2"].decision_id: "OVERTURNED",
    }
    home = Viewer("ida", "qa", frozenset({"ID"}))
    assert book.appeal_results(viewer=home) == {made["mer_1"].decision_id: "UPHELD"}
    assert book.verify() is None
