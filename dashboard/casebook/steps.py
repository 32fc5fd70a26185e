"""Taking a step with a case: the act is weighed, says what it has to, and is written.

Every step but a decision goes through `take`, whatever page or command asks for it. It takes part
in the caller's transaction, so that whoever writes more with a step writes all of it or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from dashboard.access import Viewer, is_same_person, permissions, require
from dashboard.casebook import effects, rows
from dashboard.casebook.rules import check_approval, check_fresh, check_step
from dashboard.casebook.schema import cases, decisions, presence
from dashboard.cases.acts import (
    OWN,
    RULES,
    CaseAct,
    Facts,
    acts_between,
    permission_for,
    refusal,
    way,
)
from dashboard.cases.sla import AT_WORK, WAITING, severity_of
from dashboard.cases.states import ADVERSE, CaseState
from dashboard.errors import Gap, IncompleteDecision
from dashboard.people.directory import people
from queries.vocabulary import is_enforcement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dashboard.cases.acts import Rule
    from dashboard.cases.records import Case, Decision, NextStep, SeenAlert


def facts_of(
    case: Case, made: Sequence[Decision], viewer: Viewer, deciders: Iterable[str] = ()
) -> Facts:
    """What an act of `viewer` depends on.

    `made` are the decisions of the case, latest first, `deciders` those who have a part in the
    last one: none of them judges an appeal against it.
    """
    last = made[0] if made else None
    return Facts(
        may=_may(viewer),
        is_owner=bool(case.assignee) and is_same_person(case.assignee, viewer.name),
        is_proposer=last is not None and is_same_person(last.decided_by, viewer.name),
        is_proposal=last is not None and last.verdict in ADVERSE and is_enforcement(last.action),
        is_approver=any(is_same_person(name, viewer.name) for name in deciders),
        is_put_off=case.review_on is not None,
    )


def _may(viewer: Viewer) -> frozenset[str]:
    return frozenset(one for one in permissions() if viewer.may(one))


def take(
    con: Connection, case: Case, step: NextStep, viewer: Viewer, alert: SeenAlert | None = None
) -> Case:
    """`case` after the step; `alert` is what whoever takes it was looking at.

    Raises IllegalTransition where the case does not stand so, AccessDenied where somebody else
    has to do it, IncompleteDecision for what the step does not say.
    """
    rule = RULES[step.act]
    made = rows.decisions_of(con, case.entity_type, case.entity_id) if _is_of_proposal(step) else []
    deciders = rows.deciders(con, made[0]) if CaseState.APPEALED in rule.at and made else ()
    facts = facts_of(case, made, viewer, deciders)
    require(viewer, permission_for(step.act, facts))
    *before, last = way(case.state, step.act, facts)
    check_step(step)
    if step.act is CaseAct.APPROVE:
        check_approval(made[0].action, step.reason)
    if "colleague" in rule.fields:
        _check_colleague(con, step)
    for state in before:
        case = rows.move_case(con, case, state, viewer.name, data_day=step.data_day)
    said = {
        "review_on": step.review_on,
        "reason": step.reason.strip() or None,
        "team": step.team or None,
        "contact": step.contact.strip() or None,
        **({"due_at": step.due_at} if step.due_at else {}),
        **_seen(rule, alert),
    }
    who = _assignee(case, step, viewer, made)
    after = rows.move_case(
        con, case, last, viewer.name, assignee=who, data_day=step.data_day, **said
    )
    effects.follow_step(con, after, made, viewer.name)
    return after


def check(con: Connection, case: Case, act: CaseAct, viewer: Viewer) -> None:
    """Raise IllegalTransition or AccessDenied where `act` is no next step for `viewer`."""
    weighed = _weighed(con, case, viewer)
    if problem := refusal(weighed.state, act, weighed.facts):
        raise problem


def step_on(
    con: Connection,
    alert: SeenAlert,
    step: NextStep,
    viewer: Viewer,
    seen_versions: Mapping[str, int],
) -> Case:
    """The case of an alert after the step; one that nobody has is opened for it."""
    who = alert.entity_key.partition(":")[::2]
    case = rows.case_of(con, *who)
    check_fresh(case, seen_versions.get(alert.entity_key))
    if case and step.act is CaseAct.CLAIM and is_at_it(case, viewer):
        return case
    case = case or rows.open_case(con, *who, viewer.name)
    return take(con, case, step, viewer, alert)


def is_at_it(case: Case, viewer: Viewer) -> bool:
    """Whether a case is the viewer's and they work on it: there is nothing to claim."""
    return case.state in OWN and is_same_person(case.assignee, viewer.name)


