"""Personal data inside what people wrote, hidden sign by sign: a text keeps its length.

Addresses of mail, telephone and card numbers and IBANs by their form, whatever is hidden too much;
a buyer's name where a text holds it. Length is kept because places of words are counted in signs.
What a form cannot tell (a street, a name of somebody else, a number in words) stays: see
docs/decisions/0144-names-in-free-text.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from queries.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIGN = "•"
SHORTEST_WORD = 3
"""Letters of a part of a name that is hidden by itself: shorter ones are words of most texts."""
_GAP = r"[ .()/\x{00A0}\x{200B}-\x{200D}\x{2060}-]{0,3}"
_LETTER, _DIGIT = r"\pL", r"\p{Nd}"
_FIRST = r"(?:\b[0-9]|[٠-٩۰-۹०-९๐-๙０-９])"
_FORMS = (
    # mail, its sign written out too
    (
        rf"[{_LETTER}{_DIGIT}._%+-]{{1,64}}\s?(?:@|＠|\(at\)|\[at\])\s?"
        rf"[{_LETTER}{_DIGIT}-]{{1,63}}(?:\.[{_LETTER}{_DIGIT}-]{{1,63}}){{1,4}}"
    ),
    # a telephone number with its country
    rf"(?:[+＋]|\b00){_DIGIT}(?:{_GAP}{_DIGIT}){{6,16}}",
    # IBAN
    r"\b[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4}\b)?",
    # cards, and telephone numbers of ten digits and more
    rf"{_FIRST}(?:{_GAP}{_DIGIT}){{9,18}}",
    # and of eight, as in Singapore
    r"\b[689][0-9]{3}[ -]?[0-9]{4}\b",
)
_PATTERN = "|".join(_FORMS)
_PYTHON = re.compile(
    re.sub(r"\\x\{([0-9A-F]+)\}", r"\\u\1", _PATTERN)
    .replace(rf"{_LETTER}{_DIGIT}", r"\w")
    .replace(_DIGIT, r"\d")
)


def hidden_text(text: str) -> str:
    """`text` without what has the form of personal data; for what is in no table."""
    return _PYTHON.sub(lambda match: SIGN * len(match[0]), text)


def hidden_forms(column: str) -> str:
    """The same as SQL over a column or expression; null stays null."""
    found = f"regexp_extract_all({column}, {quoted(_PATTERN)})"
    replaced = f"lambda acc, part: replace(acc, part, repeat('{SIGN}', length(part)))"
    rest = f"list_reduce(list_prepend({column}, {found}), {replaced})"
    return f"if(regexp_matches({column}, {quoted(_MAYBE)}), {rest}, {column})"


_MAYBE = rf"[@＠]|[(\[]at[)\]]|(?:{_DIGIT}{_GAP}){{7}}"
"""What a text has that holds any of the forms: most texts are told apart by this alone."""


def named_texts(sources: Sequence[str], buyers: str) -> str:
    """A query of texts and parts of their writers' names that they hold, in capitals or not.

    `sources` are queries of `buyer_id, body`, `buyers` the table of their names; parts may stand
    inside of other words, which `without_names` tells.
    """
    return f"""
        with texts as (
            select buyer_id, body, lower(body) as small
            from ({" union all ".join(sources)}) where body is not null
        ),
        words as (
            select buyer_id, unnest(list_prepend(trim(name), string_split(name, ' '))) as part
            from {buyers}
        ),
        names as (
            select buyer_id, part, lower(part) as small from words
            where length(part) >= {SHORTEST_WORD} or strlen(part) >= 2 * {SHORTEST_WORD}
        )
        select t.body, list(distinct n.part)
        from texts as t
        inner join names as n on t.buyer_id = n.buyer_id and contains(t.small, n.small)
        group by t.body
    """


def without_names(text: str, parts: Iterable[str]) -> str:
    """`text` without `parts` of a name that are words of it, the longest first.

    In scripts that set no spaces between words (two such signs or more) a part is one anywhere.
    """
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        word = re.escape(part)
        bounded = word if _UNSPACED.search(part) else rf"(?<![^\W_]){word}(?![^\W_])"
        text = re.sub(bounded, SIGN * len(part), text, flags=re.IGNORECASE)
    return text


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
