"""Where a case may stand, and what a verdict makes of it; how it gets there is in `acts`."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from queries.vocabulary import MONITOR, is_enforcement


class CaseState(StrEnum):
    """Where a case stands."""

    NEW = "NEW"
    TRIAGED = "TRIAGED"
    ASSIGNED = "ASSIGNED"
    INVESTIGATING = "INVESTIGATING"
    PENDING_INFO = "PENDING_INFO"
    HANDED_OVER = "HANDED_OVER"
    PROPOSED = "PROPOSED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    ENFORCED = "ENFORCED"
    APPEALED = "APPEALED"
    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"
    MONITORING = "MONITORING"
    CLOSED = "CLOSED"
    CLOSED_NO_ACTION = "CLOSED_NO_ACTION"
    REOPENED = "REOPENED"


class Verdict(StrEnum):
    """What the analyst concluded about the entity."""

    CONFIRMED = "CONFIRMED"
    LIKELY = "LIKELY"
    INCONCLUSIVE = "INCONCLUSIVE"
    FALSE_POSITIVE = "FALSE_POSITIVE"
    VICTIM = "VICTIM"


ADVERSE = frozenset({Verdict.CONFIRMED, Verdict.LIKELY})

_S = CaseState


def outcome(verdict: Verdict, action: str) -> CaseState:
    """The state a decision leaves its case in.

    An enforcement has to be approved by somebody else first; an open question is
    watched; everything else closes.
    """
    if is_enforcement(action):
        return CaseState.PROPOSED
    if verdict == Verdict.INCONCLUSIVE or action == MONITOR:
        return CaseState.MONITORING
    return CaseState.CLOSED_NO_ACTION


DECIDED = frozenset({_S.PROPOSED, _S.MONITORING, _S.CLOSED_NO_ACTION})
"""What a decision leaves its case in: nobody moves a case there without one."""
REVIEW_DAYS = {_S.PROPOSED: 3, _S.MONITORING: 14}
INCONCLUSIVE_REVIEW_DAYS = 7
"""Days of the data until somebody looks again, assumptions:
docs/decisions/0046-who-was-judged-comes-back.md."""


def review_day(verdict: Verdict, after: CaseState, data_day: date | None) -> date | None:
    """When to look again at a case that a decision leaves in state `after`; None = never."""
    if data_day is None or after not in REVIEW_DAYS:
        return None
    is_open = verdict == Verdict.INCONCLUSIVE
    return data_day + timedelta(days=INCONCLUSIVE_REVIEW_DAYS if is_open else REVIEW_DAYS[after])
