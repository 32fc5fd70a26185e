"""Texts that hold words of a lexicon, each beside the clause that the words stand for.

A text is shown and judged by whoever reads it. One that warns of the words, quotes them or asks
says so and is in no count: docs/decisions/0131-words-beside-the-policy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

PAGE_SIZE = 8
SOURCES = {
    "title": "Listing title",
    "live_title": "Title of a live room",
    "video_title": "Title of a video",
    "comment": "Live comment",
    "review": "Review",
    "claim": "Refund claim",
    "complaint": "Complaint",
}
RULES = {
    "quote": "quotes somebody",
    "report": "tells what somebody else did",
    "warning": "warns of it",
    "policy": "says that it is not allowed",
    "question": "asks about it",
}
"""Why words are only cited, as a text does it."""
SAID, CITED = "Holds the words", "Only cites them"
AROUND = 160
"""Signs of a long text that are shown on either side of the words."""
_GROUND = ":orange-background"
_OTHERS = {
    "buyer": "by",
    "product": "listing",
    "live_session": "room",
    "creator": "creator",
}
"""What is said before the name that a text leads to."""


@dataclass(frozen=True)
class Passage:
    """One text; its fields are markdown with everything from data escaped."""

    body: str
    clause: str
    """Whether the words are said or only cited, as a badge, and the clauses they stand for."""
    reading: str
    """The typologies of the clauses, and why the words are only cited where they are."""
    row: str
    """Kind of text, when it was written and the row that holds it."""
    other: str
    """What is said before the name that it leads to, empty where there is none."""
    other_name: str
    other_key: str


@dataclass(frozen=True)
class PassagesView:
    """One page of texts, newest first, with how many there are."""

    passages: tuple[Passage, ...]
    sentence: str
    pages: int

    @classmethod
    def of(cls, rows: pl.DataFrame) -> PassagesView:
        """The view of `pages/investigate/passages`; the names of `rows` may be seen."""
        if rows.is_empty():
            return cls((), "No text about it holds words of a clause.", 1)
        said, cited = int(rows["said_count"][0]), int(rows["cited_count"][0])
        return cls(
            tuple(_passage(row) for row in rows.iter_rows(named=True)),
            _sentence(said, cited),
            ceil((said + cited) / PAGE_SIZE),
        )


def _sentence(said: int, cited: int) -> str:
    cites = f"{'cites' if cited == 1 else 'cite'} them: a warning, a quote, a question"
    if not said:
        only = text.plural(cited, "text")
        return f"No text holds words of a clause as its own. {only} only {cites}."
    holds = f"{text.plural(said, 'text')} {'holds' if said == 1 else 'hold'} words of a clause."
    return f"{holds} {cited:,} more only {cites}." if cited else holds


def _passage(row: Mapping[str, Any]) -> Passage:
    is_said = None in row["mentions"]
    badge = f":orange-badge[{SAID}]" if is_said else f":gray-badge[{CITED}]"
    clauses = (f"**{text.md_escape(one)}**" for one in dict.fromkeys(row["clauses"]))
    schemes = (
        text.md_escape(words.typology_title(one)) for one in dict.fromkeys(row["typologies"])
    )
    reading = [", ".join(schemes), *([] if is_said else [_why(row)])]
    known = row["other_type"] is not None
    return Passage(
        body=marked(row["body"], zip(row["starts"], row["ends"], strict=True)),
        clause=f"{badge} {'; '.join(clauses)}",
        reading=" · ".join(reading),
        row=f"{SOURCES[row['source']]}, {row['written_at']:%-d %b %Y, %H:%M} · "
        f"{text.md_escape(row['row_id'])}",
        other=_OTHERS[row["other_type"]] if known else "",
        other_name=text.md_escape(row["other_name"] or row["other_id"], length=18) if known else "",
        other_key=f"{row['other_type']}:{row['other_id']}" if known else "",
    )


def _why(row: Mapping[str, Any]) -> str:
    """The first reason, with the words of the text that show it, folded."""
    rule, cue = row["mentions"][0], row["cues"][0]
    shown = f": “{text.md_escape(cue)}”" if cue else ""
    return f"It {RULES[rule]}{shown}."


def marked(body: str, spans: Iterable[tuple[int, int]], *, around: int = AROUND) -> str:
    """`body` as markdown, literally, with the signs of each span bold on a coloured ground.

    A span is where its first sign stands and where the sign after its last one does, in `body`
    as it came. Of a long text `around` signs stay on either side of the spans; spans that
    overlap are one. Bold, because a colour alone is nothing to whoever does not see it.
    """
    parts, last = [], 0
    for start, end in _merged(spans):
        parts += [
            _between(body[last:start], around, is_first=not last),
            _on_ground(body[start:end]),
        ]
        last = end
    rest = body[last:]
    return "".join([*parts, text.md_piece(rest[:around]), "…" * (len(rest) > around)]).strip()


def _on_ground(words: str) -> str:
    return f"{_GROUND}[**{text.md_piece(words)}**]"


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _between(piece: str, around: int, *, is_first: bool) -> str:
    """What stands before a span, since the one before it or the beginning."""
    if len(piece) <= around * (2 - is_first):
        return text.md_piece(piece)
    head = "" if is_first else text.md_piece(piece[:around])
    return f"{head}…{text.md_piece(piece[-around:])}"
