"""What people write: reviews, refund claims, complaints and comments, put together from parts.

Honest people say the same things in their own order, length and language, and
mistype them. Paid workers get a sheet and swap a word; rings share a claim; some
copy what an honest buyer wrote. All of it comes out of the same lists, column by
column, because a large world holds millions of texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance
from sample_data.words import comments as chat
from sample_data.words import scripts
from sample_data.words.claims import CLAIMS
from sample_data.words.complaints import COMPLAINTS
from sample_data.words.listed import Report
from sample_data.words.reviews_english import ENGLISH, SPANISH
from sample_data.words.reviews_malay import INDONESIAN, MALAY
from sample_data.words.reviews_other import ARABIC, CHINESE, TAMIL, THAI
from sample_data.words.scripts import Script

Pools = Sequence[Sequence[str]]

LANGUAGES = (ENGLISH, SPANISH, INDONESIAN, MALAY, CHINESE, TAMIL, ARABIC, THAI)
# Share of each language by market, in the order of MARKETS and LANGUAGES.
SPOKEN = np.array(
    [
        [0.88, 0.08, 0.00, 0.00, 0.03, 0.00, 0.01, 0.00],
        [0.95, 0.01, 0.00, 0.00, 0.01, 0.00, 0.03, 0.00],
        [0.50, 0.00, 0.02, 0.09, 0.31, 0.05, 0.00, 0.03],
        [0.04, 0.00, 0.90, 0.02, 0.02, 0.00, 0.02, 0.00],
    ]
)
# Share of English, Indonesian and Chinese in reports by market.
REPORTED = np.array([[0.97, 0.0, 0.03], [0.99, 0.0, 0.01], [0.6, 0.12, 0.28], [0.07, 0.92, 0.01]])
ANYWHERE = np.array([0.68, 0.24, 0.08])  # where the market is not told
# How long a review is: nothing, opening, + detail, + closing, both, two details and both.
LENGTHS = np.cumsum([0.16, 0.32, 0.21, 0.08, 0.14, 0.09])
WITH_DETAIL, WITH_CLOSING, WITH_MORE = (2, 4, 5), (3, 4, 5), (5,)
GOOD_STARS = 4  # and more: praise
TYPO_SHARE = 0.06  # of longer texts
TYPO_LENGTH = 9  # characters from which a typo is likely to be made
COPY_LENGTH = 18  # characters from which a text is worth copying
NEARLY = 0.3  # of copies are changed a little


def draw(rng: Rng, pools: Pools, pool: Ints) -> pl.Series:
    """One word per row from the pool that the row names."""
    size = np.array([len(members) for members in pools], dtype=np.int64)
    start = np.cumsum(size) - size
    flat = pl.Series([word for members in pools for word in members], dtype=pl.Utf8)
    return flat.gather(start[pool] + (rng.random(len(pool)) * size[pool]).astype(np.int64))


def reviews(rng: Rng, market: Ints, rating: Ints, sheet: Ints, is_copy: Ints) -> pl.Series:
    """Review texts: honest ones, near-copies of script `sheet` (>= 0), copies of honest ones (1).

    All copies of one sheet share more than 0.8 of their shingles; a copy of an honest
    text repeats a row of the same call, market and tone, word for word or nearly.
    """
    is_praise = rating >= GOOD_STARS
    text = _with_typos(rng, _compose(rng, market, is_praise), TYPO_SHARE)
    copies = np.flatnonzero((is_copy > 0) & (sheet < 0))
    if copies.size:
        text = _copy_honest(rng, text, market * 2 + is_praise, (is_copy <= 0) & (sheet < 0), copies)
    rows = np.flatnonzero(sheet >= 0)
    if rows.size:
        script_text = _from_scripts(rng, market[rows], is_praise[rows], sheet[rows])
        text = _replace(text, rows, script_text)
    return text


def _choose(rng: Rng, shares: Floats, count: int) -> Ints:
    """A column per row by the shares (rows, columns) or (columns,) of a row."""
    bounds = np.cumsum(shares, axis=-1)[..., :-1]
    place: Ints = (rng.random(count)[:, None] >= bounds).sum(axis=1)
    return place


@dataclass(frozen=True)
class _Parts:
    """Pools by language * 2 + tone; the last one is empty, for a part that is left out."""

    openings: Pools
    details: Pools
    closings: Pools
    endings: Pools


@cache
def _parts() -> _Parts:
    tones = [
        (language, tone) for language in LANGUAGES for tone in (language.grumble, language.praise)
    ]
    nothing: list[Sequence[str]] = [("",)]

    def joined(joints: tuple[str, ...], phrases: tuple[str, ...]) -> list[str]:
        return [joint + phrase for phrase in phrases for joint in joints]

    return _Parts(
        openings=[*[_with_lower_case(tone.openings) for _, tone in tones], *nothing],
        details=[*[joined(language.joints, tone.details) for language, tone in tones], *nothing],
        closings=[*[joined(language.joints, tone.closings) for language, tone in tones], *nothing],
        endings=[*[language.endings for language, _ in tones], *nothing],
    )


def _with_lower_case(phrases: tuple[str, ...]) -> list[str]:
    """Each phrase three times, once without its capital."""
    return [*phrases, *phrases, *[phrase[:1].lower() + phrase[1:] for phrase in phrases]]


def _compose(rng: Rng, market: Ints, is_praise: Bools) -> pl.Series:
    parts, count = _parts(), len(market)
    tone = _choose(rng, SPOKEN[market], count) * 2 + is_praise
    length = np.searchsorted(LENGTHS, rng.random(count), side="right")

    def part(pools: Pools, is_used: Bools) -> pl.Series:
        return draw(rng, pools, np.where(is_used, tone, len(pools) - 1))

    return pl.select(
        pl.concat_str(
            part(parts.openings, length > 0),
            part(parts.details, np.isin(length, WITH_DETAIL)),
            part(parts.details, np.isin(length, WITH_MORE)),
            part(parts.closings, np.isin(length, WITH_CLOSING)),
            part(parts.endings, length > 0),
        )
    ).to_series()


def _with_typos(rng: Rng, text: pl.Series, share: float | Floats) -> pl.Series:
    """The texts as typed in a hurry: a share of the longer ones lost or doubled a character."""
    long = (text.str.len_chars() >= TYPO_LENGTH).to_numpy()
    rows = np.flatnonzero(long & chance(rng, share, len(text)))
    if not rows.size:
        return text
    typos = pl.DataFrame({"text": text.gather(rows), "fraction": rng.random(rows.size)})
    typos = typos.with_columns(shift=pl.Series(rng.integers(0, 2, rows.size) * 2))
    place = (pl.col("fraction") * (pl.col("text").str.len_chars() - 3)).cast(pl.Int64) + 2
    head = pl.col("text").str.slice(0, place)
    tail = pl.col("text").str.slice(place + 1 - pl.col("shift"))
    return _replace(text, rows, typos.select(pl.concat_str(head, tail)).to_series())


def _replace(text: pl.Series, rows: Ints, other: pl.Series) -> pl.Series:
    """`text` with `other` at `rows`."""
    source = np.arange(len(text))
    source[rows] = len(text) + np.arange(len(rows))
    return pl.concat([text.rename(""), other.rename("")]).gather(source)


def _copy_honest(rng: Rng, text: pl.Series, key: Ints, is_honest: Bools, rows: Ints) -> pl.Series:
    """`text` where `rows` repeat an honest row with the same key, if there is one."""
    worth = (text.str.len_chars() >= COPY_LENGTH).to_numpy()
    honest = np.flatnonzero(is_honest & worth)
    honest = honest[np.argsort(key[honest], kind="stable")]
    first = np.searchsorted(key[honest], key[rows], side="left")
    number = np.searchsorted(key[honest], key[rows], side="right") - first
    place = first + (rng.random(rows.size) * number).astype(np.int64)
    has_source = number > 0
    other = text.gather(honest[place[has_source]])
    return _replace(text, rows[has_source], _with_typos(rng, other, NEARLY))


def _from_scripts(rng: Rng, market: Ints, is_praise: Bools, sheet: Ints) -> pl.Series:
    """Near-copies: the text of each row's sheet with one word swapped."""
    keys, place = np.unique(np.stack((market, is_praise, sheet)), axis=1, return_inverse=True)
    place = place.reshape(-1)
    row_scripts = [_script(int(m), bool(p), int(number)) for m, p, number in keys.T]
    halves = [
        _sheet(script, int(number)).split("|")
        for script, number in zip(row_scripts, keys[2], strict=True)
    ]
    left, right = (pl.Series([half[side] for half in halves]).gather(place) for side in (0, 1))
    swap = draw(rng, [script.swaps for script in row_scripts], place)
    ending = draw(rng, [("", "", "", ".", "!", "!!")], np.zeros(len(sheet), dtype=np.int64))
    return pl.select(pl.concat_str(left, swap, right, ending)).to_series()


