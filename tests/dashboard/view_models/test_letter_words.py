"""Letters in the language of a market: no sentence is missing, days and sums are its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from dashboard.view_models.letter_words import (
    LetterWords,
    english,
    language_note,
    translations,
    words_for,
)
from dashboard.view_models.statement import Grounds, Measure, statement_content
from tests.dashboard.casebook.test_statements import SECRETS, SEEN
from tests.dashboard.decisions import DECISION

PARTS = (
    *("texts", "figures", "subjects", "actions", "measures", "items", "appeal_at"),
    *("clauses", "reasons"),
)
DAY = date(2026, 8, 9)
LANGUAGES = [*{one.code: one for one in translations().values()}.values()]


def blanks(sentence: str) -> list[str]:
    """What a sentence leaves open, as `{day}`."""
    return sorted(re.findall(r"{.*?}", sentence))


@pytest.mark.parametrize("said", LANGUAGES, ids=lambda one: one.code)
def test_a_language_has_every_sentence_with_every_blank(said: LetterWords) -> None:
    """Those of `statements.toml` and of every reason code of every pack, and no other."""
    whole, count = english(), 0
    for part in PARTS:
        own, model = getattr(said, part), getattr(whole, part)
        assert set(own) == set(model), part
        for code, sentence in model.items():
            assert blanks(own[code]) == blanks(sentence), code
            assert own[code].strip(), code
            assert own[code].endswith(".") == sentence.endswith("."), code
            count += 1
    assert len(set(said.months)) == 12
    assert len(said.separators) == 2
    assert count > 140


def test_a_market_reads_its_language_and_english() -> None:
    """Indonesia both, in this order; a market without a file, and none, English alone."""
    assert [one.code for one in words_for("ID")] == ["id", "en"]
    assert [one.code for one in words_for("VN")] == ["en"]
    assert [one.code for one in words_for(None)] == ["en"]


def test_the_letter_says_days_and_sums_as_its_language_writes_them() -> None:
    """9 Agustus 2026 and $12.346; the database's fields stay English; nothing private."""
    seen = {**SEEN, "facts": {**SEEN["facts"], "gmv_usd": {"short": 12345.6, "days": 7}}}
    measures = (Measure("SETTLEMENT_DEFER", DAY, date(2026, 12, 1)),)
    made = replace(DECISION, action="SETTLEMENT_DEFER", note=", ".join(SECRETS))
    content = statement_content("sor_1", made, Grounds(DAY, "ID", measures, seen))
    own, other = content["letters"]
    assert (own["language"], other) == ("id", content["letter"])
    text, known = " ".join(own["paragraphs"]), " ".join(other["paragraphs"])
    assert "Pada 9 Agustus 2026" in text
    assert "sampai 1 Desember 2026" in text
    assert "hasil penjualan Anda" in text
    assert "$12.34" in text
    assert "On 9 August 2026" in known
    assert "$12,34" in known
    assert "Anda" not in str(content["fields"])
    assert not any(secret in str(content) for secret in SECRETS)


def test_the_approver_is_told_where_a_letter_is_in_english_only() -> None:
    """Not where it reads English; where its words are a draft, that is said."""
    draft = "The letter in Bahasa Indonesia is a draft that no native speaker has reviewed."
    assert language_note(["US", "GB", "SG"]) == ""
    assert language_note(["ID", "US"]) == draft
    assert language_note([]) == ""
    assert language_note(["ID", "VN", "TH", "VN"]) == (
        f"The letter is in English: there are no sentences in a language of TH, VN. {draft}"
    )
