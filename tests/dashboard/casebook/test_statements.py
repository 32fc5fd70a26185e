"""Statements of reasons: one for each decision that takes something, without personal data."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dashboard
from dashboard.access import Viewer
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import AccessDenied
from dashboard.view_models.decide import actions_for, reasons_for
from dashboard.view_models.statement import (
    Grounds,
    Measure,
    faults,
    is_stated,
    letter_text,
    statement_content,
    statement_table,
)
from dashboard.view_models.words import known_packs
from queries.vocabulary import ACTIONS, ENTITY_TYPES, NEUTRAL_ACTIONS, NEW_PATTERN, fits_subject
from tests.dashboard.casebook.drafts import ANN, LEA, draft
from tests.dashboard.casebook.redress import (
    DECIDED,
    SEN,
    TOLD,
    appealed,
    approved,
    judged,
    scoped_book,
)

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

FOLDER = Path(dashboard.__file__).parent
SCHEMA = tomllib.loads((FOLDER / "transparency_database.toml").read_text())
SETTINGS = tomllib.loads((FOLDER / "statements.toml").read_text())
SECRETS = ("Budi Santoso", "budi.santoso@example.com", "+62 812 555 0199", "<script>", "mer_1")
NOTE = f"Seen: {', '.join(SECRETS)}; lives at 12 Jalan Merdeka."
SEEN: dict[str, Any] = {
    "name": SECRETS[0],
    "shown": {"name": SECRETS[0], "email": SECRETS[1]},
    "facts": {
        "orders": {"short": 871.0, "days": 7},
        "refund_rate": {"short": 0.31, "days": 28},
        "crowded_device_rate": {"short": 0.9, "days": 7},
        SECRETS[1]: {"short": 1.0, "days": 7},
        "gmv_usd": {"short": SECRETS[2], "days": 7},
    },
    "reasons": [{"feature": "fast_review_share_30d", "value": 0.9, "contribution": 2.0}],
    "probability": 0.9731,
    "phone": SECRETS[2],
}


def fields_of(book: Casebook, decision_id: str) -> dict[str, Any]:
    """The fields of a decision's statement."""
    fields: dict[str, Any] = book.redress_of([decision_id])[decision_id].statement.content["fields"]
    return fields


def refusals(fields: dict[str, Any]) -> list[str]:
    """What the schema would refuse, written down here once more."""
    wrong = [name for name in SCHEMA["required"]["always"] if name not in fields]
    if not set(SCHEMA["required"]["one_of"]) & set(fields):
        wrong.append("no restriction")
    for name, value in fields.items():
        values = value if isinstance(value, list) else [value]
        allowed = SCHEMA["values"].get(name)
        if allowed and any(one not in allowed for one in values):
            wrong.append(name)
        if any(not isinstance(one, str) for one in values):
            wrong.append(f"{name} is no text")
        if name.endswith("date") and not re.fullmatch(r"20\d\d-\d\d-\d\d", value):
            wrong.append(name)
    if not re.fullmatch(r"[a-zA-Z0-9-_]+", fields["puid"]):
        wrong.append("puid")
    return wrong


def test_every_action_of_every_pack_is_told_in_the_schemas_own_words(book: Casebook) -> None:
    """Each combination of typology, subject and action, in the EEA and out of it."""
    base, tried = approved(book, note=NOTE), 0
    terms = product(("DE", "ID", None), (None, TOLD + timedelta(days=45)), ("terms", "law"))
    for (market, ends_on, basis), typology in product(terms, (*known_packs(), NEW_PATTERN)):
        reasons = tuple(reasons_for(typology)) or (f"{SECRETS[0]} does a new thing",)
        for entity_type in ENTITY_TYPES:
            for action in filter(is_stated, actions_for(typology, entity_type)):
                decision = replace(
                    base, entity_type=entity_type, typology=typology, action=action,
                    reason_codes=reasons, legal_basis=basis,
                )  # fmt: skip
                grounds = Grounds(TOLD, market, (Measure(action, TOLD, ends_on),), SEEN)
                fields = statement_content("sor_1", decision, grounds)["fields"]
                assert refusals(fields) == [], (typology, action, fields)
                assert faults(fields) == []
                assert fields["territorial_scope"] == (["DE"] if market == "DE" else [])
                assert SECRETS[0] not in str(fields)
                tried += 1
    assert tried > 1000


