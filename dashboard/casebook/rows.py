"""Cases and decisions as rows: how they are read, and the steps that write them.

Every function takes part in the caller's transaction, and what it writes is sealed in it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from dashboard.casebook import chain, snapshots
from dashboard.casebook.chain import Act
from dashboard.casebook.lookups import AT_ONCE, lookups
from dashboard.casebook.schema import appeal_outcomes, appeals, cases, decisions, drafts
from dashboard.cases.acts import decision_steps
from dashboard.cases.records import Case, Decision, DecisionDraft
from dashboard.cases.sla import AT_WORK, Moment, due_at, severities, severity_of
from dashboard.cases.states import CaseState, Verdict, review_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def now() -> datetime:
    """The wall's clock, UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def case_of(con: Connection, entity_type: str, entity_id: str) -> Case | None:
    """The case of an entity, or None when nobody has opened one."""
    row = con.execute(_CASE, {"kind": entity_type, "id": entity_id}).mappings().first()
    return case_from(row) if row else None


def cases_of(con: Connection, keys: Iterable[str]) -> dict[str, Case]:
    """The cases of entities by key (`merchant:mer_1`); of whom nobody opened one there is none."""
    found = (row for query in lookups(keys) for row in con.execute(query).mappings())
    return {case.entity_key: case for case in map(case_from, found)}


_CASE = select(cases).where(
    cases.c.entity_type == bindparam("kind"), cases.c.entity_id == bindparam("id")
)
_NEW_CASE, _NEW_DECISION = insert(cases), insert(decisions)
_CHANGED_CASE = update(cases).where(cases.c.case_id == bindparam("which"))
_RECORDED = select(decisions).where(decisions.c.idempotency_key == bindparam("key"))
"""Made once: of a decision about a thousand, making statements took most of the time."""


def case_from(row: Any) -> Case:
    """A row of `cases` as a case."""
    return Case(**{**row, "state": CaseState(row["state"])})


def decision_from(row: Any) -> Decision:
    """A row of `decisions` as a decision."""
    fields = {name: row[name] for name in Decision.__dataclass_fields__ if name in row}
    fields["verdict"] = Verdict(row["verdict"])
    fields["reason_codes"] = tuple(json.loads(row["reason_codes"]))
    return Decision(**fields)


def recorded(con: Connection, idempotency_key: str) -> Decision | None:
    """The decision that was recorded under a key, if one was."""
    row = con.execute(_RECORDED, {"key": idempotency_key}).mappings().first()
    return decision_from(row) if row else None


def decisions_of(con: Connection, entity_type: str, entity_id: str) -> list[Decision]:
    """Every decision about an entity that was not taken back, latest first."""
    query = (
        select(decisions)
        .where(decisions.c.entity_type == entity_type, decisions.c.entity_id == entity_id)
        .order_by(decisions.c.audit_seq.desc())
    )
    made = [decision_from(row) for row in con.execute(query).mappings()]
    if not made:
        return []
    undone = chain.undone(con, {f"case:{one.case_id}" for one in made})
    return _with_appeals(con, [one for one in made if one.decision_id not in undone])


def decisions_since(
    con: Connection,
    instant: datetime | None = None,
    typology: str | None = None,
    named: Sequence[str] = (),
) -> list[Decision]:
    """Decisions that were not taken back, in the order they were taken; all, or some of them.

    Those `named` by id are there too, however long ago they were taken.
    """
    query = select(decisions)
    if instant is not None:
        since = decisions.c.decided_at > instant
        query = query.where(since | decisions.c.decision_id.in_(named) if named else since)
    if typology is not None:
        query = query.where(decisions.c.typology == typology)
    return _standing(con, query, chain.undone(con))


def decisions_in(con: Connection, case_ids: Select[Any]) -> list[Decision]:
    """Decisions of the cases that a query names, without those taken back, oldest first."""
    subjects = {f"case:{case_id}" for case_id in con.execute(case_ids).scalars()}
    query = select(decisions).where(decisions.c.case_id.in_(case_ids))
    return _standing(con, query, chain.undone(con, subjects))


