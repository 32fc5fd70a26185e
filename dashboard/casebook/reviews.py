"""Second reviews as rows: drawing tasks, handing them out, and taking the second word.

A task never goes to whoever decided or approved what it is about, however they spell their name;
what was decided is read only after the reviewer's own word is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, select

from dashboard.access import is_same_person
from dashboard.casebook import chain, rows
from dashboard.casebook.rules import SHORTEST_NOTE
from dashboard.casebook.schema import decisions, review_tasks, second_reviews
from dashboard.cases.reviews import Reviewed, ReviewTask, SecondVerdict, SureCase
from dashboard.cases.states import ADVERSE, Verdict
from dashboard.errors import AccessDenied, Gap, IllegalTransition, IncompleteDecision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from dashboard.access import Viewer
    from dashboard.cases.records import Decision


def drawn_decisions(con: Connection) -> set[str]:
    """Ids of decisions that were drawn before."""
    query = select(review_tasks.c.decision_id).where(review_tasks.c.decision_id.is_not(None))
    return set(con.execute(query).scalars())


def subjects_drawn(con: Connection) -> set[str]:
    """Keys of the subjects of every task, and of every decision: no sure case is one of them."""
    found: set[str] = set()
    for table in (review_tasks, decisions):
        query = select(table.c.entity_type, table.c.entity_id)
        found |= {f"{kind}:{one}" for kind, one in con.execute(query)}
    return found


def draw(con: Connection, picked: Sequence[Decision | SureCase], actor: str) -> int:
    """A task for each; how many there are now. Only under the chain's lock."""
    for one in picked:
        row = {
            "task_id": f"rev_{uuid4().hex[:16]}",
            "entity_type": one.entity_type,
            "entity_id": one.entity_id,
            "decision_id": None if isinstance(one, SureCase) else one.decision_id,
            "sure_verdict": one.verdict if isinstance(one, SureCase) else None,
            "drawn_by": actor,
            "drawn_at": rows.now(),
        }
        chain.record(con, "draw_review", f"review:{row['task_id']}", row)
    return len(picked)


def tasks_for(con: Connection, viewer: Viewer) -> list[ReviewTask]:
    """What this viewer may still review, in the order it was drawn."""
    waiting = _waiting(con)
    barred = _barred(con, [row["decision_id"] for row in waiting if row["decision_id"]])
    return [
        _task(row)
        for row in waiting
        if not any(is_same_person(name, viewer.name) for name in barred.get(row["decision_id"], ()))
    ]


def task_of(con: Connection, task_id: str, viewer: Viewer) -> ReviewTask:
    """A task that this viewer may review; raises with a sentence where they may not."""
    row = con.execute(_TASK.where(review_tasks.c.task_id == task_id)).mappings().first()
    if row is None:
        raise IllegalTransition(f"There is no review {task_id}.", "Open one of your list.")
    if con.execute(select(second_reviews).where(second_reviews.c.task_id == task_id)).first():
        raise IllegalTransition("This review was answered before.", "Open one of your list.")
    barred = _barred(con, [row["decision_id"]]).get(row["decision_id"], set())
    if any(is_same_person(name, viewer.name) for name in barred):
        raise AccessDenied(
            "You decided or approved this yourself.", "Somebody else has to review it."
        )
    return _task(dict(row))


def answer(con: Connection, said: SecondVerdict, viewer: Viewer) -> None:
    """Write the second word; raises where it is incomplete, or not this viewer's to say."""
    gaps = gaps_of(said)
    if gaps:
        raise IncompleteDecision(gaps)
    task_of(con, said.task_id, viewer)
    row = {
        "task_id": said.task_id,
        "verdict": said.verdict,
        "typology": said.typology,
        "note": said.note.strip(),
        "reviewer": viewer.name,
        "reviewed_at": rows.now(),
    }
    chain.record(con, "second_review", f"review:{said.task_id}", row)


