"""Honest mentions of a cue, and cues in disguise."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sample_data.kit.randomness import stream
from sample_data.language.asides import ACCENTS, CYRILLIC, disguise, disguised, mentions
from sample_data.words.mentions import RULES

if TYPE_CHECKING:
    from tests.sample_data.conftest import Sample


def test_a_disguise_differs_and_reads_the_same() -> None:
    """Without marks and unseen signs it is what it was; Cyrillic is another text altogether."""
    text = "pay her direct"
    for style in range(ACCENTS + 1):
        other = disguise(text, style)
        assert other != text
        parted = unicodedata.normalize("NFKD", other.replace("\u200b", ""))
        seen = "".join(one for one in parted if not unicodedata.combining(one))
        assert (seen == text) == (style != CYRILLIC)


def test_only_a_share_is_disguised() -> None:
    """The others stay as they were, and nothing moves."""
    texts = pl.Series([f"pay {number}" for number in range(2_000)])
    made = disguised(stream(7, "test"), texts, 0.2)
    changed = (made != texts).sum()
    assert 300 < changed < 500
    assert len(made) == len(texts)


def test_mentions_are_of_every_kind_and_market() -> None:
    """Each market in its own words."""
    market = np.arange(4_000) % 4
    drawn = mentions(stream(7, "test"), market).with_columns(market=pl.Series(market))
    assert drawn["rule"].n_unique() == len(RULES)
    by_market = drawn.group_by("market").agg(pl.col("body").unique())
    english = set(by_market.filter(pl.col("market") == 0)["body"][0])
    indonesian = set(by_market.filter(pl.col("market") == 3)["body"][0])
    assert not english & indonesian


def test_about_one_comment_in_a_hundred_is_a_mention(dense: Sample) -> None:
    """Those that people say by themselves; a stream of their own draws them."""
    bodies = dense.table("live_comments")["body"].to_list()
    market = np.repeat(np.arange(4), 5_000)
    known = set(mentions(stream(7, "every"), market)["body"])
    share = sum(body in known for body in bodies) / len(bodies)
    assert 0.004 < share < 0.015
