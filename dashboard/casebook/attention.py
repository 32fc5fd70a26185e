"""What decisions and answers to proposals took, as rows: written with the act itself."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from dashboard.access import is_same_person
from dashboard.casebook import chain, rows
from dashboard.casebook.lookups import AT_ONCE
from dashboard.casebook.schema import decision_times, decisions
from dashboard.cases.attention import ANSWER, DECIDE, Approval, DecisionTime, Spent
from dashboard.cases.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.access import Viewer
    from dashboard.cases.records import Answer, Case, Decision

_MOST_PANELS = 40


def record(
    con: Connection, made: Sequence[Decision], spent: Spent, actor: str, act: str = DECIDE
) -> None:
    """Write what these took, each its part; what was written before stays as it is."""
    own = spent.shared(len(made))
    keys = [_key(act, one.decision_id) for one in made]
    query = select(decision_times.c.time_id).where(decision_times.c.time_id.in_(keys))
    written = set(con.execute(query).scalars())
    for key, one in zip(keys, made, strict=True):
        if key not in written:
            row = {
                "time_id": key,
                "decision_id": one.decision_id,
                "act": act,
                "actor": actor,
                "seconds": own.seconds,
                "panels": json.dumps(list(own.panels[:_MOST_PANELS])),
                "first_verdict": own.first_verdict,
                "decided_at": rows.now(),
            }
            con.execute(insert(decision_times).values(**row))


def _key(act: str, decision_id: str) -> str:
    return f"{act}:{decision_id}"


def times(con: Connection, viewer: Viewer) -> list[DecisionTime]:
    """What decisions took, in their order: one's own, or all for whoever reads how people review.

    Whoever gives work out reads them without names: speed is no measure of a person.
    """
    query = select(decision_times, decisions).join(
        decisions, decision_times.c.decision_id == decisions.c.decision_id
    )
    query = query.where(decision_times.c.act == DECIDE).order_by(decision_times.c.decided_at)
    undone = chain.undone(con)
    read = [
        row for row in con.execute(query).mappings() if row[decisions.c.decision_id] not in undone
    ]
    names = sorted({row[decision_times.c.actor] for row in read})
    random.shuffle(names)
    numbers = {name: number for number, name in enumerate(names)}
    found = [_time(row, numbers[row[decision_times.c.actor]]) for row in read]
    if not viewer.may("quality"):
        return [one for one in found if is_same_person(one.actor, viewer.name)]
    is_named = sees_people(viewer)
    return [
        one if is_named or is_same_person(one.actor, viewer.name) else replace(one, actor="")
        for one in found
    ]


def sees_people(viewer: Viewer) -> bool:
    """Whether somebody reads by person how fast others decide: not who gives them work."""
    return viewer.may("quality") and not viewer.may("assign")


def _time(row: Mapping[Any, Any], person: int) -> DecisionTime:
    own, made = decision_times.c, decisions.c
    spent = Spent(row[own.seconds], tuple(json.loads(row[own.panels])), row[own.first_verdict])
    return DecisionTime(
        spent=spent,
        actor=row[own.actor],
        person=person,
        at=row[own.decided_at],
        entity_type=row[made.entity_type],
        entity_id=row[made.entity_id],
        typology=row[made.typology],
        band=row[made.alert_band] or "",
        verdict=row[made.verdict],
        data_day=row[made.data_day],
    )


MOST_ANSWERS = 2_000
"""Answers to proposals that are weighed: half a year of forty approvers (assumption)."""


def approvals(con: Connection) -> list[Approval]:
    """The last answers to proposals, in their order, with what each took.

    The trail says who answered what; the time beside it is that of whoever opened the subject.
    """
    answers = chain.answers(con, latest=MOST_ANSWERS)
    made: dict[str, list[Decision]] = {}
    for one in rows.decisions_about(con, {one.case_id for one in answers}):
        made.setdefault(one.case_id, []).append(one)
    spent = _spent_on_answers(con, [one.decision_id for each in made.values() for one in each])
    found = []
    for answer in answers:
        before = [one for one in made.get(answer.case_id, ()) if one.audit_seq < answer.audit_seq]
        if before:
            found.append(_approval(answer, before[-1], spent))
    return found


def _approval(answer: Answer, decision: Decision, spent: Mapping[str, Spent]) -> Approval:
    text = f"{decision.note} {' '.join(decision.reason_codes)}"
    return Approval(
        approver=answer.actor,
        entity_key=decision.entity_key,
        is_approved=answer.state == CaseState.APPROVED,
        at=answer.at,
        words=len(text.split()),
        spent=spent.get(decision.decision_id),
    )


def _spent_on_answers(con: Connection, ids: Sequence[str]) -> dict[str, Spent]:
    found: dict[str, Spent] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        query = select(decision_times).where(
            decision_times.c.act == ANSWER, decision_times.c.decision_id.in_(part)
        )
        for row in con.execute(query).mappings():
            found[row["decision_id"]] = Spent(row["seconds"], tuple(json.loads(row["panels"])))
    return found


def record_answer(con: Connection, case: Case, spent: Spent | None, actor: str) -> None:
    """Write what an answer took, where `case` was just answered and that was measured."""
    if spent and case.state in chain.ANSWERED and (about := _answered(con, case.case_id)):
        record(con, [about], spent, actor, ANSWER)


def _answered(con: Connection, case_id: str) -> Decision | None:
    """The last decision of a case that was not taken back: what an answer is about."""
    query = select(decisions).where(decisions.c.case_id == case_id)
    found = con.execute(query.order_by(decisions.c.audit_seq.desc())).mappings()
    undone = chain.undone(con, {f"case:{case_id}"})
    made = (rows.decision_from(row) for row in found if row["decision_id"] not in undone)
    return next(made, None)
