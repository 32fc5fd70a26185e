"""Appeals: who may hand one in until when, who may judge it, and what overturning does.

Whoever decided or approved never judges it, under whatever spelling: a decision that is looked
at by its author is not looked at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Select, func, select

from dashboard.casebook import chain, effects, rows, steps
from dashboard.casebook.lookups import AT_ONCE, excluded
from dashboard.casebook.rules import LONGEST_NOTE, LONGEST_REASON, SHORTEST_NOTE, check_fresh
from dashboard.casebook.schema import appeal_outcomes, appeals, cases, decisions, statements
from dashboard.casebook.statements import statement_from, statements_of
from dashboard.cases.acts import RULES, CaseAct
from dashboard.cases.records import NextStep
from dashboard.cases.redress import Appeal, AppealOutcome, Redress, WaitingAppeal
from dashboard.cases.states import CaseState
from dashboard.errors import AccessDenied, Gap, IllegalTransition, IncompleteDecision, StaleCase
from dashboard.view_models.statement import judge_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, datetime

    from dashboard.access import Viewer
    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Judgement, NewAppeal, Statement

OUTCOMES = {CaseState.UPHELD: CaseAct.UPHOLD, CaseState.OVERTURNED: CaseAct.OVERTURN}


def receive(
    con: Connection, new: NewAppeal, viewer: Viewer, *, today: date, seen_version: int | None
) -> Appeal:
    """Record an appeal on the day `today` of the data, and move its case.

    Raises IllegalTransition where there is nothing to appeal or it was appealed before,
    IncompleteDecision for a text or a day that cannot be, StaleCase, and AccessDenied where it
    is late and `viewer` may not let it in.
    """
    decision = decision_of(con, new.decision_id)
    case = rows.case_of(con, decision.entity_type, decision.entity_id)
    check_fresh(case, seen_version)
    statement = statements_of(con, [decision.decision_id]).get(decision.decision_id)
    if case is None or statement is None or case.state not in RULES[CaseAct.APPEAL].at:
        raise IllegalTransition(
            "There is nothing here to appeal: no action that was told to its subject is in force.",
            "Look at the decisions below; whoever was cleared needs no appeal.",
        )
    _check_first(con, decision)
    _check_new(new, statement, today)
    _check_window(new, statement, viewer)
    at, record = rows.now(), statement.content["record"]
    row = {
        "appeal_id": f"apl_{uuid4().hex[:16]}",
        "decision_id": decision.decision_id,
        "case_id": decision.case_id,
        "text": new.text.strip(),
        "received_on": new.received_on,
        "due_on": new.received_on + timedelta(days=judge_days([record["action"]])),
        "received_by": viewer.name,
        "received_at": at,
    }
    whole = chain.record(con, "appeal", f"case:{decision.case_id}", row)
    steps.take(con, case, NextStep(CaseAct.APPEAL, today), viewer)
    return Appeal(**whole)


def judge(con: Connection, made: Judgement, viewer: Viewer) -> AppealOutcome:
    """Uphold or overturn the decision of an appeal, and move its case.

    Raises IncompleteDecision without a note, AccessDenied for whoever decided or approved it,
    StaleCase where it no longer waits.
    """
    appeal = appeal_of(con, made.appeal_id)
    decision = decision_of(con, appeal.decision_id)
    case = rows.case_of(con, decision.entity_type, decision.entity_id)
    if case is None or case.state != CaseState.APPEALED or _is_judged(con, appeal):
        raise StaleCase("This appeal no longer waits.", "Reload the page to see its outcome.")
    if made.outcome not in OUTCOMES:
        raise IllegalTransition(
            f"An appeal is not judged {made.outcome}.", f"Choose one of {', '.join(OUTCOMES)}."
        )
    steps.check(con, case, OUTCOMES[made.outcome], viewer)
    _check_note(made.note)
    at = rows.now()
    row = {
        "appeal_id": appeal.appeal_id,
        "outcome": made.outcome.value,
        "note": made.note.strip(),
        "data_day": made.data_day,
        "decided_by": viewer.name,
        "decided_at": at,
    }
    whole = chain.record(con, "judge_appeal", f"case:{case.case_id}", row)
    said = NextStep(
        OUTCOMES[made.outcome], made.data_day, reason=made.note.strip()[:LONGEST_REASON]
    )
    steps.take(con, case, said, viewer)
    if made.outcome == CaseState.OVERTURNED:
        effects.reverse(con, decision, viewer.name, at, "The appeal was won.")
    return AppealOutcome(decision_id=decision.decision_id, **whole)


def decision_of(con: Connection, decision_id: str) -> Decision:
    """A decision that stands; raises IllegalTransition where there is none, or a later one."""
    row = con.execute(select(decisions).where(decisions.c.decision_id == decision_id)).mappings()
    found = row.first()
    standing = rows.decisions_of(con, found["entity_type"], found["entity_id"]) if found else []
    if not standing or standing[0].decision_id != decision_id:
        raise IllegalTransition(
            "This decision no longer stands: it was taken back, or another took its place.",
            "Reload the page and look at the last one.",
        )
    return standing[0]


def redress_of(con: Connection, decision_ids: Collection[str]) -> dict[str, Redress]:
    """What was told and answered about some decisions, by id; none of what took nothing."""
    told = statements_of(con, decision_ids)
    handed = {one.decision_id: one for part in _parts(con, appeals, told) for one in part}
    judged = {
        one.appeal_id: one for one in outcomes(con, {each.case_id for each in handed.values()})
    }
    return {
        key: Redress(
            statement, handed.get(key), judged.get(handed[key].appeal_id) if key in handed else None
        )
        for key, statement in told.items()
    }


def _parts(con: Connection, table: Any, ids: Collection[str]) -> Iterator[list[Appeal]]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        query = select(table).where(table.c.decision_id.in_(wanted[start : start + AT_ONCE]))
        yield [Appeal(**row) for row in con.execute(query).mappings()]


def outcomes(
    con: Connection, case_ids: Collection[str] | None = None, since: datetime | None = None
) -> list[AppealOutcome]:
    """What became of appeals, the first first: of some cases or of all, `since` an instant."""
    own = (*appeal_outcomes.c, appeals.c.decision_id)
    query = select(*own).join(appeals, appeals.c.appeal_id == appeal_outcomes.c.appeal_id)
    query = query.order_by(appeal_outcomes.c.audit_seq)
    if since is not None:
        query = query.where(appeal_outcomes.c.decided_at > since)
    if case_ids is not None and len(case_ids) <= AT_ONCE:
        query = query.where(appeals.c.case_id.in_(sorted(case_ids)))
    return [AppealOutcome(**row) for row in con.execute(query).mappings()]


def waiting_count(con: Connection, without: Iterable[str] = ()) -> int:
    """How many appeals nobody has judged, `without` those of some subjects by key."""
    appealed = (cases.c.state == CaseState.APPEALED, *excluded(without))
    query = select(func.count()).select_from(cases).where(*appealed)
    return int(con.execute(query).scalar_one())


def waiting(
    con: Connection, limit: int, offset: int = 0, without: Iterable[str] = ()
) -> list[WaitingAppeal]:
    """A part of the appeals that wait, the first due first; its cost is that of who waits.

    `without` those of some subjects by key.
    """
    return _waiting(con, _waits().where(*excluded(without)).limit(limit).offset(offset))


def _waits() -> Select[Any]:
    """Open appeals by way of the cases that wait: an index on their state answers it."""
    judged = select(appeal_outcomes.c.appeal_id)
    return (
        select(*appeals.c, cases.c.entity_type, cases.c.entity_id)
        .join(cases, cases.c.case_id == appeals.c.case_id)
        .where(cases.c.state == CaseState.APPEALED, appeals.c.appeal_id.not_in(judged))
        .order_by(appeals.c.due_on, appeals.c.appeal_id)
    )


def _waiting(con: Connection, query: Select[Any]) -> list[WaitingAppeal]:
    made = [
        (Appeal(**{name: row[name] for name in Appeal.__dataclass_fields__}), row)
        for row in con.execute(query).mappings().all()
    ]
    told = statements_of(con, {appeal.decision_id for appeal, _ in made})
    return [
        WaitingAppeal(
            appeal,
            row["entity_type"],
            row["entity_id"],
            Redress(told[appeal.decision_id], appeal).is_late,
        )
        for appeal, row in made
    ]


def decision_of_reference(con: Connection, reference: str) -> str | None:
    """The decision that a statement's number belongs to; None where no statement has it."""
    query = select(statements).where(statements.c.statement_id == reference)
    row = con.execute(query).mappings().first()
    return statement_from(row).decision_id if row else None


