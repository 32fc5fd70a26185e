"""What was told, recording an appeal and judging it, on the pages of a subject and of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from dashboard.casebook import open_casebook
from dashboard.cases.states import CaseState
from dashboard.components.redress import stated_decision
from dashboard.view_models.letter_words import english
from dashboard.view_models.partner_pack import partner_rows, teams
from tests.dashboard.casebook.drafts import ANN
from tests.dashboard.casebook.redress import WHY, appealed, approved, judged
from tests.dashboard.harness import plain_words
from tests.dashboard.tiny_entities import AS_OF
from tests.dashboard.tiny_graph import RING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "appeal"}
WORDS = "It was a sale <b>we</b> had announced."


def tabs(app: AppTest) -> list[str]:
    """The tabs of a subject."""
    return next(list(one.options) for one in app.button_group if "Why" in one.options)


def be(monkeypatch: pytest.MonkeyPatch, name: str, role: str) -> None:
    """Act as somebody."""
    monkeypatch.setenv("RINGFENCE_USER", name)
    monkeypatch.setenv("RINGFENCE_ROLE", role)


def test_who_was_told_of_nothing_has_no_tab(open_page: Open) -> None:
    """It comes with the first statement."""
    app = open_page("investigate", {"entity": "merchant:mer_1"})
    assert "Appeal" not in tabs(app)
    approved(open_casebook(), day=AS_OF)
    assert "Appeal" in tabs(open_page("investigate", {"entity": "merchant:mer_1"}))


def test_an_appeal_is_recorded_and_overturned_on_the_page(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter is read, the words are entered, another judges, and the page says so."""
    open_page("queue")
    made = approved(open_casebook(), day=AS_OF)
    be(monkeypatch, "ann", "analyst")
    app = open_page("investigate", MERCHANT)
    assert "Our decision about your shop" in plain_words(app)
    prefix = f"appeal.{made.decision_id}."
    app.text_area(key=f"{prefix}text").set_value(WORDS)
    next(one for one in app.button if one.label == "Record appeal").click().run()
    assert not app.exception
    assert WORDS in [one.value for one in app.text]
    assert "Overturn" not in [one.label for one in app.button]

    be(monkeypatch, "lea", "approver")
    assert "You decided or approved this" in plain_words(open_page("investigate", MERCHANT))

    be(monkeypatch, "sen", "senior")
    app = open_page("investigate", MERCHANT)
    next(one for one in app.button if one.label == "Overturn").click().run()
    assert "needs a note" in plain_words(app)
    app.text_area(key=f"{prefix}note").set_value(WHY)
    next(one for one in app.button if one.label == "Overturn").click().run()
    assert "You were right" in plain_words(app)
    case = open_casebook().case_of("merchant", "mer_1")
    assert case is not None
    assert case.state == CaseState.OVERTURNED


def test_a_member_appeals_on_the_page_of_its_case(open_page: Open) -> None:
    """The members that were told of an action are listed; the chosen one has its own appeal."""
    open_page("queue")
    approved(open_casebook(), day=AS_OF)
    app = open_page("case", {"id": RING})
    assert any("Statements and appeals" in one.value for one in app.subheader)
    key = next(one.key for one in app.selectbox if one.label == "Member")
    app.selectbox(key=key).set_value("merchant:mer_1").run()
    assert "Our decision about your shop" in plain_words(app)
    assert "Record appeal" in [one.label for one in app.button]


@pytest.mark.parametrize("team", ["payments", "legal", "logistics"])
def test_a_partner_team_gets_what_it_needs_and_nothing_else(open_page: Open, team: str) -> None:
    """Ids, days, amounts, its own kind of identifiers masked; no note, name, score or appeal."""
    open_page("queue")
    book = open_casebook()
    snapshot = {"name": "Lucky Bazaar", "held_usd": 4210.5, "probability": 0.91}
    made = approved(book, day=AS_OF, snapshot=snapshot, note="A note about Budi Santoso.")
    judged(book, appealed(book, made, AS_OF))
    stated = stated_decision("merchant:mer_1")
    assert stated is not None
    identifiers = pl.DataFrame(
        {
            "relation": ["bank_account", "address", "device"],
            "identifier_id": ["ban_…9f21", "adr_…0c11", "dev_…77aa"],
            "first_seen_on": [AS_OF] * 3,
            "last_seen_on": [AS_OF] * 3,
        }
    )
    rows = partner_rows(team, made, stated.redress, snapshot, identifiers)
    whole = rows.write_csv()
    assert made.case_id in whole
    assert "Overturned" in whole
    assert ("ban_" in whole, "adr_" in whole) == (team == "payments", team == "logistics")
    assert ("4210.50" in whole) == (team == "payments")
    assert ("STATEMENT_CATEGORY" in whole) == (team == "legal")
    for secret in ("dev_", "Lucky", "Budi", "0.91", "flash sale", "ann", WHY):
        assert secret not in whole
    assert team in teams()


def test_a_partner_team_reads_the_language_of_the_market(open_page: Open) -> None:
    """Beside the English names; that no native speaker has reviewed the words is said."""
    open_page("queue")
    book = open_casebook()
    made = approved(book, day=AS_OF)
    judged(book, appealed(book, made, AS_OF))
    stated = stated_decision("merchant:mer_1")
    assert stated is not None
    nothing = pl.DataFrame(schema={"relation": pl.String})
    stated.redress.statement.content["record"]["market"] = "ID"
    rows = partner_rows("legal", made, stated.redress, {}, nothing)
    said = {english: (item, value) for item, value, english in rows.iter_rows()}
    assert said["Appeal"] == ("Banding", "Dibatalkan")
    assert said["Until"][0] == "Sampai"
    assert said["Wording"][1].startswith("Rancangan dalam Bahasa Indonesia")
    assert set(said) <= set(english().items.values())


def test_what_became_of_an_appeal_stands_beside_the_letter(open_page: Open) -> None:
    """Upheld, by whom and why, and what the subject is told of it."""
    open_page("queue")
    book = open_casebook()
    approved(book, day=AS_OF)
    appeal = appealed(book, book.decisions("merchant", "mer_1")[0], AS_OF, ANN)
    judged(book, appeal, CaseState.UPHELD)
    app = open_page("investigate", MERCHANT)
    assert "Upheld on" in plain_words(app).replace("**", "")
    assert "The decision stands." in plain_words(app)
    assert WHY in [one.value for one in app.text]
