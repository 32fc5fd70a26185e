"""What the platform is asked to do begins, lapses by itself, is ended once, and is all sealed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from dashboard.access import Viewer
from dashboard.casebook import effects, rows
from dashboard.casebook.effects import HOLD_AGAIN
from dashboard.casebook.engine import reading, writing
from dashboard.casebook.guards import lifted
from dashboard.casebook.schema import effects as effects_table
from dashboard.cases.effects import EffectKind, MessageState, PlatformAnswer
from dashboard.cases.measures import measures
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import (
    AccessDenied,
    CasebookError,
    IllegalTransition,
    IncompleteDecision,
    UnknownMessage,
)
from queries.vocabulary import ACTIONS, ALWAYS_OFFERED, is_enforcement
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, BOB, LEA, LEO, draft

if TYPE_CHECKING:
    from dashboard.casebook import Casebook
    from dashboard.cases.effects import Effect
    from dashboard.cases.records import Case, Decision

KEY = "merchant:mer_1"
REASON = "The owner sent the invoices."
NOTE = "I opened five parcels and both shops."


def proposed(book: Casebook, number: int = 1, **changes: object) -> tuple[Decision, Case]:
    """A proposal of ann's, and its case."""
    made = book.decide(draft(Verdict.CONFIRMED, number, **changes), viewer=ANN)
    return made, case_of(book, number)


def case_of(book: Casebook, number: int = 1) -> Case:
    """The case of one merchant."""
    case = book.case_of("merchant", f"mer_{number}")
    assert case is not None
    return case


def stands(book: Casebook, at: datetime | None = None) -> list[Effect]:
    """What is in force on the first merchant."""
    return book.standing_effects([KEY], at).get(KEY, [])


def kinds(book: Casebook) -> list[str]:
    """Kinds of the messages in the order they were queued."""
    return [one.kind for one in reversed(book.messages())]


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - set(ALWAYS_OFFERED)))
def test_every_hold_has_an_end_and_every_action_a_way_back(action: str) -> None:
    """The law of the file; the reversal is no action that a decision could take."""
    measure = measures()[action]
    assert measure.reversal not in ACTIONS
    assert not measure.is_interim or measure.lasts() is not None
    assert measure.lasts() is None or measure.lasts() <= timedelta(days=measure.most_days or 0)
    assert measure.at_once is None or (measure.is_interim and measure.at_once < measure.lasts())
    assert measure.evidence != "none" or not is_enforcement(action) or measure.severity == "light"


def test_a_payout_hold_begins_with_its_proposal_and_lapses_unapproved(book: Casebook) -> None:
    """Nobody writes when its hours are over; before, it is in force."""
    decision, _ = proposed(book)
    (hold,) = stands(book)
    hours = measures()["SETTLEMENT_DEFER"].at_once
    assert hold.kind == EffectKind.HOLD
    assert hold.ends_at == decision.decided_at + hours
    head = book.head()
    assert stands(book, hold.ends_at - timedelta(seconds=1)) == [hold]
    assert stands(book, hold.ends_at) == []
    assert book.head() == head
    assert book.verify() is None


def test_a_hold_cannot_be_kept_by_proposing_it_again(book: Casebook) -> None:
    """Proposed anew, the end stays; proposed after it, nobody is held without an approval."""
    first, _ = proposed(book)
    (hold,) = stands(book)
    again, _ = proposed(book, idempotency_key="again")
    assert stands(book) == [hold]
    with writing(book._engine) as con:
        late = hold.ends_at + timedelta(hours=1)
        assert effects.begin_hold(con, again, "ann", late) is None
        assert effects.begin_hold(con, again, "ann", first.decided_at + HOLD_AGAIN) is not None


def test_an_approval_takes_the_place_of_the_hold(book: Casebook) -> None:
    """One is in force, for the days that were asked for and the scope that was chosen."""
    _, case = proposed(book, days=30, scope="home market only")
    (hold,) = stands(book)
    approved = book.move(case, CaseState.APPROVED, viewer=LEA)
    (effect,) = stands(book)
    assert (effect.kind, effect.reverses) == (EffectKind.REPLACE, hold.effect_id)
    assert effect.ends_at == approved.changed_at + timedelta(days=30)
    assert (effect.scope, effect.made_by) == ("home market only", "lea")
    assert kinds(book) == ["HOLD", "REPLACE"]
    assert book.verify() is None


def test_a_final_action_begins_when_it_is_approved(book: Casebook) -> None:
    """A suspension holds nobody while it waits; it says until when."""
    _, case = proposed(book, action="ACCOUNT_SUSPEND")
    assert stands(book) == []
    book.move(case, CaseState.APPROVED, viewer=LEA, reason=NOTE)
    (effect,) = stands(book)
    assert effect.kind == EffectKind.BEGIN
    assert effect.ends_at == effect.starts_at + timedelta(days=90)


