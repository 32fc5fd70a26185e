"""An approved decision, its appeal, and who is who in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.access import Viewer
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cases.redress import Judgement, NewAppeal
from dashboard.cases.states import CaseState, Verdict
from tests.dashboard.casebook.drafts import ANN, LEA, draft

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Appeal, AppealOutcome

SEN, LEO = Viewer("sen", "senior"), Viewer("leo", "approver")
DECIDED, TOLD, HEARD, JUDGED = (
    date(2026, 6, 12),
    date(2026, 6, 13),
    date(2026, 6, 20),
    date(2026, 6, 22),
)
WHY = "The burst was a flash sale that we had approved."


def scoped_book(path: Path, market: str = "ID") -> Casebook:
    """An empty casebook in which everybody is of one market."""
    return Casebook(open_engine(f"sqlite:///{path}"), lambda keys: dict.fromkeys(keys, market))


def approved(book: Casebook, number: int = 1, day: date = TOLD, **changes: Any) -> Decision:
    """A decision of ann that lea approved on `day`."""
    one = draft(Verdict.CONFIRMED, number, data_day=DECIDED, **changes)
    made = book.decide(one, viewer=ANN)
    case = book.case_of(made.entity_type, made.entity_id)
    assert case is not None
    book.move(case, CaseState.APPROVED, viewer=LEA, data_day=day, reason="Looked at all of it.")
    return made


def appealed(book: Casebook, made: Decision, day: date = HEARD, viewer: Viewer = ANN) -> Appeal:
    """An appeal against a decision, received on `day`."""
    new = NewAppeal(made.decision_id, "It was a flash sale, see my campaign.", day)
    return book.appeal(new, viewer=viewer, today=day)


def judged(
    book: Casebook,
    appeal: Appeal,
    outcome: CaseState = CaseState.OVERTURNED,
    viewer: Viewer = SEN,
) -> AppealOutcome:
    """What `viewer` says to an appeal."""
    return book.judge_appeal(Judgement(appeal.appeal_id, outcome, WHY, JUDGED), viewer=viewer)
