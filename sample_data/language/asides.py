"""Comments about paying elsewhere: honest ones that only cite it, and cues in disguise."""

import numpy as np
import polars as pl

from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.language.texts import draw
from sample_data.words import mentions as words

FULL_WIDTH, UNSEEN, CYRILLIC, ACCENTS = range(4)
"""Disguises: full-width letters, signs that nobody sees between letters, letters of another
script, accents."""
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_CYRILLIC = str.maketrans("aeopcyx", "аеорсух")
_ACUTE, _ZERO_WIDTH = "\u0301", "\u200b"
_VOWELS = frozenset("aeiou")


def mentions(rng: Rng, market: Ints) -> pl.DataFrame:
    """Comments of honest viewers by market: `body`, and as which of `words.RULES` they cite it."""
    markets = len(words.WARNINGS)
    rule = rng.integers(0, len(words.RULES), len(market))
    pools = [pool for by_market in words.BY_RULE for pool in by_market]
    is_question = rule == words.RULES.index("question")
    return pl.select(
        body=pl.concat_str(
            draw(rng, pools, rule * markets + market),
            draw(rng, [words.ENDINGS, ("",)], is_question.astype(np.int64)),
        ),
        rule=pl.Series(rule),
    )


def disguised(rng: Rng, texts: pl.Series, share: float) -> pl.Series:
    """`texts` of which a share is typed so that a search for its words finds nothing."""
    rows = np.flatnonzero(chance(rng, share, len(texts)))
    styles = rng.integers(0, ACCENTS + 1, rows.size)
    own = [disguise(texts[int(row)], int(style)) for row, style in zip(rows, styles, strict=True)]
    return texts.clone().scatter(rows, own)


def disguise(text: str, style: int) -> str:
    """One text in one of the disguises."""
    if style == FULL_WIDTH:
        return text.translate(_FULL_WIDTH)
    if style == CYRILLIC:
        return text.translate(_CYRILLIC)
    if style == ACCENTS:
        return "".join(sign + _ACUTE * (sign in _VOWELS) for sign in text)
    return _ZERO_WIDTH.join(text)
