"""Who warns, quotes, reports, asks or cites the rules is told from who says it."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks.content_sentences import SETS, Sentences
from pipeline.content.folding import folded
from pipeline.content.matched_texts import matched
from pipeline.content.mentions import mention_of
from queries.packs import packs
from sample_data.language.asides import ACCENTS, disguise
from sample_data.words import comments, mentions

LEXICON = "T14.L01_OFF_PLATFORM"
WORDS = "pay by transfer"
LEAST_OFFERS = {"first": 23, "second": 21, "third": 23}
MOST_CITED = {"first": 1, "second": 3, "third": 19}
"""Of 24 each, docs/decisions/0131-words-beside-the-policy.md; the third taught nothing."""


def rule(text: str) -> str | None:
    """As what the words are cited in a text, None where they are said."""
    clean = folded(text).text
    start = clean.index(WORDS)
    mention = mention_of(clean, start, start + len(WORDS))
    return mention.rule if mention else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pay by transfer and save", None),
        ("do not pay by transfer", "warning"),
        ("Don\u2019t ever pay by transfer", "warning"),
        ("do not wait, pay by transfer", None),
        ("never mind the fees pay by transfer", None),
        ("never buy from him. pay by transfer to me", None),
        ("pay by transfer is a scam", "warning"),
        ("pay by transfer, no scam", None),
        ("not a scam, pay by transfer", None),
        ("no fees if you pay by transfer", None),
        ('he wrote "pay by transfer" to me', "quote"),
        ('"pay by transfer"', None),
        ("she told me to pay by transfer", "report"),
        ("can i pay by transfer?", "question"),
        ("cheap? pay by transfer", None),
        ("pay by transfer, ok?", None),
        ("pay by transfer is against the rules", "policy"),
        ("it is not forbidden to pay by transfer", None),
    ],
)
def test_each_rule_holds_and_ends(text: str, expected: str | None) -> None:
    """Beside each rule stands what a fraudster makes of it."""
    assert rule(text) == expected


def test_a_mention_names_the_words_that_show_it() -> None:
    """Those that the page prints."""
    clean = "you should never pay by transfer"
    mention = mention_of(clean, clean.index(WORDS), len(clean))
    assert mention is not None
    assert mention.cue == "never"


def said(texts: list[str]) -> set[str]:
    """Those of some comments in which the words are said, by the packs of the house."""
    [owner] = [
        (pack.code, one)
        for pack in packs().values()
        for one in pack.lexicons
        if one.code == LEXICON
    ]
    rows = matched("comment", {LEXICON: owner}, texts)
    return set(rows.filter(pl.col("mention").is_null())["body"])


def test_what_is_planted_is_told_apart() -> None:
    """Every cue of the generator in every disguise, and none of its asides."""
    cues = [line for pool in comments.PAYMENT for line in pool]
    cues += [disguise(line, style) for line in cues for style in range(ACCENTS + 1)]
    asides = [
        line + ending
        for by_market in mentions.BY_RULE
        for pool in by_market
        for line in pool
        for ending in mentions.ENDINGS
    ]
    assert said(cues) == set(cues)
    assert said(asides) == set()


@pytest.mark.parametrize("sentences", SETS, ids=[one.name for one in SETS])
def test_sentences_that_nobody_planted(sentences: Sentences) -> None:
    """As many as the decision says: free turns of phrase go unmarked."""
    assert len(said(list(sentences.offers))) >= LEAST_OFFERS[sentences.name]
    assert len(said(list(sentences.cites))) <= MOST_CITED[sentences.name]
