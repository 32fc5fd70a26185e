"""New patterns: what an analyst calls bad though no pack describes it.

The reason of such a decision is a sentence instead of codes, and whoever says the same
sentence again says it of the same pattern: docs/decisions/0095-new-patterns.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cases.records import Decision, DecisionDraft

LONGEST_PATTERN = 200
"""A sentence that names something; what was seen belongs into the note."""


def pattern_of(decision: Decision | DecisionDraft) -> str:
    """The sentence that names the new pattern a decision is about; empty = it is about none."""
    is_new = decision.typology == NEW_PATTERN
    return decision.reason_codes[0] if is_new and decision.reason_codes else ""


def reason_of_pattern(sentence: str) -> tuple[str, ...]:
    """What was typed as the one reason of a decision, on one line; none where nothing was."""
    line = " ".join(sentence.split())
    return (line,) if line else ()


def same_pattern(decisions: Iterable[Decision], sentence: str) -> list[Decision]:
    """The decisions that say this sentence, whatever its capitals and its full stop."""
    key = _key(sentence)
    return [decision for decision in decisions if key and _key(pattern_of(decision)) == key]


def named_patterns(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Every pattern once, in the words and the order in which it comes first."""
    named: dict[str, str] = {}
    for sentence in map(pattern_of, decisions):
        if sentence:
            named.setdefault(_key(sentence), sentence)
    return tuple(named.values())


def _key(sentence: str) -> str:
    return " ".join(sentence.casefold().split()).rstrip(".!")
