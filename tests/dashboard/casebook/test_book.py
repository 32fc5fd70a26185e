"""The casebook writes legal steps only, each once, and remembers them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import Casebook, open_casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.acts import TRANSITIONS
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN, BOB, LEA, draft

if TYPE_CHECKING:
    from pathlib import Path


def test_illegal_steps_are_refused_by_the_data_layer(book: Casebook) -> None:
    """Whatever the page offers, PROPOSED does not become ENFORCED; nothing is written."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert case.state == CaseState.PROPOSED
    assert CaseState.ENFORCED not in TRANSITIONS[CaseState.PROPOSED]
    for state in set(CaseState) - TRANSITIONS[CaseState.PROPOSED]:
        with pytest.raises(IllegalTransition, match="cannot become"):
            book.move(case, state, viewer=LEA)
    assert book.case_of("merchant", "mer_1") == case


def test_a_closed_case_is_reopened_by_a_new_decision(book: Casebook) -> None:
    """One entity, one case: the second episode continues the first."""
    first = book.decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN)
    second = book.decide(draft(Verdict.CONFIRMED), viewer=BOB)
    assert first.case_id == second.case_id
    assert [d.verdict for d in book.decisions("merchant", "mer_1")] == [
        Verdict.CONFIRMED, Verdict.FALSE_POSITIVE,
    ]  # fmt: skip


def test_a_reader_cannot_write(book: Casebook) -> None:
    """The role is checked where the write happens."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    case, reader = book.case_of("merchant", "mer_1"), Viewer("r", "viewer")
    assert case is not None
    for attempt in (
        lambda: book.decide(draft(Verdict.CONFIRMED, 2), viewer=reader),
        lambda: book.move(case, CaseState.RETURNED, viewer=reader, reason="Too thin."),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_a_double_click_records_once(book: Casebook) -> None:
    """The same intention is one decision and one case, however often it arrives."""
    with ThreadPoolExecutor(8) as pool:
        decisions = list(pool.map(lambda _: book.decide(ADVERSE_DRAFT, viewer=ANN), range(8)))
    assert len({each.decision_id for each in decisions}) == 1
    assert len(book.decisions("merchant", "mer_1")) == 1
    assert book.verify() is None


def test_concurrent_writers_leave_an_unbroken_trail(path: Path) -> None:
    """Many threads on several engines: every decision lands, the chain holds."""
    books = [Casebook(open_engine(f"sqlite:///{path}")) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda n: books[n % 3].decide(draft(Verdict.CONFIRMED, n), viewer=ANN), range(24)
            )
        )
    assert set(books[0].cases()) == {f"merchant:mer_{n}" for n in range(24)}
    assert books[0].verify() is None


def test_the_states_of_all_cases_are_known_in_one_question(book: Casebook) -> None:
    """Every entity with a case comes back with its latest state, and no other does."""
    assert book.cases() == {}
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    book.decide(draft(Verdict.FALSE_POSITIVE, 2), viewer=ANN)
    before = book.cases()
    assert before["merchant:mer_2"].state == CaseState.CLOSED_NO_ACTION
    assert before["merchant:mer_1"] == book.case_of("merchant", "mer_1")
    assert set(before) == {"merchant:mer_1", "merchant:mer_2"}


def test_a_decision_is_stamped_with_both_clocks_and_a_day_of_review(book: Casebook) -> None:
    """The wall's clock and the data's; each outcome that waits says when to look again."""
    today = date(2026, 9, 29)
    waits = {
        "proposed": (draft(Verdict.CONFIRMED, 1, data_day=today), 3),
        "monitoring": (draft(Verdict.LIKELY, 2, data_day=today, action="MONITOR"), 14),
        "inconclusive": (draft(Verdict.INCONCLUSIVE, 3, data_day=today), 7),
        "closed": (draft(Verdict.FALSE_POSITIVE, 4, data_day=today), None),
    }
    for one, days in waits.values():
        decision = book.decide(one, viewer=ANN)
        due = None if days is None else today + timedelta(days=days)
        case = book.cases()[f"merchant:{one.entity_id}"]
        assert (decision.data_day, case.data_day) == (today, today)
        assert abs(decision.decided_at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(days=1)
        assert (decision.review_on, case.review_on) == (due, due)
    assert book.verify() is None


def test_a_day_of_review_ends_with_what_comes_next(book: Casebook) -> None:
    """An approved proposal waits for nobody any more."""
    book.decide(draft(Verdict.CONFIRMED, 1, data_day=date(2026, 9, 29)), viewer=ANN)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert case.review_on is not None
    assert book.move(case, CaseState.APPROVED, viewer=LEA).review_on is None
    assert book.verify() is None


def test_a_new_decision_names_the_one_it_takes_up_again(book: Casebook) -> None:
    """The link between the first verdict and the second is in the record."""
    first = book.decide(draft(Verdict.FALSE_POSITIVE, 1), viewer=ANN)
    second = book.decide(draft(Verdict.CONFIRMED, 1), viewer=BOB)
    assert first.reopens is None
    assert second.reopens == first.decision_id


def test_drafts_are_personal_and_end_with_the_decision(book: Casebook) -> None:
    """A reload does not lose what was typed; nobody else sees it; deciding clears it."""
    book.save_draft("merchant:mer_1", {"note": "half"}, viewer=ANN)
    book.save_draft("merchant:mer_1", {"note": "half a sentence"}, viewer=ANN)
    assert book.draft("merchant:mer_1", viewer=ANN) == {"note": "half a sentence"}
    assert book.draft("merchant:mer_1", viewer=BOB) is None
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.draft("merchant:mer_1", viewer=ANN) is None


def test_the_history_tells_who_did_what(book: Casebook) -> None:
    """Opened, picked up, decided, proposed, held, told: each with its actor and what changed."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    story = book.history("merchant", "mer_1")
    acts = ["open_case", "move_case", "decide", "move_case", "set_effect", "state_reasons"]
    assert [entry.action for entry in story] == acts
    assert {entry.actor for entry in story} == {"ann"}
    assert "Forty buyers" in story[2].after


def test_the_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the database unless RINGFENCE_CASEBOOK_URL says otherwise; opened once per place."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "deep" / "ringfence.duckdb"))
    first = open_casebook()
    assert (tmp_path / "deep" / "casebook.sqlite").is_file()
    assert open_casebook() is first
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path}/other.sqlite")
    assert open_casebook() is not first