def test_a_returned_proposal_holds_nobody(book: Casebook) -> None:
    """Whoever returns it frees the money in the same step."""
    _, case = proposed(book)
    book.move(case, CaseState.RETURNED, viewer=LEA, reason=REASON)
    assert stands(book) == []
    (history,) = book.effects_of([KEY])[KEY]
    assert history.ended_by is not None
    assert history.ended_by.made_by == "lea"
    assert kinds(book) == ["HOLD", "REVERSE"]


def test_another_verdict_ends_the_hold(book: Casebook) -> None:
    """Cleared by a colleague before anybody approved: nothing is held."""
    proposed(book)
    book.decide(draft(Verdict.FALSE_POSITIVE), viewer=BOB)
    assert stands(book) == []


def test_a_decision_taken_back_holds_nobody(book: Casebook) -> None:
    """The hold began with the decision, so it is no later act that would stop the undoing."""
    decision, _ = proposed(book)
    book.undo([decision], viewer=ANN)
    assert stands(book) == []
    assert case_of(book).state == CaseState.NEW
    assert book.verify() is None


def test_nothing_is_held_over_a_filter(book: Casebook) -> None:
    """Nobody has read them: each waits for the approval."""
    book.decide_all([ADVERSE_DRAFT], viewer=ANN, is_of_filter=True)
    assert stands(book) == []


def test_what_protects_begins_at_once(book: Casebook) -> None:
    """It needs no second person, and the platform has to hear of it."""
    book.decide(draft(Verdict.VICTIM, action="SECURE_ACCOUNT"), viewer=ANN)
    (effect,) = stands(book)
    assert (effect.kind, effect.action, effect.ends_at) == ("BEGIN", "SECURE_ACCOUNT", None)


def test_a_double_click_asks_once(book: Casebook) -> None:
    """The same intention begins one hold and sends one message."""
    for _ in range(3):
        book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert len(stands(book)) == len(book.messages()) == 1


def test_what_is_in_force_is_ended_by_an_approver_with_a_reason(book: Casebook) -> None:
    """Once: an analyst may not, nobody without a reason, and what is over stays as it ended."""
    _, case = proposed(book)
    book.move(case, CaseState.APPROVED, viewer=LEA)
    (effect,) = stands(book)
    with pytest.raises(AccessDenied):
        book.end_effect(effect, REASON, viewer=ANN)
    with pytest.raises(IncompleteDecision, match="reason"):
        book.end_effect(effect, "  late ", viewer=LEO)
    book.end_effect(effect, REASON, viewer=LEO)
    assert stands(book) == []
    with pytest.raises(IllegalTransition, match="no longer"):
        book.end_effect(effect, REASON, viewer=LEO)
    history = book.effects_of([KEY])[KEY][0]
    assert history.ended_by is not None
    assert (history.ended_by.reason, history.ended_by.action) == (REASON, "SETTLEMENT_RELEASE")
    assert book.verify() is None


def test_reversing_a_case_ends_all_and_only_what_stands(book: Casebook) -> None:
    """An overturned case is as if nothing had been asked: nothing of it is in force."""
    _, case = proposed(book)
    book.move(case, CaseState.APPROVED, viewer=LEA)
    proposed(book, 2)
    with writing(book._engine) as con:
        at = rows.now()
        ended = effects.reverse(con, case_of(book), "leo", at, REASON)
        assert [one.action for one in ended] == ["SETTLEMENT_RELEASE"]
        assert effects.reverse(con, case_of(book), "leo", at, REASON) == []
        assert set(effects.standing(con, [KEY, "merchant:mer_2"], at)) == {"merchant:mer_2"}
    assert book.verify() is None


def test_a_changed_effect_is_found(book: Casebook) -> None:
    """The trail seals when it ends: whoever lengthens a hold by hand is found."""
    proposed(book)
    with writing(book._engine) as con, lifted(con, [effects_table]):
        con.execute(update(effects_table).values(ends_at=datetime(2030, 1, 1)))  # noqa: DTZ001
    broken = book.verify()
    assert broken is not None
    assert "effect" in broken.problem


def test_the_severest_are_approved_with_a_note(book: Casebook) -> None:
    """By another person, who says what they looked at; the trail keeps it."""
    _, case = proposed(book, action="ACCOUNT_SUSPEND")
    with pytest.raises(IncompleteDecision, match="note"):
        book.move(case, CaseState.APPROVED, viewer=LEA, reason=" ok ")
    with pytest.raises(AccessDenied):
        book.move(case, CaseState.APPROVED, viewer=Viewer("Ann ", "approver"), reason=NOTE)
    assert book.move(case, CaseState.APPROVED, viewer=LEA, reason=NOTE).reason == NOTE
    assert any(NOTE in entry.after for entry in book.history("merchant", "mer_1"))


