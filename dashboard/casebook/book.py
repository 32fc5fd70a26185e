"""The casebook: every write an analyst makes, checked, versioned and audited.

A rule that matters (who may, what a verdict requires, which step is legal, who
changed it meanwhile) is enforced here, in one transaction with its audit entry,
because a page can be bypassed and a database cannot.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update

from dashboard import places
from dashboard.access import Viewer, require
from dashboard.casebook import chain
from dashboard.casebook.chain import Act
from dashboard.casebook.engine import open_engine, reading, writing
from dashboard.casebook.labels import labels_of
from dashboard.casebook.lookups import lookups
from dashboard.casebook.rules import check_approver, check_draft, check_fresh
from dashboard.casebook.schema import cases, decisions, drafts
from dashboard.cases.records import AuditEntry, BrokenLink, Case, Decision, DecisionDraft
from dashboard.cases.states import CaseState, Verdict, check_transition, decision_steps, review_day
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


def open_casebook(url: str | None = None) -> Casebook:
    """The casebook at `url`, or where the environment says; one per process.

    Raises CasebookUnavailable with a sentence and a remedy.
    """
    return _opened(url or places.casebook_url())


@cache
def _opened(url: str) -> Casebook:
    return Casebook(open_engine(url))


class Casebook:
    """Cases, decisions, drafts and the audit trail of one marketplace."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case_of(self, entity_type: str, entity_id: str) -> Case | None:
        """The case of an entity, or None when nobody has opened one."""
        with reading(self._engine) as con:
            return _case_of(con, entity_type, entity_id)

    def move(
        self,
        case: Case,
        to: CaseState,
        *,
        viewer: Viewer,
        assignee: str | None = None,
        data_day: date | None = None,
    ) -> Case:
        """`case` in state `to`, on the day `data_day` of the data.

        Pass the case as the viewer saw it: raises StaleCase when it changed
        since, IllegalTransition when the step is not allowed, AccessDenied when
        the role may not, or when the proposer approves their own proposal.
        """
        require(viewer, "approve" if to in _NEEDS_APPROVER else "decide")
        with writing(self._engine) as con:
            chain.lock(con)
            check_fresh(_reload(con, case), case.version)
            check_transition(case.state, to)
            if to in _NEEDS_APPROVER:
                check_approver(_decisions(con, case.entity_type, case.entity_id), viewer)
            return _move(con, case, to, viewer.name, assignee=assignee, data_day=data_day)

    def decide(
        self, draft: DecisionDraft, *, viewer: Viewer, seen_version: int | None = None
    ) -> Decision:
        """Record a decision and move its case, in one transaction.

        `seen_version` is the case's version the viewer saw (0 = no case yet);
        None skips that check. The same `idempotency_key` returns the decision
        already recorded. Raises IncompleteDecision, StaleCase,
        IllegalTransition or AccessDenied; then nothing is written.
        """
        require(viewer, "decide")
        verdict = check_draft(draft)
        with writing(self._engine) as con:
            chain.lock(con)
            if recorded := _recorded(con, draft.idempotency_key):
                return recorded
            case = _case_of(con, draft.entity_type, draft.entity_id)
            check_fresh(case, seen_version)
            case = case or _open(con, draft.entity_type, draft.entity_id, viewer.name)
            return _decide(con, case, draft, verdict, viewer.name)

    def decisions(self, entity_type: str, entity_id: str) -> list[Decision]:
        """Every decision about an entity, latest first."""
        with reading(self._engine) as con:
            return _decisions(con, entity_type, entity_id)

    def has_decided(self, name: str) -> bool:
        """Whether this person has ever recorded a decision."""
        query = select(decisions.c.decision_id).where(decisions.c.decided_by == name).limit(1)
        with reading(self._engine) as con:
            return con.execute(query).first() is not None

    def new_patterns(self) -> list[Decision]:
        """Every decision about what no pack describes yet, latest first."""
        query = select(decisions).where(decisions.c.typology == NEW_PATTERN)
        with reading(self._engine) as con:
            rows = con.execute(query.order_by(decisions.c.audit_seq.desc())).mappings()
            return [_decision(row) for row in rows]

    def history(self, entity_type: str, entity_id: str) -> list[AuditEntry]:
        """The audit entries of an entity's case and decisions, oldest first."""
        with reading(self._engine) as con:
            case = _case_of(con, entity_type, entity_id)
            return chain.entries(con, f"case:{case.case_id}") if case else []

    def cases(self) -> dict[str, Case]:
        """Every case ever opened, by entity key: for exports and tests, no page reads so much."""
        return self._cases([select(cases)])

    def cases_of(self, keys: Iterable[str]) -> dict[str, Case]:
        """The cases of some entities by key; its cost is that of the keys, not of the book."""
        return self._cases(lookups(keys))

    def decisions_of(self, keys: Iterable[str]) -> dict[str, list[Decision]]:
        """The decisions about some entities by key, oldest first; who has none is left out."""
        made: dict[str, list[Decision]] = {}
        with reading(self._engine) as con:
            for query in lookups(keys):
                own = decisions.c.case_id.in_(query.with_only_columns(cases.c.case_id))
                rows = con.execute(select(decisions).where(own).order_by(decisions.c.audit_seq))
                for decision in map(_decision, rows.mappings()):
                    key = f"{decision.entity_type}:{decision.entity_id}"
                    made.setdefault(key, []).append(decision)
        return made

    def cases_in(self, states: Iterable[CaseState]) -> dict[str, Case]:
        """The cases in some states, by entity key."""
        return self._cases([select(cases).where(cases.c.state.in_([*states]))])

    def head(self) -> str:
        """The seal of the last entry of the audit trail: another one after every write."""
        with reading(self._engine) as con:
            return chain.head(con)

    def _cases(self, queries: Iterable[Select[Any]]) -> dict[str, Case]:
        with reading(self._engine) as con:
            rows = [_case(row) for query in queries for row in con.execute(query).mappings()]
        return {case.entity_key: case for case in rows}

    def save_draft(self, subject: str, content: dict[str, Any], *, viewer: Viewer) -> None:
        """Keep an unfinished form of this viewer; `subject` is e.g. an entity key."""
        require(viewer, "decide")
        row = {"actor": viewer.name, "subject": subject}
        saved = {"content": json.dumps(content, default=str), "saved_at": _now()}
        with writing(self._engine) as con:
            _forget_draft(con, viewer.name, subject)
            con.execute(insert(drafts).values(**row, **saved))

    def drop_draft(self, subject: str, *, viewer: Viewer) -> None:
        """Forget what this viewer left unfinished about `subject`."""
        if self.draft(subject, viewer=viewer) is not None:
            with writing(self._engine) as con:
                _forget_draft(con, viewer.name, subject)

    def draft(self, subject: str, *, viewer: Viewer) -> dict[str, Any] | None:
        """What this viewer left unfinished about `subject`, or None."""
        query = select(drafts.c.content).where(
            drafts.c.actor == viewer.name, drafts.c.subject == subject
        )
        with reading(self._engine) as con:
            content = con.execute(query).scalar()
        return json.loads(content) if content else None

    def verify(self) -> BrokenLink | None:
        """None when the whole trail holds; else the first place where it does not."""
        with reading(self._engine) as con:
            return chain.first_broken(con)

    def labels_frame(self, *, as_judged: bool = False) -> pl.DataFrame:
        """Decisions as rows of raw.labels (source `casebook`) for the next build.

        `as_judged` lets them count from the snapshot they judged.
        """
        query = select(decisions).order_by(decisions.c.audit_seq)
        with reading(self._engine) as con:
            made = [_decision(row) for row in con.execute(query).mappings()]
            return labels_of(made, chain.answers(con), as_judged=as_judged)

    def findings_since(self, instant: datetime) -> pl.DataFrame:
        """The labels of decisions taken after `instant` (UTC), the last of each subject.

        Columns of `labels_frame`: what the next build learns that the last one could not.
        """
        query = select(decisions).where(decisions.c.decided_at > instant)
        with reading(self._engine) as con:
            rows = con.execute(query.order_by(decisions.c.audit_seq)).mappings()
            labels = labels_of([_decision(row) for row in rows], chain.answers(con, instant))
        return labels.unique(("entity_type", "entity_id"), keep="last", maintain_order=True)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


