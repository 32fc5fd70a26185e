"""Where the phrases of lexicons stand in a text, whatever disguise it wears."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.content.folding import folded
from pipeline.content.mentions import mention_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.content.mentions import Mention
    from queries.pack_models import Lexicon

GAP = "..."
_BETWEEN = r"[\W_]{0,3}"
"""Between two words of a phrase: a blank, a hyphen, a dot or nothing."""
_WORDS_BETWEEN = r"(?:[\W_]{1,3}\w{1,20}){0,3}[\W_]{0,3}"
_LATIN = re.compile(r"[a-z0-9]")
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![a-z0-9])", r"(?![a-z0-9])"
"""Scripts without blanks between words have no borders to look for."""


@dataclass(frozen=True)
class Span:
    """Signs `start` to before `end` of a text as typed, and the lexicon whose words they are."""

    start: int
    end: int
    code: str
    mention: Mention | None
    """Why the words are only cited there; None = they are said."""


@dataclass(frozen=True)
class PhraseSearch:
    """The lexicons that one kind of text is read for, ready to search."""

    any_phrase: re.Pattern[str] | None
    """None where there are no lexicons."""
    by_code: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, lexicons: Sequence[Lexicon]) -> PhraseSearch:
        """The search for some lexicons."""
        parts = [(one.code, _any_of(one.phrases)) for one in lexicons]
        every = "|".join(part for _, part in parts)
        by_code = tuple((code, re.compile(part)) for code, part in parts)
        return cls(re.compile(every) if parts else None, by_code)

    def spans(self, text: str) -> list[Span]:
        """Every place of a lexicon's words in `text`, in order, each judged by its sentence."""
        clean = folded(text)
        if self.any_phrase is None or not self.any_phrase.search(clean.text):
            return []
        made = [
            Span(
                *clean.original(match.start(), match.end()),
                code,
                mention_of(clean.text, match.start(), match.end()),
            )
            for code, pattern in self.by_code
            for match in pattern.finditer(clean.text)
        ]
        return sorted(made, key=lambda one: (one.start, one.code))


def _any_of(phrases: Iterable[str]) -> str:
    longest_first = sorted((folded(one).text for one in phrases), key=len, reverse=True)
    return f"(?:{'|'.join(map(_pattern, longest_first))})"


def _pattern(phrase: str) -> str:
    pieces = [
        _BETWEEN.join(map(re.escape, part.split())) for part in phrase.split(GAP) if part.strip()
    ]
    before = _NO_LETTER_BEFORE if _LATIN.match(phrase.strip()[0]) else ""
    after = _NO_LETTER_AFTER if _LATIN.match(phrase.strip()[-1]) else ""
    return f"{before}{_WORDS_BETWEEN.join(pieces)}{after}"