def answer(book: Casebook, state: str, reason: str = "") -> bool:
    """The platform answers the latest message."""
    key = book.messages()[0].idempotency_key
    said = PlatformAnswer(key, MessageState(state), rows.now(), reason)
    return book.take_answer(said)


def test_what_the_platform_applied_is_enforced(book: Casebook) -> None:
    """Answered twice it is moved once; whoever says otherwise later is refused."""
    _, case = proposed(book)
    book.move(case, CaseState.APPROVED, viewer=LEA)
    assert answer(book, "ACCEPTED")
    assert answer(book, "APPLIED")
    assert not answer(book, "APPLIED")
    assert not answer(book, "ACCEPTED")
    assert (case_of(book).state, case_of(book).changed_by) == (CaseState.ENFORCED, "platform")
    with pytest.raises(CasebookError, match="applied before"):
        answer(book, "REFUSED", "no such shop")
    assert book.verify() is None


def test_what_the_platform_refused_comes_back_with_its_reason(book: Casebook) -> None:
    """Nothing is in force, the case is returned, and the platform is not told what it said."""
    _, case = proposed(book)
    book.move(case, CaseState.APPROVED, viewer=LEA)
    assert answer(book, "REFUSED", "no such shop")
    after = case_of(book)
    assert after.state == CaseState.RETURNED
    assert after.reason == "Refused by the platform: no such shop"
    assert stands(book) == []
    assert kinds(book) == ["HOLD", "REPLACE"]
    assert book.verify() is None


def test_a_hold_that_is_applied_moves_no_case(book: Casebook) -> None:
    """Only an approval may be enforced: the proposal still waits."""
    proposed(book)
    assert answer(book, "APPLIED")
    assert case_of(book).state == CaseState.PROPOSED


def test_an_answer_after_the_case_was_decided_anew_moves_nothing(book: Casebook) -> None:
    """Carried out by hand before: the platform's word is kept, the case stays."""
    _, case = proposed(book)
    case = book.move(case, CaseState.APPROVED, viewer=LEA)
    book.move(case, CaseState.ENFORCED, viewer=LEA)
    assert answer(book, "APPLIED")
    assert case_of(book).changed_by == "lea"


def test_an_answer_to_nothing_is_refused(book: Casebook) -> None:
    """A key that never went out."""
    said = PlatformAnswer("eff_0:BEGIN", MessageState.APPLIED, rows.now())
    with pytest.raises(UnknownMessage):
        book.take_answer(said)


def test_a_message_says_nothing_that_people_wrote(book: Casebook) -> None:
    """Ids, codes, scope and dates: no note, no name, no sentence of a new pattern."""
    secret = "Miss Tan of Tampines ships empty boxes"
    _, case = proposed(
        book, typology="NEW_PATTERN", reason_codes=(secret,), note=f"{secret}!", evidence=()
    )
    book.move(case, CaseState.APPROVED, viewer=LEA, reason=f"{secret} again")
    (effect,) = stands(book)
    book.end_effect(effect, f"{secret} no longer", viewer=LEO)
    for message in book.messages():
        assert "Tan" not in message.body
        content = json.loads(message.body)
        assert not {"ann", "lea", "leo"} & set(map(str, content.values()))
        assert set(content) == {
            *("format", "message_id", "idempotency_key", "kind", "created_at", "effect_id"),
            *("reverses", "decision_id", "case_id", "subject", "action", "scope", "starts_at"),
            *("ends_at", "typology", "reason_codes"),
        }


def test_effects_stand_as_the_rows_say(book: Casebook) -> None:
    """Recounted from the rows alone at every instant at which anything begins or ends."""
    _, case = proposed(book)
    book.move(case, CaseState.APPROVED, viewer=LEA)
    proposed(book, 2)
    book.decide(draft(Verdict.FALSE_POSITIVE, 2), viewer=BOB)
    book.decide(draft(Verdict.VICTIM, 3, action="SECURE_ACCOUNT"), viewer=ANN)
    with reading(book._engine) as con:
        every = [dict(row) for row in con.execute(select(effects_table)).mappings()]
    keys = [f"merchant:mer_{number}" for number in (1, 2, 3)]
    times = {row[name] for row in every for name in ("starts_at", "ends_at") if row[name]}
    assert len(times) > len(keys)
    for at in sorted(times):
        expected = {
            row["effect_id"]
            for row in every
            if row["kind"] != "REVERSE"
            and row["starts_at"] <= at
            and (row["ends_at"] is None or row["ends_at"] > at)
            and not any(
                other["reverses"] == row["effect_id"] and other["starts_at"] <= at
                for other in every
            )
        }
        found = book.standing_effects(keys, at)
        assert {one.effect_id for own in found.values() for one in own} == expected