def step_to(case: Case, to: CaseState, step: NextStep, viewer: Viewer) -> NextStep:
    """The step whose act makes `case` what `to` says; raises IllegalTransition for none.

    Where two acts lead there, whom it is given to says which is meant.
    """
    acts = acts_between(case.state, to)
    is_for_another = step.assignee and not is_same_person(step.assignee, viewer.name)
    act = CaseAct.ASSIGN if to is CaseState.ASSIGNED and is_for_another else acts[0]
    return replace(step, act=act)


def colleagues(con: Connection) -> list[str]:
    """Everybody a case can be given to, by name.

    Whoever ever opened a subject or had a case, and who of the file of people may decide.
    """
    queries = (select(presence.c.actor), select(cases.c.assignee), select(cases.c.changed_by))
    names = {name for query in queries for name in con.execute(query.distinct()).scalars()}
    listed = people()
    every = [Viewer(one.name, one.role) for one in (listed.people if listed else [])]
    return sorted(names - {""} | {one.name for one in every if one.may("decide")})


def _check_colleague(con: Connection, step: NextStep) -> None:
    """A case that is given to a name nobody has is lost from sight."""
    if not any(is_same_person(step.assignee or "", one) for one in colleagues(con)):
        raise IncompleteDecision(
            [
                Gap(
                    "colleague",
                    f"Nobody called {step.assignee} has worked here yet.",
                    "Choose somebody from the list; a new colleague opens any case first.",
                    "choose from the list",
                )
            ]
        )


def _is_of_proposal(step: NextStep) -> bool:
    return RULES[step.act].answers_proposal or step.act in {CaseAct.APPEAL, CaseAct.WITHDRAW}


def _assignee(case: Case, step: NextStep, viewer: Viewer, made: Sequence[Decision]) -> str | None:
    """Whose the case is after the step; None = whose it was."""
    if step.act is CaseAct.RETURN and made:
        return made[0].decided_by
    is_taken = step.act is CaseAct.CLAIM or (step.act is CaseAct.START and not case.assignee)
    return viewer.name if is_taken else step.assignee


def _seen(rule: Rule, alert: SeenAlert | None) -> dict[str, str | None]:
    """What the case keeps of the alert that an analyst saw, and how severe that makes it.

    Whoever answers a decision answers what its author saw.
    """
    if alert is None or rule.answers_proposal or rule.to not in AT_WORK | WAITING:
        return {}
    return {
        "alert_typology": alert.typology,
        "alert_band": alert.band,
        "severity": severity_of(alert.typology, alert.band).code,
    }


@dataclass(frozen=True)
class Weighed:
    """A case as it stands for a viewer; `case` None = nobody opened one."""

    case: Case | None
    facts: Facts

    @property
    def state(self) -> CaseState:
        """Where it stands."""
        return self.case.state if self.case else CaseState.NEW

    @property
    def version(self) -> int:
        """Its version; 0 = there is none yet."""
        return self.case.version if self.case else 0


def weigh(con: Connection, keys: Iterable[str], viewer: Viewer) -> dict[str, Weighed]:
    """How the cases of some subjects stand for `viewer`, by key: what is offered follows."""
    found = rows.cases_of(con, keys)
    return {key: _weighed(con, found.get(key), viewer) for key in keys}


def _weighed(con: Connection, case: Case | None, viewer: Viewer) -> Weighed:
    if case is None:
        return Weighed(None, Facts(_may(viewer)))
    is_answered = case.state in _ANSWERED
    made = rows.decisions_of(con, case.entity_type, case.entity_id) if is_answered else []
    deciders = rows.deciders(con, made[0]) if case.state is CaseState.APPEALED and made else ()
    return Weighed(case, facts_of(case, made, viewer, deciders))


_ANSWERED = frozenset().union(
    *(RULES[act].at for act in CaseAct if RULES[act].answers_proposal),
    *(RULES[act].at for act in (CaseAct.APPEAL, CaseAct.WITHDRAW)),
)
"""States in which it matters who proposed what."""


def open_counts(con: Connection) -> dict[str, int]:
    """How many open cases each analyst has, by name: whoever decided or has a case, none too."""
    names = con.execute(select(decisions.c.decided_by).distinct()).scalars()
    owners = select(cases.c.assignee, func.count()).where(
        cases.c.state.in_(sorted(AT_WORK | WAITING)), cases.c.assignee != ""
    )
    counted = con.execute(owners.group_by(cases.c.assignee)).all()
    return dict.fromkeys(names, 0) | {name: int(count) for name, count in counted}