def test_every_enforcement_has_words_and_a_restriction_or_is_silent() -> None:
    """An action that somebody adds to the ladder must be told, or be listed as not told."""
    takes = {one for one in ACTIONS if one not in NEUTRAL_ACTIONS}
    assert takes == {*SETTINGS["actions"], *SETTINGS["silent"]["actions"]}
    for action, words in SETTINGS["actions"].items():
        assert set(SCHEMA["required"]["one_of"]) & set(words), action
        assert {one for one in ENTITY_TYPES if fits_subject(action, one)} <= set(
            SETTINGS["content"]
        )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("category", "FRAUD", "no list has"), ("content_type", "CONTENT_TYPE_OTHER", "wrong kind"),
        ("decision_facts", "x" * 5001, "too long"), ("decision_facts", "", "missing"),
        ("application_date", "1999-01-01", "out of range"), ("name", "Budi", "no field"),
        ("decision_monetary", "", "no restriction"),
        ("decision_monetary", "DECISION_MONETARY_OTHER", "go together"),
    ],
)  # fmt: skip
def test_what_the_database_would_refuse_is_said(
    book: Casebook, field: str, value: str, said: str
) -> None:
    """Of a statement that somebody spoilt."""
    fields = fields_of(book, approved(book).decision_id)
    assert any(said in one for one in faults({**fields, field: value}))


def test_no_personal_data_can_be_found_in_a_statement(book: Casebook) -> None:
    """Not of the note, the name, the snapshot, a new pattern's sentence or the appeal."""
    pattern = f"{SECRETS[0]} sells {SECRETS[1]}"
    first = approved(book, 1, note=NOTE, snapshot=SEEN)
    second = approved(
        book, 2, note=NOTE, typology=NEW_PATTERN, reason_codes=(pattern,), snapshot=SEEN,
        evidence=(),
    )  # fmt: skip
    judged(book, appealed(book, first))
    told = book.redress_of([first.decision_id, second.decision_id])
    for one in told.values():
        whole = json.dumps(one.statement.content) + letter_text(one)
        whole += statement_table([one.statement]).write_csv()
        for secret in (*SECRETS, "Jalan", pattern, "ann", "lea", "sen"):
            assert not re.search(rf"\b{re.escape(secret)}\b", whole), secret


def test_the_subject_reads_figures_of_its_trade_and_nothing_of_the_model(book: Casebook) -> None:
    """Second person, natural units; no score, no feature, no figure that shows what was watched."""
    made = approved(book, snapshot=SEEN)
    [one] = book.redress_of([made.decision_id]).values()
    letter = letter_text(one)
    assert "871 orders in 7 days." in letter
    assert "A refund was asked for on 31% of the orders of 28 days." in letter
    assert "Many five-star reviews were given very soon after delivery." in letter
    assert "your shop" in letter
    assert one.appeal_until == "2026-09-11"
    assert "appeal until 11 September 2026" in letter
    assert one.statement.statement_id in letter
    for word in ("score", "model", "probab", "0.97", "signal", "threshold", "device", "90%"):
        assert word not in letter.lower()
    assert "871 orders" in one.statement.content["fields"]["decision_facts"]


def test_the_letter_is_in_plain_words(book: Casebook) -> None:
    """Short words and sentences: at most the tenth grade by Flesch and Kincaid."""
    [one] = book.redress_of([approved(book, snapshot=SEEN).decision_id]).values()
    own = " ".join(one.statement.content["letter"]["paragraphs"])
    sentences = [part for part in re.split(r"[.!?]\s", own) if part.strip()]
    words = re.findall(r"[A-Za-z]+", own)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade <= 10, grade


