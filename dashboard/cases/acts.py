"""What can be done with a case, as data, and one function that says what an act makes of it.

The refusal of the data layer and the controls on a page come from the same table, so that none
can allow what the other forbids. Proposing and approving are different acts because they must be
of different people. Why it is so: docs/decisions/0135-the-way-of-a-case.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dashboard.cases.states import DECIDED, CaseState, outcome
from dashboard.errors import AccessDenied, IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboard.cases.states import Verdict
    from dashboard.errors import RingfenceError

TEAMS = {
    "payments": "Payments",
    "legal": "Legal",
    "logistics": "Logistics",
    "support": "Customer support",
}
"""Whom a case can be handed to: they look into their part of it and give it back."""


class CaseAct(StrEnum):
    """What somebody does with a case."""

    CLAIM = "CLAIM"
    ASSIGN = "ASSIGN"
    START = "START"
    SNOOZE = "SNOOZE"
    WAKE = "WAKE"
    ASK = "ASK"
    HAND_OVER = "HAND_OVER"
    RESUME = "RESUME"
    DECIDE = "DECIDE"
    WITHDRAW = "WITHDRAW"
    APPROVE = "APPROVE"
    RETURN = "RETURN"
    ENFORCE = "ENFORCE"
    APPEAL = "APPEAL"
    UPHOLD = "UPHOLD"
    OVERTURN = "OVERTURN"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"


@dataclass(frozen=True)
class Facts:
    """Who acts and what waits: all that an act depends on beside the state.

    `may` are the permissions of the role; `outcome` is what the decision that is being recorded
    leads to, None where none is.
    """

    may: frozenset[str]
    is_owner: bool = False
    """Whether the case is theirs."""
    is_proposer: bool = False
    """Whether they took the last decision, under any spelling of their name."""
    is_proposal: bool = False
    """Whether the last decision takes something from somebody, so that another approves it."""
    is_approver: bool = False
    """Whether they approved it or carried it out: who judges an appeal did neither."""
    is_put_off: bool = False
    outcome: CaseState | None = None


@dataclass(frozen=True)
class Rule:
    """Where an act may be done, where it leads, who may do it, and what it has to say.

    `to` None = wherever the decision leads. `first` are acts that are done on the way where the
    act itself is not possible yet.
    """

    at: frozenset[CaseState]
    to: CaseState | None
    permission: str = "decide"
    fields: tuple[str, ...] = ()
    first: tuple[CaseAct, ...] = ()
    answers_proposal: bool = False
    """Whether it answers what somebody else proposed."""


_A, _S = CaseAct, CaseState
_WORKED = frozenset(
    {_S.NEW, _S.TRIAGED, _S.ASSIGNED, _S.INVESTIGATING, _S.RETURNED, _S.REOPENED, _S.MONITORING}
)
"""States in which the next step is an analyst's."""
_BACK = (_A.REOPEN, _A.RESUME)
_INTO_WORK = (_A.START, *_BACK)
_CLOSED = frozenset({_S.CLOSED, _S.CLOSED_NO_ACTION})

