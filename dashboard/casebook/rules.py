"""What the casebook refuses, each with a sentence the analyst can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.casebook.states import ADVERSE, NEUTRAL_ACTIONS, NO_ACTION, Verdict
from dashboard.errors import AccessDenied, IncompleteDecision, StaleCase

if TYPE_CHECKING:
    from dashboard.access import Viewer
    from dashboard.casebook.records import Case, Decision, DecisionDraft

# A note is evidence for an appeal; a single word is not.
SHORTEST_NOTE = 10
LONGEST_NOTE = 10_000


def check_draft(draft: DecisionDraft) -> None:
    """Raise IncompleteDecision unless the draft has all its verdict requires."""
    for refused, problem, remedy in (*_general(draft), *_adverse(draft)):
        if refused:
            raise IncompleteDecision(problem, remedy)


_Refusal = tuple[bool, str, str]


def _adverse(draft: DecisionDraft) -> list[_Refusal]:
    verdict, action = draft.verdict, draft.action
    if verdict not in ADVERSE:
        remedy = "Choose a neutral action, or a verdict that supports it."
        return [
            (
                action not in NEUTRAL_ACTIONS,
                f"{_words(action)} cannot follow from {_words(verdict).lower()}.",
                remedy,
            )
        ]
    return [
        (
            not draft.reason_codes,
            f"{_words(verdict)} needs at least one reason code.",
            "Choose what the evidence shows.",
        ),
        (
            len(draft.note.strip()) < SHORTEST_NOTE,
            f"{_words(verdict)} needs a note of at least {SHORTEST_NOTE} characters.",
            "Say in a sentence what you saw; an appeal will be judged on it.",
        ),
        (
            action in {"", NO_ACTION},
            f"{_words(verdict)} needs an action.",
            "Choose one; to watch is the least.",
        ),
        (
            not draft.typology,
            f"{_words(verdict)} needs a typology.",
            "Choose which kind of abuse this is.",
        ),
    ]


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _general(draft: DecisionDraft) -> list[_Refusal]:
    named = draft.entity_type and draft.entity_id and draft.idempotency_key
    return [
        (
            draft.verdict not in set(Verdict),
            "There is no verdict.",
            "Choose one.",
        ),
        (
            not named,
            "The decision does not say which entity it is about.",
            "Open the entity again.",
        ),
        (
            draft.confidence is not None and not 0.0 <= draft.confidence <= 1.0,
            "Confidence is outside 0 to 1.",
            "Give a share, such as 0.8.",
        ),
        (
            len(draft.note) > LONGEST_NOTE,
            f"The note is longer than {LONGEST_NOTE:,} characters.",
            "Shorten it.",
        ),
    ]


def check_fresh(current: Case | None, seen_version: int | None) -> None:
    """Raise StaleCase when the case is not at the version the viewer saw."""
    version = current.version if current else 0
    if seen_version is None or version == seen_version:
        return
    if current is None:
        raise StaleCase("This case is no longer there.", "Reload the page.")
    raise StaleCase(
        f"This case was changed by {current.changed_by} at "
        f"{current.changed_at:%Y-%m-%d %H:%M} UTC while you were looking at it.",
        "Reload to see the change, then decide again.",
    )


def check_approver(decided: list[Decision], who: Viewer) -> None:
    """Raise AccessDenied when `who` would approve their own proposal."""
    if decided and decided[0].decided_by == who.name:
        raise AccessDenied(
            "You proposed this decision, so you cannot approve, return or enforce it.",
            "Ask another lead.",
        )
