"""What people write: many scripts and lengths, and copies that are copies."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from sample_data.kit.randomness import Ints, stream
from sample_data.language import names
from sample_data.words.comments import KINDS

ROWS = 4_000


def _rows(high: int, seed: str) -> Ints:
    return stream(5, seed).integers(0, high, ROWS)


def test_a_review_is_written_in_a_language_of_its_market() -> None:
    """Each market has its main language, and scripts other than the Latin one occur."""
    market, five = _rows(4, "market"), np.full(ROWS, 5)
    reviews = pl.DataFrame(
        {
            "market": market,
            "text": names.reviews(
                stream(1, "r"), market, five, np.full(ROWS, -1), np.zeros(ROWS, dtype=np.int64)
            ),
        }
    )
    singapore = reviews.filter(pl.col("market") == 2)["text"]
    assert 0.15 < singapore.str.contains(r"\p{Han}").mean() < 0.5
    indonesia = reviews.filter(pl.col("market") == 3)["text"]
    assert indonesia.str.contains(r"(?i)bagus|banget|sampai|kak|mantap|sesuai|suka").mean() > 0.3
    for script in ("Tamil", "Thai", "Arabic"):
        assert reviews["text"].str.contains(rf"\p{{{script}}}").any(), script


def test_reviews_are_short_and_long_and_often_nothing() -> None:
    """Empty, three-word and paragraph-long texts all occur, and bad stars sound bad."""
    zero, none = np.zeros(ROWS, dtype=np.int64), np.full(ROWS, -1)
    good = names.reviews(stream(1, "r"), zero, np.full(ROWS, 5), none, zero)
    bad = names.reviews(stream(1, "r"), zero, np.full(ROWS, 1), none, zero)
    length = good.str.len_chars()
    assert 0.1 < (length == 0).mean() < 0.25
    assert (length.quantile(0.4) or 0) < 40
    assert (length.quantile(0.97) or 0) > 110
    assert good.n_unique() > 0.5 * ROWS
    assert not good.str.contains("(?i)disappointed|money back").any()
    assert bad.str.contains("(?i)disappointed|money back").any()


def _shingles(text: str) -> set[str]:
    """Three words in a row, or three characters where words are not spaced."""
    parts = re.findall(r"\w+", text.casefold())
    parts = parts if len(parts) > 12 else list(text)
    return {" ".join(parts[i : i + 3]) for i in range(len(parts) - 2)}


@pytest.mark.parametrize("market", range(4))
@pytest.mark.parametrize("rating", [1, 5])
def test_texts_of_one_sheet_are_near_copies(market: int, rating: int) -> None:
    """Any two texts of a sheet share more than 0.8 of their shingles without being one text."""
    count = 12
    rows = np.full(count, market)
    for sheet in range(24):
        reviews = names.reviews(
            stream(sheet, "r"), rows, np.full(count, rating), np.full(count, sheet), rows * 0
        ).to_list()
        assert len(set(reviews)) > 2
        first, *others = (_shingles(text) for text in reviews)
        assert min(len(first & o) / len(first | o) for o in others) > 0.8, reviews[0]


def test_different_sheets_are_different_texts() -> None:
    """Sheets of one market hardly share a text; numbers far apart are still written."""
    sheet = np.arange(40)
    zero = np.zeros(40, dtype=np.int64)
    reviews = names.reviews(stream(1, "r"), zero, zero + 5, sheet, zero)
    shingles = [_shingles(text) for text in reviews]
    alike = [len(a & b) / len(a | b) > 0.8 for i, a in enumerate(shingles) for b in shingles[:i]]
    assert np.mean(alike) < 0.05


def test_a_copied_review_repeats_an_honest_one() -> None:
    """Most copies are word for word in the call's honest rows of their market, the rest nearly."""
    market = _rows(4, "market")
    is_copy = (np.arange(ROWS) % 10 == 0).astype(np.int64)
    reviews = names.reviews(stream(1, "r"), market, np.full(ROWS, 5), np.full(ROWS, -1), is_copy)
    for code in range(4):
        own = pl.Series(market == code)
        honest = set(reviews.filter(own & pl.Series(is_copy == 0)))
        copies = reviews.filter(own & pl.Series(is_copy == 1))
        share = copies.is_in(list(honest)).mean()
        assert 0.6 < share < 0.97
        assert (copies.str.len_chars() > 10).all()


def test_a_shared_claim_is_the_same_for_all_who_share_it() -> None:
    """Members of a ring hand in one text; rings have texts of their own; others use own words."""
    claim_number = np.repeat([-1, 0, 1, 7], ROWS // 4)
    claims = names.claims(stream(1, "c"), _rows(5, "reason"), claim_number, _rows(4, "market"))
    shared_texts = [
        claims.filter(pl.Series(claim_number == number)).unique() for number in (0, 1, 7)
    ]
    assert [texts.len() for texts in shared_texts] == [1, 1, 1]
    assert len({texts[0] for texts in shared_texts}) == 3
    assert claims.filter(pl.Series(claim_number == -1)).n_unique() > ROWS / 4 * 0.4


@pytest.mark.parametrize(
    ("topic", "expected"),
    [(0, "came|order|parcel|deliver|nothing|nobody|moved|empty"), (3, "call|code|asked")],
)
def test_a_complaint_speaks_of_its_topic(topic: int, expected: str) -> None:
    """Words of the topic stand in most complaints of an English-speaking market."""
    rows = np.zeros(500, dtype=np.int64)
    complaints = names.complaints(stream(1, "c"), rows + topic, rows)
    assert complaints.str.contains(f"(?i){expected}").mean() > 0.4
    assert names.complaints(stream(1, "c"), np.arange(8), np.arange(8) % 4).null_count() == 0


def test_scripted_comments_repeat_and_questions_do_not() -> None:
    """Raffle words, bot phrases, shill lines and cues repeat; what people ask varies."""
    market = np.ones(500, dtype=np.int64)
    kinds = range(len(KINDS))
    spread = [names.comments(stream(1, "c"), market, market * k).n_unique() for k in kinds]
    assert spread[0] > 200
    assert max(spread[2:]) < 15
