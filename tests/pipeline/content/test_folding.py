"""A disguise is folded away, and every sign keeps its place in the text as typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.content.folding import folded

DISGUISES = {
    "full width": "\uff50\uff41\uff59 me",
    "upper case": "PAY me",
    "unseen between": "p\u200ba\u2060y\ufeff me",
    "accents": "pa\u0301\u0308y me",
    "composed accents": "p\u00e1y me",
    "Cyrillic": "\u0440\u0430\u0443 me",
    "mathematical": "\U0001d429\U0001d41a\U0001d432 me",
    "soft hyphen and variation": "p\u00ada\ufe0fy me",
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_reads_as_what_it_stands_for(name: str) -> None:
    """And the word stands in the original from its first sign to its last letter's marks."""
    typed = DISGUISES[name]
    clean = folded(typed)
    assert clean.text == "pay me"
    start, end = clean.original(0, 3)
    assert start == 0
    rest = "".join(one for one in typed[end:] if unicodedata.category(one) != "Cf")
    assert rest == " me"


def test_a_letter_that_folds_to_two_keeps_its_place() -> None:
    """Half of a ligature is the whole sign; what comes after it has not moved."""
    clean = folded("o\ufb03ce \u00df!")
    assert clean.text == "office ss!"
    assert clean.original(1, 3) == (1, 2)
    assert clean.original(7, 9) == (5, 6)


def test_marks_that_spell_stay() -> None:
    """Vowels of Thai and Devanagari and the voice of Kana are no accents."""
    for word in ("\u0e19\u0e49\u0e33", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u304c"):
        assert folded(word).text == folded(unicodedata.normalize("NFD", word)).text
    assert folded("\u304c").text != folded("\u304b").text


def test_a_decomposed_syllable_of_hangul_is_the_composed_one() -> None:
    """One place for its three signs."""
    clean = folded(unicodedata.normalize("NFD", "\ud55c\uae00"))
    assert clean.text == "\ud55c\uae00"
    assert clean.original(1, 2) == (3, 6)


@given(st.text(max_size=60))
def test_every_sign_has_a_place_and_the_places_go_forward(typed: str) -> None:
    """Whatever is typed."""
    clean = folded(typed)
    assert len(clean.text) == len(clean.starts) == len(clean.ends)
    assert list(clean.starts) == sorted(clean.starts)
    assert all(0 <= a < b <= len(typed) for a, b in zip(clean.starts, clean.ends, strict=True))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_word_is_where_it_was_put(before: str, after: str) -> None:
    """Between any two texts, with a blank that no mark hangs on."""
    typed = f"{before} zqx {after}"
    clean = folded(typed)
    place = clean.text.index(" zqx ") + 1
    start, end = clean.original(place, place + 3)
    assert folded(typed[start:end]).text == "zqx"
