"""Phrases are met whatever stands between their words, and nowhere inside another word."""

from __future__ import annotations

import pytest

from pipeline.content.phrases import PhraseSearch
from queries.pack_models import Lexicon

LEXICON = Lexicon(
    code="T99.L01",
    clause="No toys",
    sources=("comment",),
    phrases=("pay ... transfer", "toy", "\u79c1\u4e0b\u8f6c\u8d26", "dep\u00f3sito"),
)
SEARCH = PhraseSearch.of([LEXICON])


def words(text: str) -> list[str]:
    """What is marked of a text."""
    return [text[one.start : one.end] for one in SEARCH.spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("you can pay by bank transfer now", ["pay by bank transfer"]),
        ("pay-transfer", ["pay-transfer"]),
        ("pay one two three four transfer", []),
        ("repay transfer", []),
        ("a transfer, and nothing to pay", []),
        ("paytransfer", ["paytransfer"]),
        ("a toy, TOY; toys and a t\u200boy", ["toy", "TOY", "t\u200boy"]),
        ("\u8bf7\u79c1\u4e0b\u8f6c\u8d26\u7ed9\u6211", ["\u79c1\u4e0b\u8f6c\u8d26"]),
        ("deposito o DEPO\u0301SITO", ["deposito", "DEPO\u0301SITO"]),
        ("\uff50\uff41\uff59 me by transfer!", ["\uff50\uff41\uff59 me by transfer"]),
        ("", []),
    ],
)
def test_what_is_marked(text: str, expected: list[str]) -> None:
    """Exactly the words, as they were typed."""
    assert words(text) == expected


def test_without_lexicons_nothing_is_searched() -> None:
    """An empty list of packs is legal."""
    assert PhraseSearch.of([]).spans("toy") == []


def test_an_endless_text_takes_no_time() -> None:
    """Whoever writes a hostile one stops no build: a second would be far too long."""
    for text in ("pay " * 5_000, "pay" + "a" * 20_000, "never " + "a" * 20_000 + " toy"):
        SEARCH.spans(text)
