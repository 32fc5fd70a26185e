"""Names, titles, reviews and claims that look typed by people of each market.

A few are hostile on purpose (markup, formulas, direction marks, 300 characters,
empty): whoever shows a name has to escape it.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from sample_data import words
from sample_data.randomness import Ints, Rng, chance

Pools = Sequence[Sequence[str]]


def draw(rng: Rng, pools: Pools, pool: Ints) -> pl.Series:
    """One word per row from the pool that the row names."""
    size = np.array([len(words_) for words_ in pools], dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    flat = pl.Series([word for words_ in pools for word in words_], dtype=pl.Utf8)
    index = start[pool] + (rng.random(len(pool)) * size[pool]).astype(np.int64)
    return flat.gather(index)


def shops(rng: Rng, market: Ints) -> pl.Series:
    """Shop names; some carry a founding year so that few collide."""
    year = pl.Series(rng.integers(1988, 2027, len(market))).cast(pl.Utf8)
    tail = pl.select(
        pl.when(pl.lit(pl.Series(chance(rng, 0.45, len(market)))))
        .then(" " + year)
        .otherwise(pl.lit(""))
    ).to_series()
    return draw(rng, words.SHOP_FIRST, market) + " " + draw(rng, words.SHOP_LAST, market) + tail


def handles(rng: Rng, market: Ints) -> pl.Series:
    """Creator handles."""
    number = pl.Series(rng.integers(1, 999, len(market))).cast(pl.Utf8)
    first, last = draw(rng, words.HANDLE_FIRST, market), draw(rng, words.HANDLE_LAST, market)
    return first + "." + last + number


def people(rng: Rng, market: Ints, household: Ints) -> pl.Series:
    """Display names; members of one household share a surname."""
    size = np.array([len(pool) for pool in words.SURNAME], dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    flat = pl.Series([word for pool in words.SURNAME for word in pool], dtype=pl.Utf8)
    surname = flat.gather(start[market] + (household * 7_919) % size[market])
    return draw(rng, words.GIVEN, market) + " " + surname


def listings(rng: Rng, category: Ints) -> pl.Series:
    """Product titles."""
    nouns = [row.split(",") for row in words.NOUNS]
    none = np.zeros(len(category), dtype=np.int64)
    noun, adjective = draw(rng, nouns, category), draw(rng, [words.ADJECTIVES], none)
    return noun + ", " + adjective + ", " + draw(rng, [words.COLOURS], none)


def live_titles(rng: Rng, market: Ints) -> pl.Series:
    """Titles of live sessions and videos."""
    number = pl.Series(rng.integers(1, 60, len(market))).cast(pl.Utf8)
    return draw(rng, words.LIVE_TITLES, market) + " #" + number


def reviews(rng: Rng, market: Ints, rating: Ints, scripted: Ints) -> pl.Series:
    """Review texts: most empty of reviews are short; `scripted` rows come from one sheet."""
    split = [[row.split(",") for row in rows] for rows in (words.GRUMBLE, words.PRAISE)]
    pools = split[0] + split[1] + [list(words.SCRIPTED_REVIEWS), [""]]
    count = len(words.PRAISE)
    pool = np.where(rating >= 4, count + market, market)
    pool = np.where(chance(rng, 0.18, len(market)), len(pools) - 1, pool)
    pool = np.where(scripted > 0, len(pools) - 2, pool)
    tails = [words.REVIEW_TAILS, [""]]
    return draw(rng, pools, pool) + draw(rng, tails, (pool == len(pools) - 1).astype(np.int64))


def claims(rng: Rng, reason: Ints, copied: Ints) -> pl.Series:
    """What buyers wrote: by reason, or the copied text number `copied` (>= 0)."""
    pools = [*words.CLAIMS, *[[text] for text in words.COPIED_CLAIMS]]
    pool = np.where(copied >= 0, len(words.CLAIMS) + copied % len(words.COPIED_CLAIMS), reason)
    tails = [words.CLAIM_TAILS, [""]]
    return draw(rng, pools, pool) + draw(rng, tails, (copied >= 0).astype(np.int64))
