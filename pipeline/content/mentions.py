"""Whether a text says a lexicon's words or only cites them: a warning, a quote, a question.

One rule after the other, each readable by whoever is judged by it, and each names the words that
made it hold: docs/decisions/0131-words-beside-the-policy.md.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.content.folding import folded

_ENDS = re.compile(r"[.!;。\n]+|\?+")
"""Full-width signs are folded to these."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|「[^」]*」|『[^』]*』|„[^“”]*[“”]")
_SIDE = 300
"""Signs of a sentence that are read on either side of the words."""


_CUES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("cues.toml").read_text(encoding="utf-8")
)


def _words(name: str) -> str:
    """Alternatives of a pattern; Latin words whole, in folded spelling."""
    return "|".join(_bordered(folded(one).text) for one in _CUES[name])


def _bordered(words: str) -> str:
    pattern = r"\W+".join(map(re.escape, words.split()))
    return rf"(?<![a-z0-9]){pattern}(?![a-z0-9])" if words[0].isascii() else pattern


_NEAR_WORDS = r"(?:[^\w'.,:、]+[\w']+){0,3}[^\w'.,:、]*$"
_NEAR_SIGNS = r"[^\W_]{0,6}$"
_FORBIDS = _words("prohibitions")
_FORBIDS_WITHOUT_BLANKS = "|".join(_CUES["prohibitions_without_blanks"])
_FORBIDDEN = re.compile(
    rf"(?P<cue>{_FORBIDS}){_NEAR_WORDS}|(?P<sign>{_FORBIDS_WITHOUT_BLANKS}){_NEAR_SIGNS}"
    r"|(?<![a-z0-9])(?P<no>no)\W+$"
)
_REASSURED = re.compile(_words("reassurances"))
_TOLD = re.compile(_words("reports"))
_SAID = re.compile(_words("sayings"))
_DENIED = rf"(?:{_words('negations')})[^\w]*(?:a |an |any |it's |even )?$"
_DENIED_BEFORE = re.compile(_DENIED)
_ALARM = re.compile(_words("alarms"))
_RULE = re.compile(_words("rules"))
_QUESTION = re.compile(rf"{_words('questions')}|^\W*(?:is|are|does|has|have)\b")
_ASKED_AT_THE_END = re.compile(r"(?:吗|\?)\W*\w{0,4}\W*$")


@dataclass(frozen=True)
class Mention:
    """A citation: which rule holds, and the words or signs that made it hold, folded."""

    rule: str
    """quote | report | warning | policy | question"""
    cue: str


def mention_of(text: str, start: int, end: int) -> Mention | None:
    """Why signs `start` to before `end` of a folded text are only cited; None = they are said."""
    first, last = _sentence(text, start, end)
    before, after = text[max(first, start - _SIDE) : start], text[end : min(last, end + _SIDE)]
    return (
        _quote(text, start, end)
        or _first("report", _TOLD, before)
        or _forbidden(before)
        or _alarm("warning", _ALARM, before, after)
        or _alarm("policy", _RULE, before, after)
        or _question(before, after)
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds a span; the sign it ends with is its own."""
    first, last = 0, len(text)
    for match in _ENDS.finditer(text):
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.end()
            break
    return first, last


def _quote(text: str, start: int, end: int) -> Mention | None:
    """In quotation marks, and somebody is said to have said it. Marks alone prove nothing."""
    for match in _QUOTED.finditer(text):
        if match.start() < start and end < match.end():
            around = text[: match.start()] + " " + text[match.end() :]
            said = _SAID.search(around) or _TOLD.search(around)
            return Mention("quote", said.group()) if said else None
    return None


def _first(rule: str, pattern: re.Pattern[str], text: str) -> Mention | None:
    match = pattern.search(text)
    return Mention(rule, match.group()) if match else None


def _forbidden(before: str) -> Mention | None:
    """The words that forbid stand at most three words before, with no comma between."""
    match = _FORBIDDEN.search(before)
    if match is None or _REASSURED.match(before, match.start()):
        return None
    return Mention("warning", match["cue"] or match["sign"] or match["no"])


def _alarm(rule: str, pattern: re.Pattern[str], before: str, after: str) -> Mention | None:
    """Anywhere in the sentence, and not denied: `no scam` is what a fraudster says."""
    for part in (before, after):
        for match in pattern.finditer(part):
            if not _DENIED_BEFORE.search(part[: match.start()]):
                return Mention(rule, match.group())
    return None


def _question(before: str, after: str) -> Mention | None:
    """It opens as a question and ends as one; the mark alone is no question."""
    asks = _QUESTION.search(before)
    if asks is None or not _ASKED_AT_THE_END.search(after):
        return None
    return Mention("question", asks.group())