def _check_first(con: Connection, decision: Decision) -> None:
    query = select(appeals.c.appeal_id).where(appeals.c.decision_id == decision.decision_id)
    if con.execute(query).first() is not None:
        raise IllegalTransition(
            "This decision was appealed before, and the answer is final.",
            "What is new belongs into a new decision, which takes the case up again.",
        )


def _check_new(new: NewAppeal, statement: Statement, today: date) -> None:
    text, told_on = new.text.strip(), str(statement.content["record"]["day"])
    gaps = []
    if not text:
        gaps.append(
            Gap(
                "text", "The appeal has no text.", "Enter what they wrote.", "enter what they wrote"
            )
        )
    if len(text) > LONGEST_NOTE:
        longer = f"The text is longer than {LONGEST_NOTE:,} characters."
        gaps.append(Gap("text", longer, "Shorten it.", "shorten it"))
    if not told_on <= new.received_on.isoformat() <= today.isoformat():
        gaps.append(
            Gap(
                "received",
                f"An appeal against what was told on {told_on} cannot have come on "
                f"{new.received_on}.",
                f"Give a day from {told_on} to {today}.",
                f"from {told_on} to {today}",
            )
        )
    if gaps:
        raise IncompleteDecision(gaps)


def _check_window(new: NewAppeal, statement: Statement, viewer: Viewer) -> None:
    until = str(statement.content["record"]["appeal_until"])
    if new.received_on.isoformat() > until and not viewer.may("appeal"):
        raise AccessDenied(
            f"This appeal came late: its window ended on {until}.",
            "Ask a senior analyst, who may let it in; it is recorded as late.",
        )


def _check_note(note: str) -> None:
    if SHORTEST_NOTE <= len(note.strip()) <= LONGEST_NOTE:
        return
    raise IncompleteDecision(
        [
            Gap(
                "note",
                f"The outcome of an appeal needs a note of {SHORTEST_NOTE} to {LONGEST_NOTE:,} "
                "characters.",
                "Say in a sentence why.",
                f"at least {SHORTEST_NOTE} characters",
            )
        ]
    )


def appeal_of(con: Connection, appeal_id: str) -> Appeal:
    """An appeal by its id; raises StaleCase where there is none."""
    row = con.execute(select(appeals).where(appeals.c.appeal_id == appeal_id)).mappings().first()
    if row is None:
        raise StaleCase("There is no such appeal.", "Reload the page.")
    return Appeal(**row)


def _is_judged(con: Connection, appeal: Appeal) -> bool:
    query = select(appeal_outcomes).where(appeal_outcomes.c.appeal_id == appeal.appeal_id)
    return con.execute(query).first() is not None
