"""What a decision teaches, and what it waits for: docs/decisions/0045-decisions-as-labels.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cases.states import ADVERSE, Verdict
from queries.vocabulary import GIVEN_BACK_ACTIONS, is_enforcement

if TYPE_CHECKING:
    from dashboard.cases.records import Decision


def label_of(decision: Decision) -> str | None:
    """`bad` or `good` as things stand; None = it is no finding. An appeal that won clears."""
    return "good" if decision.overturned_on else verdict_label(decision)


def verdict_label(decision: Decision) -> str | None:
    """What the verdict said when it was given, whatever became of it."""
    if decision.verdict in ADVERSE:
        return "bad"
    if decision.verdict == Verdict.VICTIM:
        # An account in other hands: what it did was bad, its owner is not.
        return None if decision.action in GIVEN_BACK_ACTIONS else "good"
    return "good" if decision.verdict == Verdict.FALSE_POSITIVE else None


def needs_approval(decision: Decision) -> bool:
    """Whether it counts only once an approver has approved it."""
    return decision.verdict in ADVERSE and is_enforcement(decision.action)
