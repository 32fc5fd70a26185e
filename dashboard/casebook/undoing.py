"""Taking a decision back: within minutes, by whoever took it, as long as nothing followed.

An undone decision stays in the trail and was never said: it teaches nothing, and its case
stands as it stood before.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from dashboard.access import is_same_person
from dashboard.casebook import chain, effects
from dashboard.casebook.chain import Act
from dashboard.casebook.rows import case_of, change_case, now
from dashboard.casebook.schema import audit
from dashboard.cases.states import CaseState
from dashboard.errors import AccessDenied, IllegalTransition, StaleCase

if TYPE_CHECKING:
    from dashboard.access import Viewer
    from dashboard.cases.records import Case, Decision

UNDO_MINUTES = 15
"""As long as a slip is noticed and before anybody has acted on it (assumption)."""


def undo(con: Connection, decision: Decision, viewer: Viewer) -> Case:
    """The case of a decision as it stood before it; raises with a sentence where it cannot."""
    if not is_same_person(decision.decided_by, viewer.name):
        raise AccessDenied(
            f"This decision was taken by {decision.decided_by}.", "Only they can take it back."
        )
    if now() - decision.decided_at > timedelta(minutes=UNDO_MINUTES):
        raise IllegalTransition(
            f"This decision is older than {UNDO_MINUTES} minutes.",
            "Record a new decision, which takes it up again.",
        )
    case = case_of(con, decision.entity_type, decision.entity_id)
    before = _before(con, decision)
    if case is None or before is None or _last_seq(con, case) != decision.audit_seq + 1:
        raise StaleCase(
            "Something was done in this case since the decision.",
            "Reload the page and record a new decision.",
        )
    effects.reverse(con, decision, viewer.name, now(), "The decision was taken back.")
    act = Act(now(), viewer.name, "undo", decision.decision_id, None, {})
    return change_case(con, case, before, act)


def _before(con: Connection, decision: Decision) -> dict[str, Any] | None:
    """The columns of the case as the decision met it; None where the trail does not say."""
    query = select(audit.c.before).where(audit.c.seq == decision.audit_seq)
    text = con.execute(query).scalar()
    if not text:
        return None
    kept = json.loads(text)
    days = {name: _day(kept.get(name)) for name in ("data_day", "review_on")}
    due = kept.get("due_at")
    same = {name: kept.get(name) for name in _AS_IT_WAS}
    return {
        "state": CaseState(kept["state"]),
        **same,
        **days,
        "due_at": datetime.fromisoformat(due) if due else None,
    }


_AS_IT_WAS = (
    *("assignee", "alert_typology", "alert_band", "team", "contact", "severity", "reason"),
)
"""Columns of text that a decision changes."""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _last_seq(con: Connection, case: Case) -> int:
    """The last that happened in a case; what was asked of the platform, and told, came with it."""
    acts = chain.entries(con, f"case:{case.case_id}")
    return [one for one in acts if one.action not in _CAME_WITH_IT][-1].seq


_CAME_WITH_IT = ("set_effect", "state_reasons")
