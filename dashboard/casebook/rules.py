"""What the casebook refuses, each with a sentence the analyst can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.cases.states import ADVERSE, Verdict
from dashboard.errors import AccessDenied, IncompleteDecision, StaleCase
from queries.vocabulary import NO_ACTION, is_enforcement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.access import Viewer
    from dashboard.cases.records import Assignment, Case, Decision, DecisionDraft

# A note is evidence for an appeal; a single word is not.
SHORTEST_NOTE = 10
LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class _Gap:
    """One thing a draft may lack, and what to say then."""

    is_open: bool
    problem: str
    remedy: str


def check_draft(draft: DecisionDraft) -> None:
    """Raise IncompleteDecision unless the draft has all its verdict requires."""
    demands = _adverse(draft) if draft.verdict in ADVERSE else [_unsupported(draft)]
    for gap in (*_general(draft), *demands):
        if gap.is_open:
            raise IncompleteDecision(gap.problem, gap.remedy)


def _unsupported(draft: DecisionDraft) -> _Gap:
    """Nobody is punished on a verdict that blames nobody."""
    return _Gap(
        is_enforcement(draft.action),
        f"{_words(draft.action)} cannot follow from {_words(draft.verdict).lower()}.",
        "Choose a neutral action, or a verdict that supports it.",
    )


def _adverse(draft: DecisionDraft) -> list[_Gap]:
    verdict = _words(draft.verdict)
    return [
        _Gap(
            not draft.reason_codes,
            f"{verdict} needs at least one reason code.",
            "Choose what the evidence shows.",
        ),
        _Gap(
            len(draft.note.strip()) < SHORTEST_NOTE,
            f"{verdict} needs a note of at least {SHORTEST_NOTE} characters.",
            "Say in a sentence what you saw; an appeal will be judged on it.",
        ),
        _Gap(
            draft.action in {"", NO_ACTION},
            f"{verdict} needs an action.",
            "Choose one; to watch is the least.",
        ),
        _Gap(
            not draft.typology,
            f"{verdict} needs a typology.",
            "Choose which kind of abuse this is.",
        ),
    ]


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _general(draft: DecisionDraft) -> list[_Gap]:
    named = draft.entity_type and draft.entity_id and draft.idempotency_key
    is_share = draft.confidence is None or 0.0 <= draft.confidence <= 1.0
    return [
        _Gap(draft.verdict not in set(Verdict), "There is no verdict.", "Choose one."),
        _Gap(
            not named,
            "The decision does not say which entity it is about.",
            "Open the entity again.",
        ),
        _Gap(not is_share, "Confidence is outside 0 to 1.", "Give a share, such as 0.8."),
        _Gap(
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


def check_group(keys: Sequence[str], to: Assignment) -> None:
    """Raise IncompleteDecision where nobody is moved, or to a case without a name."""
    if not keys:
        raise IncompleteDecision("Nobody is chosen.", "Choose at least one member.")
    if to.group_id.startswith("hnd_") and not to.title.strip():
        raise IncompleteDecision(
            "A case made by hand needs a name.", "Give it one that a colleague understands."
        )


def check_approver(decisions: list[Decision], who: Viewer) -> None:
    """Raise AccessDenied when `who` would approve their own proposal, the latest of `decisions`."""
    if decisions and decisions[0].decided_by == who.name:
        raise AccessDenied(
            "You proposed this decision, so you cannot approve, return or enforce it.",
            "Ask another lead.",
        )
