"""Text as it is compared, with the place of every sign in the text as it was typed.

Whoever does not want to be read writes full-width letters, accents, or puts signs between letters
that nobody sees. Compatibility forms, case, accents, unseen signs and letters that look Latin are
folded away (UAX #15 and section 3.13 of Unicode); a match is shown in the original, so no sign
may lose its place.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DIACRITICS = (range(0x300, 0x370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00),
               range(0x20D0, 0x2100), range(0xFE20, 0xFE30))  # fmt: skip
"""Accents of Latin, Greek and Cyrillic. Signs of vowels in other scripts stay: they spell."""
_UNSEEN = frozenset("\u115f\u1160\u180b\u180c\u180d\u3164\uffa0")
_VARIATIONS = range(0xFE00, 0xFE10)
_JAMO = range(0x1160, 0x1200)
"""Vowels and finals of Hangul, which stand as signs of their own where a text is decomposed."""
_LOOKALIKES = str.maketrans("аеорсухіѕјһԁоανικρχ’‘ʼ", "aeopcyxisjhdoavikpx'''")
"""Cyrillic and Greek letters that are drawn as Latin ones, after case is folded; apostrophes."""
_KNOWN_CLUSTERS = 50_000


@dataclass(frozen=True)
class Folded:
    """A folded text; sign n stands in the original from `starts[n]` to before `ends[n]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where signs `start` to before `end` of the folded text stand in the original."""
        return self.starts[start], self.ends[end - 1]


def folded(text: str) -> Folded:
    """`text` without what a disguise is made of."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        piece, length = _fold(text[start:end])
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [start + length] * len(piece)
    return Folded("".join(pieces), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each letter with the marks that hang on it, as places."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _hangs_on(text[place]):
            yield start, place
            start = place


@lru_cache(_KNOWN_CLUSTERS)
def _hangs_on(sign: str) -> bool:
    is_mark = unicodedata.category(sign) in ("Mn", "Mc", "Me")
    return is_mark or ord(sign) in _JAMO or _is_unseen(sign)


@lru_cache(_KNOWN_CLUSTERS)
def _fold(cluster: str) -> tuple[str, int]:
    """A cluster folded, and its length without unseen signs at its end."""
    once = unicodedata.normalize("NFKD", cluster).casefold()
    kept = "".join(sign for sign in unicodedata.normalize("NFKD", once) if not _is_dropped(sign))
    length = len(cluster)
    while length > 1 and _is_unseen(cluster[length - 1]):
        length -= 1
    return unicodedata.normalize("NFC", kept).translate(_LOOKALIKES), length


def _is_dropped(sign: str) -> bool:
    return _is_unseen(sign) or any(ord(sign) in block for block in _DIACRITICS)


def _is_unseen(sign: str) -> bool:
    is_format = unicodedata.category(sign) == "Cf"
    return is_format or sign in _UNSEEN or ord(sign) in _VARIATIONS
