"""Appeals: in time or late, judged by somebody else, and what an overturned decision teaches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dashboard.access import Viewer
from dashboard.casebook.inbox import Box, Slice
from dashboard.casebook.rows import now
from dashboard.cases.acts import APPEALS
from dashboard.cases.records import NextStep, SeenAlert
from dashboard.cases.redress import Judgement, NewAppeal
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import (
    AccessDenied,
    IllegalTransition,
    IncompleteDecision,
    StaleCase,
    UnknownSubject,
)
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, draft
from tests.dashboard.casebook.redress import (
    HEARD,
    JUDGED,
    LEO,
    SEN,
    TOLD,
    WHY,
    appealed,
    approved,
    judged,
    scoped_book,
)

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

WINDOW = 90
"""Days in which a medium action may be appealed: `appeals.toml`."""


def state(book: Casebook, number: int = 1) -> CaseState:
    """Where the case of a merchant stands."""
    case = book.case_of("merchant", f"mer_{number}")
    assert case is not None
    return case.state


def test_an_overturned_decision_is_bad_until_its_day_and_good_from_then_on(book: Casebook) -> None:
    """Both words stand in the history with their days; the bad one is withdrawn from then."""
    judged(book, appealed(book, approved(book)))
    assert state(book) == CaseState.OVERTURNED
    columns = ("label", "source", "analyst_id")
    frame = book.labels_frame()
    assert frame.select(columns).rows() == [("bad", "casebook", "ann"), ("good", "appeal", "sen")]
    days = frame.select(pl.col("known_at", "withdrawn_at").dt.date()).rows()
    assert days == [(TOLD, JUDGED), (JUDGED, None)]
    [decision] = book.decisions("merchant", "mer_1")
    assert decision.overturned_on == JUDGED
    assert book.verify() is None


def test_overturning_ends_all_that_is_in_force_and_tells_the_platform(book: Casebook) -> None:
    """Of this decision: what another member has goes on; the end names who and why."""
    made, other = approved(book, 1), approved(book, 2)
    keys = ["merchant:mer_1", "merchant:mer_2"]
    assert set(book.standing_effects(keys)) == set(keys)
    judged(book, appealed(book, made))
    assert [one.decision_id for one in book.standing_effects(keys)[keys[1]]] == [other.decision_id]
    assert keys[0] not in book.standing_effects(keys)
    [last, *_] = book.effects_of(keys)[keys[0]]
    assert last.ended_by is not None
    assert (last.ended_by.made_by, last.ended_by.reason) == ("sen", "The appeal was won.")
    assert book.verify() is None


def test_an_upheld_decision_stays_in_force(book: Casebook) -> None:
    """Nothing of it ends."""
    judged(book, appealed(book, approved(book)), CaseState.UPHELD)
    assert len(book.standing_effects(["merchant:mer_1"])["merchant:mer_1"]) == 1


def test_an_upheld_decision_is_said_twice_and_stands(book: Casebook) -> None:
    """The appeal counts among the appeals decided, and takes nothing back."""
    judged(book, appealed(book, approved(book)), CaseState.UPHELD)
    frame = book.labels_frame()
    assert frame.select("label", "source", "withdrawn_at").rows() == [
        ("bad", "casebook", None),
        ("bad", "appeal", None),
    ]
    assert frame["typology"].unique().to_list() == ["T1_BRUSHING"]
    assert book.decisions("merchant", "mer_1")[0].overturned_on is None


def test_fresh_findings_know_an_appeal_of_an_old_decision(book: Casebook) -> None:
    """Since the served build the decision is old and its overturning new: it counts as good."""
    appeal = appealed(book, approved(book))
    instant = now()
    judged(book, appeal)
    found = book.findings_since(instant)
    assert found.select("entity_id", "label").rows() == [("mer_1", "good")]


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("ann", "senior"), Viewer("Ann ", "approver"), Viewer("ANN", "senior"),
        Viewer("a\u200bnn", "senior"), LEA, Viewer("lea ", "senior"), Viewer("Lea", "approver"),
    ],
)  # fmt: skip
def test_nobody_who_made_a_decision_judges_its_appeal(book: Casebook, viewer: Viewer) -> None:
    """Neither who decided nor who approved, however they spell themselves; nothing is written."""
    appeal = appealed(book, approved(book))
    head = book.head()
    with pytest.raises(AccessDenied, match="decided or approved"):
        judged(book, appeal, viewer=viewer)
    assert book.head() == head


@pytest.mark.parametrize("role", ["viewer", "analyst", "qa", "manager", "auditor", "admin"])
def test_roles_without_the_permission_judge_nothing(book: Casebook, role: str) -> None:
    """However far they are from the decision."""
    appeal = appealed(book, approved(book))
    with pytest.raises(AccessDenied, match="may not judge an appeal"):
        judged(book, appeal, viewer=Viewer("zed", role))


def test_an_appeal_is_judged_once_and_handed_in_once(book: Casebook) -> None:
    """The second judge is told that it no longer waits, the second appeal that it was answered."""
    made = approved(book)
    appeal = appealed(book, made)
    judged(book, appeal, CaseState.UPHELD)
    with pytest.raises(StaleCase, match="no longer waits"):
        judged(book, appeal, viewer=LEO)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.CLOSED, viewer=LEO)
    with pytest.raises(IllegalTransition, match="appealed before"):
        appealed(book, made, JUDGED)


def test_the_last_day_of_the_window_is_in_time_and_the_day_after_is_late(tmp_path: Path) -> None:
    """A late one needs a senior to let it in, and is recorded as late."""
    last = TOLD + timedelta(days=WINDOW)
    book = scoped_book(tmp_path / "a.sqlite")
    made, other = approved(book, 1), approved(book, 2)
    appealed(book, made, last)
    with pytest.raises(AccessDenied, match=f"late: its window ended on {last}"):
        appealed(book, other, last + timedelta(days=1))
    appealed(book, other, last + timedelta(days=1), SEN)
    told = book.redress_of([made.decision_id, other.decision_id])
    assert [told[one.decision_id].is_late for one in (made, other)] == [False, True]
    assert [one.is_late for one in book.appeals_waiting(limit=9)] == [False, True]


@pytest.mark.parametrize(("market", "days"), [("ID", WINDOW), ("DE", 184)])
def test_the_eea_has_six_months_at_least(tmp_path: Path, market: str, days: int) -> None:
    """Elsewhere the policy's own window holds."""
    book = scoped_book(tmp_path / "a.sqlite", market)
    made = approved(book)
    until = book.redress_of([made.decision_id])[made.decision_id].appeal_until
    assert until == f"{TOLD + timedelta(days=days)}"


