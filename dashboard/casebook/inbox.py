"""The inboxes: which cases wait for somebody, as queries that cost the page they fill.

Every one is sorted by when its next step is due, and counted by the same conditions that list it,
so that no count says another number than its list. Cases of which somebody is the proposer are not
among those they may answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, not_, select

from dashboard.casebook import rows
from dashboard.casebook.held_back import held_back
from dashboard.casebook.lookups import excluded
from dashboard.casebook.schema import appeals, audit, cases, decisions
from dashboard.cases.sla import AT_WORK
from dashboard.cases.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Viewer
    from dashboard.cases.records import Case


class Box(StrEnum):
    """An inbox."""

    MINE = "mine"
    HANDED = "handed"
    RETURNED = "returned"
    APPROVE = "approve"
    ASKED = "asked"
    TEAMS = "teams"
    APPEALS = "appeals"
    WORK = "work"


@dataclass(frozen=True)
class Slice:
    """A part of an inbox: of one state (None = all), from `offset` on."""

    box: Box
    state: CaseState | None
    limit: int
    offset: int = 0


def boxes_of(viewer: Viewer) -> tuple[Box, ...]:
    """The inboxes that a role has, in the order in which one looks into them."""
    return tuple(box for box, permission in _PERMISSIONS.items() if viewer.may(permission))


def counts(con: Connection, box: Box, viewer: Viewer) -> dict[CaseState, int]:
    """How many cases of each state are in an inbox."""
    query = select(cases.c.state, func.count()).where(*_in(con, box, viewer))
    query = query.group_by(cases.c.state)
    return {CaseState(state): int(count) for state, count in con.execute(query)}


def page(con: Connection, part: Slice, viewer: Viewer) -> list[Case]:
    """Some cases of an inbox, the earliest due first."""
    query = _ordered(con, select(cases), part, viewer).limit(part.limit).offset(part.offset)
    return [rows.case_from(row) for row in con.execute(query).mappings()]


def keys(con: Connection, part: Slice, viewer: Viewer) -> list[tuple[str, CaseState]]:
    """Key and state of every case of an inbox: for whoever sees some markets only."""
    columns = (cases.c.entity_type, cases.c.entity_id, cases.c.state)
    query = _ordered(con, select(*columns), part, viewer)
    return [(f"{kind}:{own}", CaseState(state)) for kind, own, state in con.execute(query)]


def _ordered(con: Connection, query: Select[Any], part: Slice, viewer: Viewer) -> Select[Any]:
    due = _judged_by() if part.box is Box.APPEALS else cases.c.due_at
    query = query.where(*_in(con, part.box, viewer))
    if part.state is not None:
        query = query.where(cases.c.state == part.state)
    return query.order_by(due.is_(None), due, cases.c.opened_at, cases.c.case_id)


def _judged_by() -> ColumnElement[Any]:
    """The day by which the appeal of a case is to be judged: of these the case has no clock."""
    last = select(func.max(appeals.c.due_on)).where(appeals.c.case_id == cases.c.case_id)
    return last.scalar_subquery()


def _in(con: Connection, box: Box, viewer: Viewer) -> list[ColumnElement[bool]]:
    """What is in an inbox; nobody whose standing is held back from the viewer."""
    return [_CONDITIONS[box](viewer), *excluded(held_back(con, viewer))]


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """The casebook keeps names in one spelling; in which case they are typed says nothing."""
    return func.lower(cases.c.assignee) == viewer.name.lower()


def _handed(viewer: Viewer) -> ColumnElement[bool]:
    is_other = func.lower(cases.c.changed_by) != viewer.name.lower()
    return and_(cases.c.state == CaseState.ASSIGNED, _mine(viewer), is_other)


def _answerable(*states: CaseState) -> Callable[[Viewer], ColumnElement[bool]]:
    """Cases in these states whose last decision that stands is another's."""
    later = decisions.alias()
    taken_back = select(audit.c.seq).where(
        audit.c.action == "undo",
        audit.c.subject == literal("case:") + later.c.case_id,
        audit.c.before.contains(later.c.decision_id),
    )
    last = (
        select(func.max(later.c.audit_seq))
        .where(later.c.case_id == cases.c.case_id, not_(taken_back.exists()))
        .scalar_subquery()
    )
    own = select(decisions.c.decision_id).where(
        decisions.c.case_id == cases.c.case_id, decisions.c.audit_seq == last
    )
    return lambda viewer: and_(
        cases.c.state.in_(states),
        not_(own.where(func.lower(decisions.c.decided_by) == viewer.name.lower()).exists()),
    )


def _outside(state: CaseState) -> Callable[[Viewer], ColumnElement[bool]]:
    """Cases that somebody outside has: one's own, or everybody's for whoever may assign."""
    here = cases.c.state == state
    return lambda viewer: here if viewer.may("assign") else and_(here, _mine(viewer))


_CONDITIONS: dict[Box, Callable[[Viewer], ColumnElement[bool]]] = {
    Box.MINE: lambda viewer: and_(
        cases.c.state.in_(sorted(AT_WORK - {CaseState.RETURNED})), _mine(viewer)
    ),
    Box.HANDED: _handed,
    Box.RETURNED: lambda viewer: and_(cases.c.state == CaseState.RETURNED, _mine(viewer)),
    Box.APPROVE: _answerable(CaseState.PROPOSED, CaseState.APPROVED),
    Box.ASKED: _outside(CaseState.PENDING_INFO),
    Box.TEAMS: _outside(CaseState.HANDED_OVER),
    Box.APPEALS: _answerable(CaseState.APPEALED),
    Box.WORK: lambda _: and_(cases.c.state.in_(sorted(AT_WORK)), cases.c.assignee != ""),
}
_PERMISSIONS = {
    Box.APPROVE: "approve",
    Box.MINE: "decide",
    Box.HANDED: "decide",
    Box.RETURNED: "decide",
    Box.ASKED: "view",
    Box.TEAMS: "view",
    Box.APPEALS: "appeal",
    Box.WORK: "assign",
}
