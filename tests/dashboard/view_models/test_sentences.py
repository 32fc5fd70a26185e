"""The law of sentences: whatever the value, an analyst could say it aloud."""

from __future__ import annotations

import re

import pytest

from dashboard.view_models import words
from dashboard.view_models.sentences import PAGE, SAMPLES, beside_bar, markdown, readings
from queries.catalogue import SHOWN, Feature, features
from queries.vocabulary import ENTITY_TYPES

ALL = [feature for entity_type in ENTITY_TYPES for feature in features(entity_type).values()]
LONGEST = 140
PRIVATE = re.compile(
    r"\b(logarithms?|log|ln|kin|company|companions?|desk|lift|crowding|entropy|fano|burstiness|"
    r"polari[sz]ation|robust|z-score|margin|shrunk|drawn|nan|none|null|inf)\b",
    re.IGNORECASE,
)
"""Words of the makers, not of those who read."""
MARKUP = re.compile(r"[\[\]{}<>*_`|\\$]{1}(?!\d)")
"""What a page could take for more than a word; a dollar stands before its amount only."""
DOUBLED = re.compile(r"[.,;:]\s*[.,;:]|\s{2,}|\b(\w+) \1\b")
ONE_OF_MANY = re.compile(
    r"(?<![\d.,])1 (orders|accounts|shops|listings|days|hours|buyers|refunds|reviews|"
    r"claims|comments|creators|cards|signals|calls|rooms|entries|followers|stars|edits|plays)\b"
)
MANY_OF_ONE = re.compile(
    r"\b(?!1\b)\d[\d,.]* (order|account|shop|listing|day|buyer|refund|review|claim|comment|creator|"
    r"card|signal|call|entry|follower|star|edit|play|hour|minute|second)\b(?! requests)"
)
COUNTED = re.compile(
    r"\{value\} (([\w-]+ )*\{\w[^{}|]*\|\w[^{}|]*\}|of the five |[a-z][\w ,-]* per 100 )"
)
"""A bare number, and what there are so many of."""
BARE = {"count", "ratio", "per_100", "log_count", "log_mean", "grades"}
"""Forms that are said as a number alone."""


def said(feature: Feature) -> tuple[str, ...]:
    """Everything the pages say of a feature: beside a bar, in three sentences, unknown."""
    unknown = words.reason(feature.entity_type, feature.name, None, None)
    own = (feature.entity_type, feature.name)
    return (beside_bar(*own), *readings(*own), unknown)


def wrong(pattern: re.Pattern[str]) -> list[str]:
    """What is said of any feature that matches."""
    return sorted({one for feature in ALL for one in said(feature) if pattern.search(one)})


def test_the_listing_is_what_the_pages_say() -> None:
    """docs/sentences.md is what `python -m dashboard.view_models.sentences` writes."""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_form_has_values_to_be_read_with() -> None:
    """Another form is another way to read badly."""
    assert set(SAMPLES) == set(SHOWN)


@pytest.mark.parametrize("pattern", [PRIVATE, MARKUP, DOUBLED, ONE_OF_MANY, MANY_OF_ONE])
def test_nothing_that_nobody_says(pattern: re.Pattern[str]) -> None:
    """No private word, raw logarithm, markup, doubled punctuation, and no wrong number."""
    assert wrong(pattern) == []


def test_a_sentence_is_short_and_ends_without_a_stop() -> None:
    """What follows it on a page is the page's."""
    long = [one for feature in ALL for one in said(feature)[1:] if len(one) > LONGEST]
    assert long == []
    assert wrong(re.compile(r"[\s.,;:]$")) == []


def test_a_number_has_a_unit_or_says_what_it_counts() -> None:
    """`6.85` alone says nothing: each stands before what there are so many of."""
    bare = [
        feature.sentence
        for feature in ALL
        if feature.shown in BARE and not COUNTED.search(f"{feature.sentence} ")
    ]
    assert bare == []


def test_a_sentence_has_its_number_once_and_its_peer_behind() -> None:
    """The peer is added where one is known; a family has neither."""
    for feature in ALL:
        is_family = feature.shown == "family"
        assert feature.sentence.count("{value}") == (0 if is_family else 1), feature.sentence
        assert "typical peer" not in feature.sentence
        sentences = readings(feature.entity_type, feature.name)
        assert all(("; typical peer " in one) != is_family for one in sentences)


def test_what_only_its_family_says_is_never_asked_to_be_otherwise() -> None:
    """A finding without a number could not say what it would have to be."""
    families = [feature for feature in ALL if feature.shown == "family"]
    assert len({feature.name for feature in families}) == 1
    assert not any(feature.changeable for feature in families)
    assert {feature.label for feature in families} == {"Neighbours, combined"}


def test_a_logarithm_is_never_said_as_it_is_stored() -> None:
    """Whatever the name of a column says was taken the logarithm of is said by its inverse."""
    forms = {feature.shown for feature in ALL if "_log" in feature.name}
    assert forms == {"log_count", "log_mean", "log_times", "log_spread"}


@pytest.mark.parametrize("name", ["<b>x</b>", "](https://evil.example)", "x\u202egnp"])
def test_a_name_of_somebody_else_gets_into_no_sentence_of_ours(name: str) -> None:
    """Sentences of the catalogue hold numbers only; another's feature has its own name at most."""
    assert name not in " ".join(one for feature in ALL for one in said(feature))
    assert name not in words.catalogue("merchant")