def test_what_cannot_be_appealed_is_said(book: Casebook) -> None:
    """A proposal, a clearing, a text without words, a day before it was told or after today."""
    proposal = book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    cleared = book.decide(draft(Verdict.FALSE_POSITIVE, 2), viewer=ANN)
    for decision in (proposal, cleared):
        with pytest.raises(IllegalTransition, match="nothing here to appeal"):
            appealed(book, decision)
    made = approved(book, 3)
    with pytest.raises(IncompleteDecision, match="no text"):
        book.appeal(NewAppeal(made.decision_id, "  ", HEARD), viewer=ANN, today=HEARD)
    for day in (TOLD - timedelta(days=1), HEARD + timedelta(days=1)):
        with pytest.raises(IncompleteDecision, match="cannot have come"):
            book.appeal(NewAppeal(made.decision_id, "Why me?", day), viewer=ANN, today=HEARD)
    with pytest.raises(IllegalTransition, match="no longer stands"):
        book.appeal(NewAppeal("dec_none", "Why me?", HEARD), viewer=ANN, today=HEARD)


def test_an_outcome_needs_a_note(book: Casebook) -> None:
    """One that says why."""
    appeal = appealed(book, approved(book))
    with pytest.raises(IncompleteDecision, match="needs a note"):
        book.judge_appeal(Judgement(appeal.appeal_id, CaseState.UPHELD, "no", JUDGED), viewer=SEN)