def gaps_of(said: SecondVerdict) -> tuple[Gap, ...]:
    """What a second word lacks."""
    missing = Gap("verdict", "There is no verdict yet.", "Choose one.", "choose one")
    short = Gap(
        "note",
        f"A verdict against somebody needs a note of at least {SHORTEST_NOTE} characters.",
        "Say in a sentence what you saw.",
        f"at least {SHORTEST_NOTE} characters",
    )
    is_short = said.verdict in ADVERSE and len(said.note.strip()) < SHORTEST_NOTE
    demands = ((said.verdict not in set(Verdict), missing), (is_short, short))
    return tuple(gap for is_open, gap in demands if is_open)


def reviewed(con: Connection) -> list[Reviewed]:
    """Every task that was answered, both words side by side, the last first."""
    query = (
        select(review_tasks, second_reviews)
        .join(second_reviews, review_tasks.c.task_id == second_reviews.c.task_id)
        .order_by(second_reviews.c.audit_seq.desc())
    )
    answered = list(con.execute(query).mappings())
    ids = [row[review_tasks.c.decision_id] for row in answered]
    firsts = _decisions(con, [one for one in ids if one])
    last = _last_decisions(con, firsts.values())
    return [_reviewed(row, firsts, last) for row in answered]


def waiting_count(con: Connection) -> int:
    """How many tasks wait for anybody."""
    return len(_waiting(con))


_TASK = select(review_tasks, decisions.c.snapshot_id).outerjoin(
    decisions, review_tasks.c.decision_id == decisions.c.decision_id
)


def _waiting(con: Connection) -> list[Mapping[str, Any]]:
    done = select(second_reviews.c.task_id)
    query = _TASK.where(review_tasks.c.task_id.not_in(done)).order_by(review_tasks.c.audit_seq)
    return [dict(row) for row in con.execute(query).mappings()]


def _task(row: Mapping[str, Any]) -> ReviewTask:
    return ReviewTask(row["task_id"], row["entity_type"], row["entity_id"], row["snapshot_id"])


def _decisions(con: Connection, ids: Collection[str]) -> dict[str, Decision]:
    query = select(decisions).where(decisions.c.decision_id.in_(list(ids)))
    made = (rows.decision_from(row) for row in con.execute(query).mappings())
    return {one.decision_id: one for one in made}


def _barred(con: Connection, ids: Collection[str]) -> dict[str, set[str]]:
    """Who decided each of these, or answered a proposal of its case, by decision."""
    firsts = _decisions(con, [one for one in ids if one])
    cases = {one.case_id for one in firsts.values()}
    answered: dict[str, set[str]] = {}
    for one in chain.answers(con, case_ids=cases):
        answered.setdefault(one.case_id, set()).add(one.actor)
    return {key: {one.decided_by, *answered.get(one.case_id, ())} for key, one in firsts.items()}


def _last_decisions(con: Connection, firsts: Iterable[Decision]) -> dict[str, str]:
    """The id of the last decision of each case."""
    cases = {one.case_id for one in firsts}
    query = select(decisions.c.case_id, decisions.c.decision_id).where(
        decisions.c.case_id.in_(list(cases))
    )
    return {row[0]: row[1] for row in con.execute(query.order_by(decisions.c.audit_seq))}


def _reviewed(
    row: Mapping[Any, Any], firsts: Mapping[str, Decision], last: Mapping[str, str]
) -> Reviewed:
    task_id, first = row[review_tasks.c.task_id], firsts.get(row[review_tasks.c.decision_id])
    subject = (row[review_tasks.c.entity_type], row[review_tasks.c.entity_id])
    snapshot = first.snapshot_id if first else None
    return Reviewed(
        task=ReviewTask(task_id, *subject, snapshot),
        first_verdict=first.verdict if first else row[review_tasks.c.sure_verdict],
        second=SecondVerdict(
            task_id,
            row[second_reviews.c.verdict],
            row[second_reviews.c.note],
            row[second_reviews.c.typology],
        ),
        reviewer=row[second_reviews.c.reviewer],
        reviewed_at=row[second_reviews.c.reviewed_at],
        first=first,
        is_reopened=first is not None and last[first.case_id] != first.decision_id,
    )
