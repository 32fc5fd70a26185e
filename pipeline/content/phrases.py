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
class _LexiconSearch:
    """One lexicon, ready to search."""

    code: str
    words: tuple[str, ...]
    """No phrase of it stands in a text without one of these."""
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, lexicon: Lexicon) -> _LexiconSearch:
        phrases = sorted((folded(one).text for one in lexicon.phrases), key=len, reverse=True)
        pattern = f"(?:{'|'.join(map(_pattern, phrases))})"
        return cls(lexicon.code, _needed(map(_longest_word, phrases)), re.compile(pattern))

    def matches(self, text: str) -> Iterable[re.Match[str]]:
        """Every place of its words in a folded text."""
        has_any = any(word in text for word in self.words)
        return self.pattern.finditer(text) if has_any else ()


@dataclass(frozen=True)
class PhraseSearch:
    """The lexicons that one kind of text is read for, ready to search."""

    lexicons: tuple[_LexiconSearch, ...]

    @classmethod
    def of(cls, lexicons: Sequence[Lexicon]) -> PhraseSearch:
        """The search for some lexicons."""
        return cls(tuple(map(_LexiconSearch.of, lexicons)))

    def spans(self, text: str) -> list[Span]:
        """Every place of a lexicon's words in `text`, in order, each judged by its sentence."""
        clean = folded(text)
        made = [
            Span(
                *clean.original(match.start(), match.end()),
                one.code,
                mention_of(clean.text, match.start(), match.end()),
            )
            for one in self.lexicons
            for match in one.matches(clean.text)
        ]
        return sorted(made, key=lambda one: (one.start, one.code))


def _longest_word(phrase: str) -> str:
    """The word by which a text is told apart first, in a hundredth of the time of a pattern."""
    return max(phrase.replace(GAP, " ").split(), key=len)


def _needed(words: Iterable[str]) -> tuple[str, ...]:
    """Without those that hold another one."""
    kept: list[str] = []
    for word in sorted(set(words), key=lambda one: (len(one), one)):
        if not any(shorter in word for shorter in kept):
            kept.append(word)
    return tuple(kept)


def _pattern(phrase: str) -> str:
    pieces = [
        _BETWEEN.join(map(re.escape, part.split())) for part in phrase.split(GAP) if part.strip()
    ]
    before = _NO_LETTER_BEFORE if _LATIN.match(phrase.strip()[0]) else ""
    after = _NO_LETTER_AFTER if _LATIN.match(phrase.strip()[-1]) else ""
    return f"{before}{_WORDS_BETWEEN.join(pieces)}{after}"
