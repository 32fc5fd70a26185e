"""What did not hold, counted by hand: on appeal, at the second look, beside sure verdicts."""

from __future__ import annotations

from dataclasses import replace

from dashboard.cases.reviews import Reviewed, ReviewTask, SecondVerdict
from dashboard.cases.states import Verdict
from dashboard.view_models.overturns import overturns_by_person, overturns_by_reason
from tests.dashboard.decisions import DECISION
from tests.dashboard.tiny_entities import AS_OF, at

BAD, GOOD = Verdict.CONFIRMED, Verdict.FALSE_POSITIVE


def made(number: int, who: str, reasons: tuple[str, ...] = ("R1",)) -> object:
    """A confirmed case."""
    return replace(
        DECISION, decision_id=f"dec_{number}", decided_by=who, verdict=BAD, reason_codes=reasons
    )


DECISIONS = [
    made(n, "ann" if n < 12 else "bob", ("R1", "R2") if n == 0 else ("R1",)) for n in range(24)
]
OUTCOMES = {f"dec_{n}": "OVERTURNED" if n < 3 else "UPHELD" for n in range(10)}


def looked(number: int, verdict: Verdict, first: object = None) -> Reviewed:
    """A second word by quinn, about a decision or a sure bad case."""
    task = ReviewTask(f"rev_{number}", "merchant", f"mer_{number}")
    second = SecondVerdict(task.task_id, verdict)
    return Reviewed(task, BAD, second, "quinn", at(AS_OF), first)  # type: ignore[arg-type]


REVIEWS = [
    *(looked(n, GOOD if n < 4 else BAD, DECISIONS[n]) for n in range(10)),
    *(looked(50 + n, GOOD if n < 2 else BAD) for n in range(10)),
]


def test_by_person() -> None:
    """Ann: 3 of 10 appeals, 4 of 10 reviews; quinn missed 2 of 10; of bob nothing is shown."""
    rows = {row.name: row for row in overturns_by_person(DECISIONS, OUTCOMES, REVIEWS)}  # type: ignore[arg-type]
    ann, bob, quinn = rows["ann"], rows["bob"], rows["quinn"]
    assert (ann.decisions, bob.decisions, quinn.decisions) == (12, 12, 0)
    assert (ann.on_appeal.part, ann.on_appeal.whole) == (3, 10)
    assert (ann.at_review.part, ann.at_review.whole) == (4, 10)
    assert ann.at_review.said == "40% (17 to 69)"
    assert (quinn.missed.part, quinn.missed.whole) == (2, 10)
    assert bob.on_appeal.said == "–"


def test_by_reason() -> None:
    """A decision of two reasons counts under both; one of a single appeal is not shown."""
    rows = {row.name: row for row in overturns_by_reason(DECISIONS, OUTCOMES, REVIEWS)}  # type: ignore[arg-type]
    assert set(rows) == {"R1", "R2"}
    assert (rows["R1"].on_appeal.part, rows["R1"].on_appeal.whole) == (3, 10)
    assert (rows["R2"].decisions, rows["R2"].on_appeal.said) == (1, "–")