def test_only_what_takes_something_and_is_approved_is_told(book: Casebook) -> None:
    """A clearing, a watch, a proposal and a report to an authority have no statement."""
    neutral = [
        book.decide(draft(Verdict.FALSE_POSITIVE, 1), viewer=ANN),
        book.decide(draft(Verdict.CONFIRMED, 2, action="MONITOR"), viewer=ANN),
        book.decide(draft(Verdict.CONFIRMED, 3, action="WARN"), viewer=ANN),
        approved(
            book, 4, typology=NEW_PATTERN, reason_codes=("Something new here",),
            action="REPORT_AUTHORITY", evidence=(),
        ),
    ]  # fmt: skip
    assert book.redress_of([one.decision_id for one in neutral]) == {}
    case = book.case_of("merchant", "mer_3")
    assert case is not None
    book.move(case, CaseState.RETURNED, viewer=LEA, reason="Too thin.")
    assert book.redress_of([neutral[2].decision_id]) == {}


def test_a_hold_is_told_when_it_begins_and_again_when_it_is_agreed_to(book: Casebook) -> None:
    """Three days unapproved, then the forty-five of the measure."""
    made = book.decide(draft(Verdict.CONFIRMED, data_day=DECIDED), viewer=ANN)
    [held] = book.redress_of([made.decision_id]).values()
    assert held.statement.content["fields"]["end_date_monetary_restriction"] == "2026-06-15"
    assert "A second person still has to agree." in letter_text(held)
    assert refusals(held.statement.content["fields"]) == []
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA, data_day=TOLD)
    [final] = book.redress_of([made.decision_id]).values()
    end = TOLD + timedelta(days=45)
    assert final.statement.content["fields"]["end_date_monetary_restriction"] == f"{end}"
    assert f"from 13 June 2026 to {end:%-d %B %Y}" in letter_text(final)
    assert "A second person checked the decision" in letter_text(final)
    assert len(book.statements_made(viewer=SEN)) == 2


def test_a_decision_whose_hold_was_told_can_still_be_taken_back(book: Casebook) -> None:
    """The letter came with it: nothing else was done in the case since."""
    made = book.decide(draft(Verdict.CONFIRMED, data_day=DECIDED), viewer=ANN)
    assert len(book.redress_of([made.decision_id])) == 1
    book.undo([made], viewer=ANN)
    assert book.decisions("merchant", "mer_1") == []


def test_a_statement_stands_as_it_was_made_whatever_the_packs_say_later(
    book: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored words, sealed in the trail; its outcome is told beside it."""
    made = approved(book)
    before = book.redress_of([made.decision_id])[made.decision_id].statement
    monkeypatch.setattr("dashboard.view_models.words._house_packs", dict)
    judged(book, appealed(book, made))
    after = book.redress_of([made.decision_id])[made.decision_id]
    assert after.statement == before
    assert "You were right" in letter_text(after)
    assert book.verify() is None


def test_statements_are_exported_by_whoever_may_and_of_their_markets(tmp_path: Path) -> None:
    """Those of other markets, and of other days, are left out."""
    book = scoped_book(tmp_path / "a.sqlite", "ID")
    approved(book, 1)
    approved(book, 2, day=TOLD + timedelta(days=9))
    assert len(book.statements_made(viewer=SEN)) == 4  # the holds before them, too
    since = TOLD + timedelta(days=1)
    assert len(book.statements_made(viewer=SEN, since=since)) == 1
    assert len(book.statements_made(viewer=SEN, until=date(2026, 6, 1))) == 0
    sg = Viewer("sen", "senior", frozenset({"SG"}))
    assert book.statements_made(viewer=sg) == []
    with pytest.raises(AccessDenied):
        book.statements_made(viewer=Viewer("v", "viewer"))