def _script(market: int, is_praise: bool, sheet: int) -> Script:
    by_market = scripts.PRAISE_BY_MARKET if is_praise else scripts.GRUMBLE_BY_MARKET
    return by_market[market][sheet % len(by_market[market])]


def _sheet(script: Script, number: int) -> str:
    """The text of sheet `number`: three sentences, the one with the swapped word among them."""
    text_parts = []
    for place, sentences in enumerate(script.sentences):
        turn = number // 3 + place * (number // len(sentences)) + number // len(sentences) ** 2
        text_parts.append(sentences[turn % len(sentences)])
    del text_parts[(0, 2, 3)[number % 3]]
    return script.joint.join(text_parts)


def _report(rng: Rng, reports: Sequence[Report], language: Ints, topic: Ints) -> pl.Series:
    """What happened, often more about it, often what is asked for."""
    count, topics = len(topic), len(reports[0].what)
    nothing = [("",)]
    joints = (", ", ". ", " - ", ", ")
    more = [[j + text for text in report.more for j in joints] for report in reports] + nothing
    plea = [[j + text for text in report.pleas for j in joints] for report in reports] + nothing
    parts = (
        draw(
            rng,
            [_with_lower_case(what) for r in reports for what in r.what],
            language * topics + topic,
        ),
        draw(rng, more, np.where(chance(rng, 0.45, count), language, len(reports))),
        draw(rng, plea, np.where(chance(rng, 0.40, count), language, len(reports))),
        draw(rng, [("", "", "", ".", ".", ".", "!", "...")], np.zeros(count, dtype=np.int64)),
    )
    return _with_typos(rng, pl.select(pl.concat_str(*parts)).to_series(), TYPO_SHARE)