def decisions_about(con: Connection, case_ids: Collection[str]) -> list[Decision]:
    """Decisions of some cases, without those taken back, oldest first."""
    found: list[Decision] = []
    every = sorted(case_ids)
    for start in range(0, len(every), AT_ONCE):
        part = every[start : start + AT_ONCE]
        query = select(decisions).where(decisions.c.case_id.in_(part))
        found += _standing(con, query, chain.undone(con, {f"case:{one}" for one in part}))
    return sorted(found, key=lambda one: one.audit_seq)


def _standing(con: Connection, query: Select[Any], undone: set[str]) -> list[Decision]:
    rows = con.execute(query.order_by(decisions.c.audit_seq)).mappings()
    made = [decision_from(row) for row in rows]
    return _with_appeals(con, [one for one in made if one.decision_id not in undone])


def _with_appeals(con: Connection, made: list[Decision]) -> list[Decision]:
    """Decisions with the day on which an appeal took each back."""
    query = (
        select(appeals.c.decision_id, appeal_outcomes.c.data_day, appeal_outcomes.c.decided_at)
        .join(appeal_outcomes, appeals.c.appeal_id == appeal_outcomes.c.appeal_id)
        .where(appeal_outcomes.c.outcome == CaseState.OVERTURNED)
    )
    cases_of = {one.case_id for one in made}
    if len(cases_of) <= AT_ONCE:
        query = query.where(appeals.c.case_id.in_(sorted(cases_of)))
    days = {row[0]: row[1] or row[2].date() for row in con.execute(query)} if made else {}
    return [
        replace(one, overturned_on=days[one.decision_id]) if one.decision_id in days else one
        for one in made
    ]


def deciders(con: Connection, decision: Decision) -> list[str]:
    """Who decided, and whoever approved it or carried it out since."""
    moved = chain.answers(con, case_ids=[decision.case_id], states=_CARRIED_OUT)
    later = [one.actor for one in moved if one.audit_seq > decision.audit_seq]
    return [decision.decided_by, *later]


_CARRIED_OUT = (CaseState.APPROVED, CaseState.ENFORCED)


def open_case(con: Connection, entity_type: str, entity_id: str, actor: str) -> Case:
    """A new case of an entity that has none."""
    at = now()
    case = Case(
        f"cas_{uuid4().hex[:16]}", entity_type, entity_id, CaseState.NEW, "", 1, at, at, actor
    )
    con.execute(_NEW_CASE, vars(case))
    chain.append(con, Act(at, actor, "open_case", subject_of(case), None, vars(case)))
    return case


def move_case(
    con: Connection,
    case: Case,
    to: CaseState,
    actor: str,
    *,
    assignee: str | None = None,
    data_day: date | None = None,
    **said: date | datetime | str | None,
) -> Case:
    """The case one step on; `said` are the other columns that the step sets.

    What was said of the step before (a day of review, a team, a reason) ends with this one. When
    the next step is due is by the severity of the case, unless `due_at` is said.
    """
    at = now()
    changed = {
        "state": to,
        "assignee": case.assignee if assignee is None else assignee,
        "data_day": data_day or case.data_day,
        **dict.fromkeys(_OF_ONE_STEP),
        "due_at": _due(con, case, Moment(at, to), said.get("severity") or case.severity),
        **said,
    }
    return change_case(con, case, changed, Act(at, actor, "move_case", "", None, {}))


_OF_ONE_STEP = ("review_on", "team", "contact", "reason")
"""Columns that say something of the step that brought the case where it stands."""


def _due(con: Connection, case: Case, after: Moment, severity: object) -> datetime | None:
    """When the step after `after` is due; a case that nobody weighed has no clock."""
    if severity not in severities():
        return None
    moments = _moments(con, case) if after.state in AT_WORK else []
    return due_at([*moments, after], severities()[str(severity)])