_NEEDS_APPROVER = frozenset({CaseState.APPROVED, CaseState.RETURNED, CaseState.ENFORCED})


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _case_of(con: Connection, entity_type: str, entity_id: str) -> Case | None:
    query = select(cases).where(cases.c.entity_type == entity_type, cases.c.entity_id == entity_id)
    row = con.execute(query).mappings().first()
    return _case(row) if row else None


def _reload(con: Connection, case: Case) -> Case | None:
    return _case_of(con, case.entity_type, case.entity_id)


def _case(row: Any) -> Case:
    return Case(**{**row, "state": CaseState(row["state"])})


def _decision(row: Any) -> Decision:
    fields = {name: row[name] for name in Decision.__dataclass_fields__}
    fields["verdict"] = Verdict(row["verdict"])
    fields["reason_codes"] = tuple(json.loads(row["reason_codes"]))
    return Decision(**fields)


def _recorded(con: Connection, idempotency_key: str) -> Decision | None:
    query = select(decisions).where(decisions.c.idempotency_key == idempotency_key)
    row = con.execute(query).mappings().first()
    return _decision(row) if row else None


def _decisions(con: Connection, entity_type: str, entity_id: str) -> list[Decision]:
    query = (
        select(decisions)
        .where(decisions.c.entity_type == entity_type, decisions.c.entity_id == entity_id)
        .order_by(decisions.c.audit_seq.desc())
    )
    return [_decision(row) for row in con.execute(query).mappings()]