@pytest.mark.parametrize("to", [CaseState.APPEALED, CaseState.UPHELD, CaseState.OVERTURNED])
def test_no_case_is_moved_past_its_appeal(book: Casebook, to: CaseState) -> None:
    """APPEALED, UPHELD and OVERTURNED come of an appeal alone."""
    made = approved(book)
    if to != CaseState.APPEALED:
        appealed(book, made)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    with pytest.raises(IllegalTransition, match="Only an appeal"):
        book.move(case, to, viewer=LEO)
    seen = SeenAlert("merchant:mer_1", "T1_BRUSHING", "HIGH")
    for act in APPEALS:
        with pytest.raises((IllegalTransition, AccessDenied)):
            book.set_aside([seen], NextStep(act, JUDGED, reason=WHY), viewer=LEO)
    assert state(book) == case.state


def test_of_a_case_decided_as_one_a_member_appeals_alone(book: Casebook) -> None:
    """One is cleared, the others stay as they were: state, label and statement."""
    made = book.decide_all(
        [draft(Verdict.CONFIRMED, n, data_day=TOLD) for n in (1, 2, 3)], viewer=ANN
    )
    for one in made:
        case = book.case_of(one.entity_type, one.entity_id)
        assert case is not None
        book.move(case, CaseState.APPROVED, viewer=LEA, data_day=TOLD)
    judged(book, appealed(book, made[1]))
    assert [state(book, n) for n in (1, 2, 3)] == [
        CaseState.APPROVED, CaseState.OVERTURNED, CaseState.APPROVED,
    ]  # fmt: skip
    last = book.labels_frame().unique("entity_id", keep="last", maintain_order=True)
    assert dict(last.select("entity_id", "label").iter_rows()) == {
        "mer_1": "bad", "mer_2": "good", "mer_3": "bad",
    }  # fmt: skip
    assert len(book.redress_of([one.decision_id for one in made])) == 3


def test_the_case_must_be_as_it_was_seen(book: Casebook) -> None:
    """Somebody carried it out meanwhile: whoever records the appeal is told."""
    made = approved(book)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.ENFORCED, viewer=LEO)
    new = NewAppeal(made.decision_id, "Why me?", HEARD)
    with pytest.raises(StaleCase):
        book.appeal(new, viewer=BOB, today=HEARD, seen_version=case.version)
    book.appeal(new, viewer=BOB, today=HEARD, seen_version=case.version + 1)


def test_whoever_sees_some_markets_neither_hands_in_nor_judges_elsewhere(tmp_path: Path) -> None:
    """They are told what a stranger is told."""
    book = scoped_book(tmp_path / "a.sqlite", "ID")
    made = approved(book)
    sg = frozenset({"SG"})
    with pytest.raises(UnknownSubject, match="your markets"):
        appealed(book, made, viewer=Viewer("bob", "analyst", sg))
    appeal = appealed(book, made)
    with pytest.raises(UnknownSubject, match="your markets"):
        judged(book, appeal, viewer=Viewer("sen", "senior", sg))


def test_waiting_appeals_come_first_due_first(book: Casebook) -> None:
    """A part of them at a time, and their number; who was judged waits no longer."""
    made = [approved(book, n) for n in (1, 2, 3)]
    days = [date(2026, 7, 3), date(2026, 7, 1), date(2026, 7, 2)]
    appeals = [appealed(book, one, day) for one, day in zip(made, days, strict=True)]
    assert book.appeals_waiting_count() == 3
    inbox = book.inbox_page(Slice(Box.APPEALS, None, 9), viewer=SEN)
    assert [one.entity_id for one in inbox] == ["mer_2", "mer_3", "mer_1"]
    keys = [one.entity_key for one in book.appeals_waiting(limit=2)]
    assert keys == ["merchant:mer_2", "merchant:mer_3"]
    assert [one.entity_key for one in book.appeals_waiting(limit=2, offset=2)] == ["merchant:mer_1"]
    judged(book, appeals[1])
    assert [one.entity_key for one in book.appeals_waiting(limit=9)] == [
        "merchant:mer_3",
        "merchant:mer_1",
    ]


def test_the_trail_seals_appeal_and_outcome(book: Casebook) -> None:
    """In the case's own history, with who did it; an edited outcome is found."""
    judged(book, appealed(book, approved(book)))
    acts = [(one.action, one.actor) for one in book.history("merchant", "mer_1")]
    assert ("state_reasons", "lea") in acts
    assert ("appeal", "ann") in acts
    assert ("judge_appeal", "sen") in acts
    assert WHY in book.history("merchant", "mer_1")[-2].after
