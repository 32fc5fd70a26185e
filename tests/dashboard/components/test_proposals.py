"""What waits for a second person: one screen says it, and all or some of it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import NAME_VARIABLE, ROLE_VARIABLE, Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import CaseState, Verdict
from dashboard.components import look
from dashboard.view_models.decide import evidence_for
from tests.dashboard.harness import plain_words
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

NOTE = "Both accounts review from one device within the hour."
BUYERS = ("buy_1", "buy_2")


def propose(open_page: Open) -> None:
    """Ann warns two accounts of the ring at once, one of them with another note."""
    open_page("case", {"id": RING})
    steps = tuple(evidence_for("T1_BRUSHING"))
    drafts = [
        DecisionDraft(
            entity_type="buyer",
            entity_id=buyer,
            verdict=Verdict.CONFIRMED,
            idempotency_key=f"proposal {buyer}",
            typology="T1_BRUSHING",
            action="SALES_AND_REVIEW_PURGE" if buyer == "buy_1" else "WARN",
            reason_codes=("T1.R02_INSTANT_PRAISE",),
            note=NOTE,
            score=0.2,
            evidence=steps if buyer == "buy_1" else steps[:1],
        )
        for buyer in BUYERS
    ]
    open_casebook().decide_all(drafts, viewer=Viewer("ann"))


@pytest.fixture
def as_lea(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Pages as the approver sees them, after Ann has proposed."""
    propose(open_page)
    monkeypatch.setenv(NAME_VARIABLE, "lea")
    monkeypatch.setenv(ROLE_VARIABLE, "approver")
    return open_page


def state(buyer: str) -> CaseState:
    """Where the case of an account stands."""
    case = open_casebook().case_of("buyer", buyer)
    assert case is not None
    return case.state


def waiting(app: AppTest) -> AppTest:
    """The table of members that wait."""
    (table,) = [one for one in app.dataframe if "differs" in one.value.columns]
    return table


def test_one_screen_says_what_on_whom_why_and_what_differs(as_lea: Open) -> None:
    """Who proposed, the note, the evidence, whom it touches, who is no part of it."""
    app = as_lea("case", {"id": RING})
    said = plain_words(app)
    for part in (
        "To approve",
        "Proposed by ann",
        "Confirmed, brushing: warn",
        "T1.R02_INSTANT_PRAISE",
        "Not attached",
        "2 of 2 differ from the others",
        "Acting on",
        "1 other member of the case is no part of it.",
    ):
        assert part in said, part
    assert "no name" not in said
    assert NOTE in "\n".join(one.value for one in app.text)
    rows = waiting(app).value
    assert len(rows) == 2
    assert any("probability has moved" in one for one in rows["differs"])
    assert any("no alert" in one for one in rows["differs"])


@pytest.mark.parametrize(("act", "then"), [("APPROVE", "APPROVED"), ("RETURN", "RETURNED")])
def test_all_of_it_is_answered_at_once(as_lea: Open, act: str, then: str) -> None:
    """With a note that the casebook keeps; nothing waits any more."""
    prefix = f"case.{RING}.step."
    app = as_lea("case", {"id": RING})
    app.text_area(f"{prefix}answer.note").set_value("I read the orders of both.")
    app = app.button(f"{prefix}{act}").click().run()
    assert not app.exception
    assert {state(one) for one in BUYERS} == {CaseState(then)}
    case = open_casebook().case_of("buyer", "buy_1")
    assert case is not None
    assert case.reason == "I read the orders of both."
    assert "To approve" not in plain_words(app)


def test_some_of_it_is_answered(as_lea: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is unticked waits on."""
    monkeypatch.setattr(look, "choose_rows", lambda *_, **__: (0,))
    app = as_lea("case", {"id": RING})
    assert "2 other members of the case are no part of it." in plain_words(app)
    app.text_area(f"case.{RING}.step.answer.note").set_value("I read the orders of one.")
    app = app.button(f"case.{RING}.step.APPROVE").click().run()
    assert not app.exception
    assert sorted(state(one) for one in BUYERS) == [CaseState.APPROVED, CaseState.PROPOSED]


def test_a_return_without_a_word_is_refused(as_lea: Open) -> None:
    """It says so, and keeps waiting."""
    app = as_lea("case", {"id": RING})
    app = app.button(f"case.{RING}.step.RETURN").click().run()
    assert {state(one) for one in BUYERS} == {CaseState.PROPOSED}
    assert "To approve" in plain_words(app)


def test_who_proposed_or_may_not_approve_sees_none_of_it(
    as_lea: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann as an approver neither, however her name is spelt."""
    for name, role in (("Ann ", "approver"), ("bob", "analyst"), ("udo", "auditor")):
        monkeypatch.setenv(NAME_VARIABLE, name)
        monkeypatch.setenv(ROLE_VARIABLE, role)
        assert "To approve" not in plain_words(as_lea("case", {"id": RING}))


def test_a_single_subject_is_answered_where_it_is_investigated(as_lea: Open) -> None:
    """The analyst's form stands behind it."""
    app = as_lea("investigate", {"entity": "buyer:buy_2"})
    assert "Proposed by ann" in plain_words(app)
    assert "no sentences in a language of MY" in plain_words(app)
    assert "Decide otherwise" in [one.label for one in app.expander]
    app = app.button("decide.buyer:buy_2.0.step.APPROVE").click().run()
    assert not app.exception
    assert [state(one) for one in BUYERS] == [CaseState.PROPOSED, CaseState.APPROVED]
