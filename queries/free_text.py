"""Personal data inside what people wrote, hidden sign by sign: a text keeps its length.

Addresses of mail and of networks, telephone and card numbers and IBANs by their form, whatever is
hidden too much; the full name of any buyer, and parts of the writer's own, where a text holds
them. Length is kept because places of words are counted in signs. What neither tells (a street, a
nickname, a number in words) stays: see docs/decisions/0144-names-in-free-text.md.
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
_DIGIT = r"\p{Nd}"
_MARKS = (
    r"\x{0300}-\x{036F}\x{064B}-\x{065F}\x{0900}-\x{0903}\x{093A}-\x{094F}\x{0E31}"
    r"\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}\x{0EB1}-\x{0ECD}\x{102B}-\x{103E}\x{17B4}-\x{17D3}"
)
"""Vowels and tones over and under letters, from Arabic to Khmer: no letters for Python."""
_LETTERS = rf"\pL{_DIGIT}{_MARKS}"
_OTHER_DIGIT = "[٠-٩۰-۹०-९๐-๙０-９]"
_FIRST = rf"(?:\b[0-9]|{_OTHER_DIGIT})"
_OCTET = rf"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]|{_OTHER_DIGIT}{{1,3}})"
_HEX = "[0-9A-Fa-f]{1,4}"
_FORMS = (
    # mail, its sign written out too; a bound of each label would compile the letters 300 times
    (
        rf"[{_LETTERS}._%+-]{{1,64}}\s?(?:@|＠|\(at\)|\[at\])\s?"
        rf"[{_LETTERS}-]+(?:\.[{_LETTERS}-]+){{1,4}}"
    ),
    # a network address, of either kind
    rf"(?:\b|{_OTHER_DIGIT})(?:{_OCTET}[.．]){{3}}{_OCTET}",
    rf"\b(?:{_HEX}:){{7}}{_HEX}\b",
    rf"\b(?:{_HEX}:){{1,6}}(?::{_HEX}){{1,6}}\b",
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
_BOUNDARY = "(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))"
"""What the database takes for the edge of a word: Latin letters have one beside Thai or Kanji."""
_PYTHON = re.compile(
    re.sub(r"\\x\{([0-9A-F]+)\}", r"\\u\1", _PATTERN)
    .replace(rf"\pL{_DIGIT}", r"\w")
    .replace(_DIGIT, r"\d")
    .replace(r"\b", _BOUNDARY)
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


_MAYBE = (
    rf"[@＠]|[(\[]at[)\]]|(?:{_DIGIT}{_GAP}){{7}}|(?:{_DIGIT}{{1,3}}[.．]){{3}}"
    rf"|{_HEX}::|(?:{_HEX}:){{7}}"
)
"""What a text has that holds any of the forms: most texts are told apart by this alone."""


def formed_texts(every: Sequence[str]) -> str:
    """A query of `body` and `hidden`: what the texts of some queries of `body` are shown as.

    Only of those that are shown otherwise than they are.
    """
    return f"""
        with texts as (
            select distinct body from ({" union all ".join(every)})
            where regexp_matches(body, {quoted(_MAYBE)})
        ),
        shown as materialized (
            select body, {hidden_forms("body")} as hidden from texts
        )
        from shown where hidden <> body
    """


def named_texts(written: Sequence[str], every: Sequence[str], buyers: str, public: str) -> str:
    """A query of `body, part`: texts and the names, or parts of their writers' names, they hold.

    `written` are queries of `buyer_id, body`, `every` of all texts as `body`, `buyers` the table of
    names, `public` a query of the names that anybody may read. Parts may stand inside of other
    words, which `without_names` tells.
    """
    return f"""
        with texts as (
            select buyer_id, body, lower(body) as small
            from ({" union all ".join(written)}) where body is not null
        ),
        words as (
            select buyer_id, unnest(list_prepend(trim(name), string_split(name, ' '))) as part
            from {buyers}
        ),
        names as (
            select buyer_id, part, lower(part) as small from words
            where length(part) >= {SHORTEST_WORD} or strlen(part) >= 2 * {SHORTEST_WORD}
        ),
        found as (
            select t.body, n.part
            from texts as t
            inner join names as n on t.buyer_id = n.buyer_id and contains(t.small, n.small)
            union all
            from ({_full_names(" union ".join(every), buyers, public)})
        )
        select distinct body, part from found order by all
    """


def _full_names(texts: str, buyers: str, public: str) -> str:
    """A query of `body, part`: whole names of buyers, of two words or more, that texts hold.

    In scripts that set no spaces, of three signs or more. One word alone is a word of most texts.
    The first two words of a name, or its first three signs, find the few to be compared.
    """
    return f"""
        with texts as (
            select distinct body, lower(body) as small from ({texts}) where body is not null
        ),
        named as (
            select distinct trim(name) as part, lower(trim(name)) as small,
                regexp_extract_all(lower(name), '{_WORD}') as words,
                regexp_matches(name, '{_UNSPACED_SIGNS}{{2}}') as is_unspaced
            from {buyers} where trim(name) not in ({public})
        ),
        spoken as (
            select body, regexp_extract_all(small, '{_WORD}') as words from texts
        ),
        pairs as (
            select body, unnest(list_transform(
                range(1, len(words)), lambda place: words[place] || ' ' || words[place + 1]
            )) as head
            from spoken where len(words) > 1
        ),
        triples as (
            select body, small, unnest(list_transform(
                range(1, length(small) - 1), lambda place: substr(small, place, 3)
            )) as head
            from texts where regexp_matches(small, '{_UNSPACED_SIGNS}{{3}}')
        )
        select p.body, n.part
        from pairs as p
        inner join named as n on p.head = n.words[1] || ' ' || n.words[2]
        where not n.is_unspaced and len(n.words) > 1
            and contains(
                ' ' || array_to_string(regexp_extract_all(lower(p.body), '{_WORD}'), ' ') || ' ',
                ' ' || array_to_string(n.words, ' ') || ' '
            )
        union
        select t.body, n.part
        from triples as t
        inner join named as n on t.head = substr(n.small, 1, 3)
        where n.is_unspaced and length(n.small) > 2 and contains(t.small, n.small)
    """


BUYERS = "staging.buyers"
PUBLIC_NAMES = "select name from graph.entities where entity_type <> 'buyer' and name is not null"
"""Shops, creators and listings: who is called the same is no secret."""
_WORD = r"[\pL\pM\p{Nd}]+"
_UNSPACED_SIGNS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_UNSPACED = re.compile(f"{_UNSPACED_SIGNS}{{2}}")


def without_names(text: str, parts: Iterable[str]) -> str:
    """`text` without `parts` of a name that are words of it, the longest first.

    In scripts that set no spaces between words (two such signs or more) a part is one anywhere.
    """
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        word = r"[\W_]{1,3}".join(map(re.escape, part.split()))
        bounded = word if _UNSPACED.search(part) else rf"(?<![^\W_]){word}(?![^\W_])"
        text = re.sub(bounded, lambda match: SIGN * len(match[0]), text, flags=re.IGNORECASE)
    return text