def _moments(con: Connection, case: Case) -> list[Moment]:
    """When the case came into each of its states: the trail has it."""
    moves = (one for one in chain.entries(con, subject_of(case)) if one.action in chain.MOVES)
    return [Moment(one.at, CaseState(json.loads(one.after)["state"])) for one in moves]


def subject_of(case: Case) -> str:
    """What the audit trail calls a case."""
    return f"case:{case.case_id}"


def change_case(con: Connection, case: Case, changed: dict[str, Any], act: Act) -> Case:
    """The case with other columns, a version on, sealed as `act` says who did what and when.

    An act of undoing has the decision that it takes back as its subject.
    """
    stamps = {"version": case.version + 1, "changed_at": act.at, "changed_by": act.actor}
    after = Case(**{**vars(case), **changed, **stamps})
    con.execute(_CHANGED_CASE, {**vars(after), "which": case.case_id})
    before = vars(case) | ({"decision_id": act.subject} if act.action == "undo" else {})
    entry = Act(act.at, act.actor, act.action, subject_of(case), before, vars(after))
    chain.append(con, entry)
    return after


def decide_case(
    con: Connection,
    case: Case,
    draft: DecisionDraft,
    verdict: Verdict,
    actor: str,
    batch_id: str | None = None,
) -> Decision:
    """A decision recorded and its case moved, in this transaction.

    `batch_id` names the decisions that were taken with it.
    """
    before = case
    steps = decision_steps(case.state, verdict, draft.action)
    for step in steps[:-1]:
        case = move_case(con, case, step, actor, assignee=actor, data_day=draft.data_day)
    due = draft.review_on or review_day(verdict, steps[-1], draft.data_day)
    row = _decision_row(draft, case, actor, con) | {"review_on": due, "batch_id": batch_id}
    con.execute(_NEW_DECISION, row)
    subject = subject_of(case)
    chain.append(con, Act(row["decided_at"], actor, "decide", subject, vars(before), row))
    seen = {name: row[name] for name in ("review_on", "alert_typology", "alert_band")}
    if draft.alert_band or draft.alert_typology or not case.severity:
        seen["severity"] = severity_of(draft.alert_typology, draft.alert_band).code
    move_case(con, case, steps[-1], actor, data_day=draft.data_day, **seen)
    forget_draft(con, actor, draft.entity_key)
    return decision_from(row)


def _decision_row(draft: DecisionDraft, case: Case, actor: str, con: Connection) -> dict[str, Any]:
    earlier = decisions_of(con, case.entity_type, case.entity_id)
    said = {name: value for name, value in vars(draft).items() if name != "snapshot"}
    return {
        **said,
        "snapshot_id": snapshots.store(con, draft.snapshot) if draft.snapshot else None,
        "decision_id": f"dec_{uuid4().hex[:16]}",
        "case_id": case.case_id,
        "reason_codes": json.dumps(list(draft.reason_codes)),
        "note": draft.note.strip(),
        "evidence": _listed(draft.evidence),
        "scope": draft.scope or None,
        "confidence": _number(draft.confidence),
        "score": _number(draft.score),
        "decided_by": actor,
        "decided_at": now(),
        "audit_seq": chain.next_seq(con),
        "reopens": earlier[0].decision_id if earlier else None,
    }


def _listed(steps: tuple[str, ...]) -> str | None:
    """What of the playbook was attached, as canonical JSON; None = nothing."""
    return json.dumps(sorted({*steps}), separators=(",", ":")) if steps else None


def _number(value: float | None) -> float | None:
    return None if value is None else chain.finite(float(value))


def forget_draft(con: Connection, actor: str, subject: str) -> None:
    """The form that `actor` left unfinished about `subject` is gone."""
    con.execute(delete(drafts).where(drafts.c.actor == actor, drafts.c.subject == subject))