def claims(rng: Rng, reason: Ints, claim_number: Ints, market: Ints | None = None) -> pl.Series:
    """What buyers wrote: by reason (aftersales.REASONS), or shared text `claim_number` >= 0."""
    shares = ANYWHERE if market is None else REPORTED[market]
    text = _report(rng, CLAIMS, _choose(rng, shares, len(reason)), reason)
    rows = np.flatnonzero(claim_number >= 0)
    if not rows.size:
        return text
    numbers, place = np.unique(claim_number[rows], return_inverse=True)
    shared_texts = pl.Series([_shared_claim(int(number)) for number in numbers])
    return _replace(text, rows, shared_texts.gather(place.reshape(-1)))


def _shared_claim(number: int) -> str:
    """The claim text that ring `number` hands to its members; 125 different ones."""
    lists = (scripts.CLAIM_OPENINGS, scripts.CLAIM_PROOFS, scripts.CLAIM_DEMANDS)
    turn = (number, 3 * number + number // 5, number + number // 25)
    return ", ".join(texts[t % len(texts)] for texts, t in zip(lists, turn, strict=True))


def complaints(rng: Rng, topic: Ints, market: Ints) -> pl.Series:
    """What buyers reported, by topic (complaints.TOPICS)."""
    language = _choose(rng, REPORTED[market], len(topic))
    return _report(rng, COMPLAINTS, language, topic)


def comments(rng: Rng, market: Ints, kind: Ints) -> pl.Series:
    """What viewers typed, by kind (`words.comments.KINDS`); all but the first two word for word."""
    markets = len(chat.GREETINGS)
    pools = [pool for by_market in chat.BY_KIND for pool in by_market]
    text = pl.select(
        pl.concat_str(
            draw(rng, [*chat.GREETINGS, ("",)], np.where(kind == 0, market, markets)),
            draw(rng, pools, kind * markets + market),
            draw(rng, chat.ENDINGS, np.minimum(kind, len(chat.ENDINGS) - 1)),
        )
    ).to_series()
    return _with_typos(rng, text, np.where(kind < len(chat.ENDINGS) - 1, TYPO_SHARE, 0.0))
