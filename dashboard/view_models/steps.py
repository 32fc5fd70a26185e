"""The acts of a case in the words of their controls, and what was done last in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import text
from dashboard.cases.acts import APPEALS, TEAMS, CaseAct, offered
from dashboard.cases.sla import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dashboard.cases.acts import Facts
    from dashboard.cases.records import Case
    from dashboard.cases.states import CaseState

ACT_LABELS = {
    CaseAct.CLAIM: "Claim",
    CaseAct.ASSIGN: "Hand over to a colleague",
    CaseAct.START: "Start work",
    CaseAct.SNOOZE: "Snooze",
    CaseAct.WAKE: "Back to the open cases",
    CaseAct.ASK: "Ask for information",
    CaseAct.HAND_OVER: "Hand to a team",
    CaseAct.RESUME: "The answer is here",
    CaseAct.WITHDRAW: "Withdraw the proposal",
    CaseAct.APPROVE: "Approve",
    CaseAct.RETURN: "Return",
    CaseAct.ENFORCE: "Carried out",
    CaseAct.APPEAL: "Record an appeal",
    CaseAct.UPHOLD: "Uphold the decision",
    CaseAct.OVERTURN: "Overturn it",
    CaseAct.CLOSE: "Close",
    CaseAct.REOPEN: "Reopen",
}
REASONS = {
    CaseAct.SNOOZE: "What you wait for",
    CaseAct.ASK: "What is asked, and whom",
    CaseAct.HAND_OVER: "What they are to find out",
    CaseAct.RESUME: "What was answered",
    CaseAct.APPROVE: "What you looked at",
    CaseAct.RETURN: "What is missing",
    CaseAct.UPHOLD: "Why the decision stands",
    CaseAct.OVERTURN: "Why it does not stand",
}
"""The label of an act's reason."""


def offered_to_all(each: Iterable[tuple[CaseState, Facts]]) -> tuple[CaseAct, ...]:
    """The acts that are possible with every one of several cases, in the order of the way.

    An appeal is recorded and judged beside its statement of reasons, and not here.
    """
    acts = [set(offered(state, facts)) for state, facts in each]
    here = [act for act in CaseAct if act not in APPEALS]
    return tuple(act for act in here if acts and all(act in own for own in acts))


def where_it_is(case: Case, now: datetime) -> str:
    """Who of whom has a case until when, and why; empty = nothing was said with its last step."""
    reason = text.plain(text.written(case.reason), length=LONGEST_LINE) if case.reason else ""
    due = due_text(case.due_at, now) if case.state in WAITING else ""
    return " · ".join(one for one in (whom_it_is_with(case), due, reason) if one)


LONGEST_LINE = 500
"""Characters of a reason that are shown: all that the casebook takes."""


def whom_it_is_with(case: Case) -> str:
    """The team that has a case, and who of it; empty = no team has."""
    team = TEAMS.get(case.team or "", "")
    return f"{team}, {text.plain(case.contact)}" if team and case.contact else team


def due_text(due: datetime | None, now: datetime) -> str:
    """How long until something is due by the wall's clock, or for how long it is late."""
    if due is None:
        return ""
    minutes = int((due - now).total_seconds() // 60)
    return f"due in {_length(minutes)}" if minutes >= 0 else f"{_length(-minutes)} late"


def _length(minutes: int) -> str:
    hours = minutes // 60
    if hours >= _HOURS_SAID:
        return f"{hours // 24:,} d"
    return f"{hours} h" if hours else f"{minutes} min"


_HOURS_SAID = 48
"""From so many hours on days are said."""


def least_loaded(loads: Mapping[str, int], without: str) -> tuple[str, int] | None:
    """Who has the fewest open cases, by name where several have; None = there is nobody else."""
    others = sorted((count, name) for name, count in loads.items() if name != without)
    return (others[0][1], others[0][0]) if others else None
