"""The inbox page: by role, from the unassigned to the case, with the sentence of what is empty."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

import duckdb
import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import NextStep, SeenAlert
from dashboard.cases.states import CaseState
from dashboard.components import presence
from tests.dashboard.harness import plain_words
from tests.dashboard.tiny_entities import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

SHOP = SeenAlert("merchant:mer_1", "T1_BRUSHING", "CRIT")
ANALYST = Viewer("analyst")


def boxes(app: AppTest) -> list[str]:
    """The inboxes that are offered, with their counts."""
    (control,) = [one for one in app.get("button_group") if one.label == "Inbox"]
    return list(control.options)


def test_the_next_case_that_nobody_has_is_claimed_and_opened(open_page: Open) -> None:
    """It is the queue's first; then it is mine, and nobody's no more."""
    app = open_page("inbox", {"box": "unassigned"})
    assert not app.exception
    before = len(app.dataframe[0].value)
    app.button(key="inbox.next").click().run()
    assert not app.exception
    mine = open_page("inbox").dataframe[0].value
    cases = open_casebook().cases()
    assert {case.assignee for case in cases.values()} == {"analyst"}
    assert len(mine) == len(cases)
    assert all(clock.startswith("due in") for [clock] in mine["clock"])
    assert len(open_page("inbox", {"box": "unassigned"}).dataframe[0].value) == before - 1


def test_a_line_says_who_has_it_until_when_and_why(open_page: Open) -> None:
    """In the inbox, and on the case itself."""
    open_page("queue")
    due = AS_OF.replace(year=AS_OF.year + 100)
    step = NextStep(
        CaseAct.HAND_OVER, AS_OF, "analyst", None, "Were the payouts stopped?", "payments", "desk",
        datetime.combine(due, time(12)),
    )  # fmt: skip
    open_casebook().set_aside([SHOP], step, viewer=ANALYST)
    table = open_page("inbox", {"box": "teams"}).dataframe[0].value
    assert list(table["with"]) == ["Payments, desk"]
    assert list(table["reason"]) == ["Were the payouts stopped?"]
    assert table["clock"][0][0].startswith("due in")
    page = open_page("investigate", {"entity": "merchant:mer_1"})
    assert "Payments, desk" in plain_words(page)
    assert "The answer is here" in [button.label for button in page.button]


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        ("analyst", {"My cases", "Returned to me", "Unassigned"}, {"To approve", "Appeals"}),
        ("approver", {"To approve", "Appeals", "Everybody's"}, set()),
        ("manager", {"Everybody's", "Unassigned", "With teams"}, {"My cases", "To approve"}),
        ("auditor", {"With teams"}, {"My cases", "Unassigned", "Everybody's"}),
    ],
)
def test_each_role_has_its_inboxes(
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    has: set[str],
    lacks: set[str],
) -> None:
    """And the button that claims only where claiming is theirs."""
    monkeypatch.setenv("RINGFENCE_ROLE", role)
    app = open_page("inbox")
    assert not app.exception
    names = {one.rstrip("0123456789, ") for one in boxes(app)}
    assert has <= names
    assert not lacks & names
    keys = {button.key for button in app.button}
    assert ("inbox.next" in keys) == Viewer("x", role).may("decide")


def _with_steps(app: AppTest) -> AppTest:
    """The page with its further steps open."""
    app.session_state["decide.merchant:mer_1.0.step.more"] = True
    return app.run()


def test_the_page_offers_what_the_case_allows_and_does_it_once(open_page: Open) -> None:
    """A double click takes one step; what was claimed is not offered again."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    claim = next(button for button in app.button if button.label == "Claim")
    claim.click().run()
    case = open_casebook().case_of("merchant", "mer_1")
    assert case is not None
    assert (case.state, case.assignee, case.severity) == (
        CaseState.ASSIGNED, "analyst", "critical",
    )  # fmt: skip
    assert "Claim" not in [button.label for button in app.button]
    select = next(one for one in _with_steps(app).selectbox if one.label == "Step")
    assert select.options == [
        *("Hand over to a colleague", "Start work", "Snooze"),
        *("Ask for information", "Hand to a team"),
    ]


def test_a_step_that_says_too_little_is_refused_where_it_was_taken(open_page: Open) -> None:
    """In a sentence with its remedy; the case stays as it is."""
    app = _with_steps(open_page("investigate", {"entity": "merchant:mer_1"}))
    next(one for one in app.selectbox if one.label == "Step").set_value(CaseAct.ASK).run()
    next(one for one in app.button if one.label == "Ask for information").click().run()
    assert "It needs a reason of at least 5 characters" in plain_words(app)
    assert open_casebook().case_of("merchant", "mer_1") is None


def test_who_else_looks_is_said_and_noted_once_a_view(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rerun of the same view writes; another person does."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    noted: list[str] = []
    book = type(open_casebook())
    kept = book.look
    monkeypatch.setattr(
        book,
        "look",
        lambda self, subject, **who: (noted.append(subject), kept(self, subject, **who)),
    )
    app.run()
    assert noted == []
    monkeypatch.setenv("RINGFENCE_USER", "bob")
    other = open_page("investigate", {"entity": "merchant:mer_1"})
    assert noted == ["merchant:mer_1"]
    assert "analyst has it open" in plain_words(other)
    monkeypatch.setattr(presence, "AGAIN_SECONDS", -1.0)
    other.run()
    assert noted == ["merchant:mer_1"] * 2


def test_the_table_is_what_the_casebook_and_the_build_hold(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted and summed by hand, from their own tables; of other markets nothing is said."""
    open_page("inbox")
    keys = ("merchant:mer_1", "merchant:mer_2", "buyer:buy_1")
    alerts = [replace(SHOP, entity_key=key) for key in keys]
    open_casebook().set_aside(alerts, NextStep(CaseAct.CLAIM, AS_OF), viewer=ANALYST)
    app = open_page("inbox")
    with closing(sqlite3.connect(tmp_path / "casebook.sqlite")) as con:
        (count,) = con.execute("select count(*) from cases where assignee = 'analyst'").fetchone()
    assert f"My cases {count}" in boxes(app)
    table = app.dataframe[0].value
    assert len(table) == count == len(keys)
    with duckdb.connect(os.environ["RINGFENCE_DATABASE"], read_only=True) as con:
        query = (
            "select sum(exposure_usd) from alerts.alerts "
            "where entity_type || ':' || entity_id in ('merchant:mer_1', 'merchant:mer_2', "
            "'buyer:buy_1')"
        )
        (exposure,) = con.execute(query).fetchall()[0]
    assert table["exposure"].sum() == pytest.approx(exposure)
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    scoped = open_page("inbox")
    inside = len(scoped.dataframe[0].value) if scoped.dataframe else 0
    assert f"My cases {inside}" in boxes(scoped)
    assert "Lucky Bazaar" not in str([one.value for one in scoped.dataframe])