RULES: dict[CaseAct, Rule] = {
    _A.CLAIM: Rule(_WORKED, _S.ASSIGNED, first=_BACK),
    _A.ASSIGN: Rule(_WORKED, _S.ASSIGNED, "assign", ("colleague",), _BACK),
    _A.START: Rule(_WORKED - {_S.INVESTIGATING}, _S.INVESTIGATING, first=(_A.REOPEN,)),
    _A.SNOOZE: Rule(_WORKED, _S.TRIAGED, fields=("day", "reason"), first=_BACK),
    _A.WAKE: Rule(frozenset({_S.TRIAGED}), _S.TRIAGED),
    _A.ASK: Rule(
        frozenset({_S.INVESTIGATING}), _S.PENDING_INFO, fields=("due", "reason"), first=_INTO_WORK
    ),
    _A.HAND_OVER: Rule(
        frozenset({_S.INVESTIGATING}),
        _S.HANDED_OVER,
        fields=("team", "contact", "due", "reason"),
        first=_INTO_WORK,
    ),
    _A.RESUME: Rule(frozenset({_S.PENDING_INFO, _S.HANDED_OVER}), _S.INVESTIGATING),
    _A.DECIDE: Rule(frozenset({_S.INVESTIGATING}), None, first=(*_INTO_WORK, _A.WITHDRAW)),
    _A.WITHDRAW: Rule(frozenset({_S.PROPOSED}), _S.INVESTIGATING),
    _A.APPROVE: Rule(frozenset({_S.PROPOSED}), _S.APPROVED, "approve", answers_proposal=True),
    _A.RETURN: Rule(
        frozenset({_S.PROPOSED, _S.APPROVED}),
        _S.RETURNED,
        "approve",
        ("reason",),
        answers_proposal=True,
    ),
    _A.ENFORCE: Rule(frozenset({_S.APPROVED}), _S.ENFORCED, "approve", answers_proposal=True),
    _A.APPEAL: Rule(frozenset({_S.APPROVED, _S.ENFORCED, _S.CLOSED}), _S.APPEALED),
    _A.UPHOLD: Rule(
        frozenset({_S.APPEALED}), _S.UPHELD, "appeal", ("reason",), answers_proposal=True
    ),
    _A.OVERTURN: Rule(
        frozenset({_S.APPEALED}), _S.OVERTURNED, "appeal", ("reason",), answers_proposal=True
    ),
    _A.CLOSE: Rule(frozenset({_S.ENFORCED, _S.UPHELD, _S.OVERTURNED}), _S.CLOSED),
    _A.REOPEN: Rule(_CLOSED, _S.REOPENED),
}
OWN = frozenset({_S.ASSIGNED, _S.INVESTIGATING, _S.RETURNED})
"""States in which whoever has the case is at it."""


def leads_to(act: CaseAct) -> frozenset[CaseState]:
    """The states an act may end in."""
    to = RULES[act].to
    return DECIDED if to is None else frozenset({to})


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    state: frozenset().union(*(leads_to(act) for act, rule in RULES.items() if state in rule.at))
    for state in CaseState
}
"""What each state may become in one step."""


def next_state(state: CaseState, act: CaseAct, facts: Facts) -> CaseState:
    """What `act` makes of a case in one step; raises IllegalTransition or AccessDenied."""
    if problem := refusal(state, act, facts):
        raise problem
    return _end(act, facts)


def refusal(state: CaseState, act: CaseAct, facts: Facts) -> RingfenceError | None:
    """Why an act is no next step of a case, with what to do instead; None = it is one."""
    rule = RULES[act]
    permission = permission_for(act, facts)
    if permission not in facts.may:
        return AccessDenied(
            "Your role does not allow this step.", "Ask somebody with another role."
        )
    if state not in rule.at:
        return _out_of_place(state, act)
    if rule.answers_proposal or act is _A.APPEAL:
        return _of_proposal(act, facts)
    return next((problem() for one, problem in _MEANINGLESS if one(state, act, facts)), None)


def permission_for(act: CaseAct, facts: Facts) -> str:
    """The permission that an act needs: whoever has a case may pass it on without another."""
    is_own = act is _A.ASSIGN and facts.is_owner and "assign" not in facts.may
    return "decide" if is_own else RULES[act].permission


def way(state: CaseState, act: CaseAct, facts: Facts) -> tuple[CaseState, ...]:
    """The fewest steps, one at least, in which `act` is done to a case; raises like `next_state`.

    Of what is done first nobody asks but whether it leads there: it is part of the act.
    """
    path = _path(state, act)
    if path is None:
        raise refusal(state, act, facts) or _out_of_place(state, act)
    before = [_end(one, facts) for one in path]
    return (*before, next_state(before[-1] if before else state, act, facts))


def offered(state: CaseState, facts: Facts) -> tuple[CaseAct, ...]:
    """The acts that a page offers: those of the state, and those that starting work makes so."""
    return tuple(act for act in CaseAct if act is not _A.DECIDE and _is_offered(state, act, facts))


def decision_steps(current: CaseState, verdict: Verdict, action: str) -> tuple[CaseState, ...]:
    """Every step from `current` to the state a decision ends in."""
    facts = Facts(frozenset({RULES[_A.DECIDE].permission}), outcome=outcome(verdict, action))
    return way(current, _A.DECIDE, facts)


