"""What a case may become next, and what a verdict makes of it.

The table is data so that the refusal and the buttons on the page come from the
same place. Proposing and approving are different states because they must be
different people.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from dashboard.errors import IllegalTransition
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
TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    _S.NEW: frozenset({_S.TRIAGED, _S.ASSIGNED, _S.INVESTIGATING, _S.CLOSED_NO_ACTION}),
    _S.TRIAGED: frozenset({_S.ASSIGNED, _S.INVESTIGATING, _S.CLOSED_NO_ACTION}),
    _S.ASSIGNED: frozenset({_S.INVESTIGATING, _S.TRIAGED}),
    _S.INVESTIGATING: frozenset(
        {
            *(_S.PENDING_INFO, _S.HANDED_OVER, _S.PROPOSED, _S.MONITORING),
            *(_S.CLOSED_NO_ACTION, _S.ASSIGNED),
        }
    ),
    _S.PENDING_INFO: frozenset({_S.INVESTIGATING}),
    _S.HANDED_OVER: frozenset({_S.INVESTIGATING}),
    _S.PROPOSED: frozenset({_S.APPROVED, _S.RETURNED, _S.INVESTIGATING}),
    _S.RETURNED: frozenset({_S.INVESTIGATING}),
    _S.APPROVED: frozenset({_S.ENFORCED, _S.APPEALED}),
    _S.ENFORCED: frozenset({_S.CLOSED, _S.APPEALED}),
    _S.APPEALED: frozenset({_S.UPHELD, _S.OVERTURNED}),
    _S.UPHELD: frozenset({_S.CLOSED}),
    _S.OVERTURNED: frozenset({_S.CLOSED}),
    _S.MONITORING: frozenset({_S.INVESTIGATING, _S.CLOSED_NO_ACTION}),
    _S.CLOSED: frozenset({_S.REOPENED, _S.APPEALED}),
    _S.CLOSED_NO_ACTION: frozenset({_S.REOPENED}),
    _S.REOPENED: frozenset({_S.ASSIGNED, _S.INVESTIGATING}),
}
# The legal steps by which deciding picks a case up, per state it may be decided in.
_PICK_UP: dict[CaseState, tuple[CaseState, ...]] = {
    _S.INVESTIGATING: (),
    _S.CLOSED: (_S.REOPENED, _S.INVESTIGATING),
    _S.CLOSED_NO_ACTION: (_S.REOPENED, _S.INVESTIGATING),
    **dict.fromkeys(
        (
            _S.NEW, _S.TRIAGED, _S.ASSIGNED, _S.PENDING_INFO, _S.HANDED_OVER, _S.PROPOSED,
            _S.RETURNED, _S.MONITORING, _S.REOPENED,
        ),
        (_S.INVESTIGATING,),
    ),
}  # fmt: skip


CARRIED_OUT = frozenset(CaseState) - set(_PICK_UP)
"""States from an approval to its end: nobody decides anew meanwhile."""


def next_states(state: CaseState) -> tuple[CaseState, ...]:
    """The states a case may move to, in the order of the life cycle."""
    return tuple(other for other in CaseState if other in TRANSITIONS[state])


def check_transition(current: CaseState, after: CaseState) -> None:
    """Raise IllegalTransition unless `current` may become `after`."""
    if after not in TRANSITIONS[current]:
        legal = ", ".join(next_states(current))
        raise IllegalTransition(
            f"A case that is {current} cannot become {after}.",
            f"From here it can become: {legal}.",
        )


_ON_THE_WAY = frozenset({_S.REOPENED, _S.INVESTIGATING, _S.ASSIGNED})
"""States that a case may pass through before anybody decides."""


def steps_to(current: CaseState, after: CaseState) -> tuple[CaseState, ...]:
    """The fewest legal steps, one at least, from `current` to `after` without a decision.

    Raises IllegalTransition where there are none, or where somebody else has the word.
    """
    paths: list[tuple[CaseState, ...]] = []
    if current in _PICK_UP:
        paths = [(step,) for step in next_states(current)]
    while paths and current != _S.PROPOSED:
        path, *paths = paths
        if path[-1] == after:
            return path
        if path[-1] in _ON_THE_WAY and len(path) < len(_ON_THE_WAY):
            paths += [(*path, step) for step in next_states(path[-1])]
    raise IllegalTransition(
        f"A case that is {current} is already decided or waits for somebody else.",
        "Open it to see what is missing.",
    )


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


def decision_steps(current: CaseState, verdict: Verdict, action: str) -> tuple[CaseState, ...]:
    """Every legal step from `current` to the state a decision ends in."""
    if current not in _PICK_UP:
        raise IllegalTransition(
            f"A case that is {current} is already decided and being carried out.",
            "Let it close, then record a new decision, which reopens it.",
        )
    return (*_PICK_UP[current], outcome(verdict, action))