def _open(con: Connection, entity_type: str, entity_id: str, actor: str) -> Case:
    now = _now()
    case = Case(
        f"cas_{uuid4().hex[:16]}", entity_type, entity_id, CaseState.NEW, "", 1, now, now, actor
    )
    con.execute(insert(cases).values(**vars(case)))
    chain.append(con, Act(now, actor, "open_case", f"case:{case.case_id}", None, vars(case)))
    return case


def _move(
    con: Connection,
    case: Case,
    to: CaseState,
    actor: str,
    *,
    assignee: str | None = None,
    data_day: date | None = None,
    **seen: date | str | None,
) -> Case:
    """The case one step on; `seen` are the columns that a decision sets.

    They are its alert and its day of review, which ends with whatever comes next.
    """
    now = _now()
    changed = {
        "state": to,
        "assignee": case.assignee if assignee is None else assignee,
        "version": case.version + 1,
        "changed_at": now,
        "changed_by": actor,
        "data_day": data_day or case.data_day,
        "review_on": None,
        **seen,
    }
    moved = Case(**{**vars(case), **changed})
    con.execute(update(cases).where(cases.c.case_id == case.case_id).values(**changed))
    subject = f"case:{case.case_id}"
    chain.append(con, Act(now, actor, "move_case", subject, vars(case), vars(moved)))
    return moved


def _decide(
    con: Connection, case: Case, draft: DecisionDraft, verdict: Verdict, actor: str
) -> Decision:
    steps = decision_steps(case.state, verdict, draft.action)
    for step in steps[:-1]:
        case = _move(con, case, step, actor, assignee=actor, data_day=draft.data_day)
    due = draft.review_on or review_day(verdict, steps[-1], draft.data_day)
    row = _decision_row(draft, case, actor, con) | {"review_on": due}
    con.execute(insert(decisions).values(**row))
    subject = f"case:{case.case_id}"
    chain.append(con, Act(row["decided_at"], actor, "decide", subject, None, row))
    seen = {name: row[name] for name in ("review_on", "alert_typology", "alert_band")}
    _move(con, case, steps[-1], actor, data_day=draft.data_day, **seen)
    _forget_draft(con, actor, f"{draft.entity_type}:{draft.entity_id}")
    return _decision(row)


def _decision_row(draft: DecisionDraft, case: Case, actor: str, con: Connection) -> dict[str, Any]:
    earlier = _decisions(con, case.entity_type, case.entity_id)
    return {
        **vars(draft),
        "decision_id": f"dec_{uuid4().hex[:16]}",
        "case_id": case.case_id,
        "reason_codes": json.dumps(list(draft.reason_codes)),
        "note": draft.note.strip(),
        "confidence": _number(draft.confidence),
        "score": _number(draft.score),
        "decided_by": actor,
        "decided_at": _now(),
        "audit_seq": chain.next_seq(con),
        "reopens": earlier[0].decision_id if earlier else None,
    }


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _forget_draft(con: Connection, actor: str, subject: str) -> None:
    con.execute(delete(drafts).where(drafts.c.actor == actor, drafts.c.subject == subject))
