"""Why somebody has no score, how many verdicts a first model lacks, and why a queue is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text, theme
from pipeline.settings.build import LabelSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    Counts = tuple[int, int]

NONE = (0, 0)
_LEAST = (LabelSettings.min_positives, LabelSettings.min_negatives)
"""Bad and good verdicts of a kind that a first model needs."""
_WORDS = ("bad", "good")


def unscored_sentences(rows: pl.DataFrame, fresh: Mapping[str, Counts] | None = None) -> list[str]:
    """Why entity types are missing from the queue, a sentence for all of whom the same is true.

    `rows` are those of `pages/queue/unscored`, `fresh` the bad and good verdicts by type that
    were given since the build.
    """
    groups: dict[tuple[Counts, Counts], list[str]] = {}
    for entity_type, bad, good in rows.iter_rows():
        key = ((bad, good), (fresh or {}).get(entity_type, NONE))
        groups.setdefault(key, []).append(entity_type)
    return [_sentence(types, *counts) for counts, types in groups.items()]


def unscored(entity_type: str, bad: int, good: int, fresh: Counts = NONE) -> str:
    """Why an entity type has no score, what speaks of it instead, and what a first model lacks."""
    return _sentence([entity_type], (bad, good), fresh)


def _sentence(entity_types: Sequence[str], matured: Counts, fresh: Counts) -> str:
    labels = [f"{theme.entity_label(one)}s" for one in entity_types]
    many = text.joined([labels[0], *(label.lower() for label in labels[1:])])
    if any(matured):
        bad, good = matured
        why = (
            f"{many} are not scored yet: {bad} bad and {good} good labels have matured, too few "
            "to learn from"
        )
    else:
        why = f"{many} have no score: nobody has judged one, so only signals speak of them"
    return f"{why}. {_first_model(matured, fresh)}"


def _first_model(matured: Counts, fresh: Counts) -> str:
    """How many verdicts a first model lacks, counting those that the next build will know."""
    lacks = [
        max(least - old - new, 0) for least, old, new in zip(_LEAST, matured, fresh, strict=True)
    ]
    if not any(lacks):
        return "Enough verdicts are in for a first model: ringfence build learns it."
    missing = " and ".join(
        f"{count} {word}" for count, word in zip(lacks, _WORDS, strict=True) if count
    )
    verb = "is" if sum(lacks) == 1 else "are"
    noun = "verdict" if sum(lacks) == 1 else "verdicts"
    said = f"{missing} {noun} {verb} missing for a first model"
    if any(fresh):
        given = f"{fresh[0]} bad and {fresh[1]} good"
        return f"{said}; {given} were given since this build."
    return f"{said}."


@dataclass(frozen=True)
class EmptyQueue:
    """What an empty queue says, and where it leads."""

    title: str
    hint: str
    is_filtered: bool
    unproven: int

    @classmethod
    def of(cls, *, is_filtered: bool, has_scores: bool, unproven: int) -> EmptyQueue:
        """Of a queue without alerts; `unproven` are who is unusual and was never judged."""
        if is_filtered:
            hint = "Widen the filters, or start again with all open alerts."
            return cls("No alert matches these filters.", hint, is_filtered, unproven)
        why = (
            "No score is above Low that waits for an answer"
            if has_scores
            else "There are no scores, for too few verdicts are in"
        )
        hint = f"{why}, and no signals of a pack are strong enough to open an alert."
        if unproven:
            who = text.plural(unproven, "subject")
            verb = "is" if unproven == 1 else "are"
            hint = f"{hint} {who} {verb} unusual and never judged: begin there."
        return cls("No alert is open.", hint, is_filtered, unproven)