def acts_between(state: CaseState, after: CaseState) -> tuple[CaseAct, ...]:
    """The acts by which `state` becomes `after` in one step; raises IllegalTransition for none."""
    acts = tuple(act for act, rule in RULES.items() if state in rule.at and after in leads_to(act))
    if not acts:
        legal = ", ".join(said(one) for one in CaseState if one in TRANSITIONS[state])
        raise IllegalTransition(
            f"A case that is {said(state)} cannot become {said(after)}.",
            f"From here it can become: {legal}.",
        )
    return acts


def said(state: CaseState) -> str:
    """A state inside a sentence."""
    return state.replace("_", " ").lower()


def _is_offered(state: CaseState, act: CaseAct, facts: Facts) -> bool:
    path = _path(state, act)
    if path is None or set(path) - {_A.START}:
        return False
    return refusal(_end(path[-1], facts) if path else state, act, facts) is None


def _path(state: CaseState, act: CaseAct) -> tuple[CaseAct, ...] | None:
    """What is done before `act`, as few as possible; None = nothing makes it possible."""
    paths: list[tuple[CaseState, tuple[CaseAct, ...]]] = [(state, ())]
    while paths:
        (here, path), *paths = paths
        if here in RULES[act].at:
            return path
        paths += [(there, (*path, one)) for there, one in _firsts(here, act) if one not in path]
    return None


def _firsts(state: CaseState, act: CaseAct) -> Iterator[tuple[CaseState, CaseAct]]:
    for one in RULES[act].first:
        to = RULES[one].to
        if state in RULES[one].at and to is not None:
            yield to, one


def _end(act: CaseAct, facts: Facts) -> CaseState:
    to = RULES[act].to or facts.outcome
    if to is None:
        raise ValueError(f"{act} leads nowhere")
    return to


def _of_proposal(act: CaseAct, facts: Facts) -> RingfenceError | None:
    if not facts.is_proposal:
        return IllegalTransition(
            "There is no proposal here to approve, return, enforce or appeal against.",
            "Record a decision that proposes an action first.",
        )
    if act in _JUDGED and (facts.is_proposer or facts.is_approver):
        return AccessDenied(
            "You decided or approved this, so you cannot judge the appeal against it.",
            "Ask a senior analyst or an approver who had no part in it.",
        )
    if facts.is_proposer and act is not _A.APPEAL:
        return AccessDenied(
            "You proposed this decision, so you cannot approve, return or enforce it.",
            "Ask another person who may.",
        )
    return None


_JUDGED = frozenset({_A.UPHOLD, _A.OVERTURN})


_MEANINGLESS: tuple[
    tuple[Callable[[CaseState, CaseAct, Facts], bool], Callable[[], RingfenceError]], ...
] = (
    (
        lambda _, act, facts: act is _A.DECIDE and facts.outcome not in DECIDED,
        lambda: IllegalTransition(
            "Only a decision leads there.", "Open the case and record a decision."
        ),
    ),
    (
        lambda state, act, facts: act is _A.CLAIM and facts.is_owner and state in OWN,
        lambda: IllegalTransition("This case is yours already.", "Open it."),
    ),
    (
        lambda _, act, facts: act is _A.WAKE and not facts.is_put_off,
        lambda: IllegalTransition("This case was not put off.", "It is among the open ones."),
    ),
    (
        lambda _, act, facts: act is _A.WITHDRAW and not facts.is_proposer,
        lambda: AccessDenied(
            "Somebody else proposed this.",
            "Approve or return it, or record a decision of your own.",
        ),
    ),
)
"""What an act says nothing new by, or is not theirs to say."""


def _out_of_place(state: CaseState, act: CaseAct) -> IllegalTransition:
    if act is _A.DECIDE:
        return IllegalTransition(
            f"A case that is {said(state)} is already decided and being carried out.",
            "Let it close, then record a new decision, which reopens it.",
        )
    places = ", ".join(said(one) for one in CaseState if one in RULES[act].at)
    return IllegalTransition(
        f"A case that is {said(state)} is already decided or waits for somebody else.",
        f"This is done to a case that is {places}.",
    )


APPEALS = frozenset({_A.APPEAL, *_JUDGED})
"""Acts that are done where the appeal itself is recorded or judged, and nowhere else."""
CARRIED_OUT = frozenset(state for state in CaseState if _path(state, _A.DECIDE) is None)
"""States from an approval to its end: nobody decides anew meanwhile."""
