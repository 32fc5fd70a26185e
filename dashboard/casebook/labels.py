"""Decisions as labels: what the next build learns from the analysts.

Which decisions teach, from when, and how much: docs/decisions/0045-decisions-as-labels.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from dashboard.cases.states import CaseState, Verdict
from dashboard.cases.teaching import needs_approval, verdict_label
from queries.vocabulary import NEW_PATTERN, OWN_APPEAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import Answer, Decision
    from dashboard.cases.redress import AppealOutcome

SCHEMA: dict[str, pl.DataType] = {
    "label_id": pl.String(),
    "entity_type": pl.String(),
    "entity_id": pl.String(),
    "label": pl.String(),
    "typology": pl.String(),
    "source": pl.String(),
    "event_at": pl.Datetime("us"),
    "observed_at": pl.Datetime("us"),
    "decided_at": pl.Datetime("us"),
    "known_at": pl.Datetime("us"),
    "analyst_id": pl.String(),
    "weight": pl.Float64(),
    "withdrawn_at": pl.Datetime("us"),
}
LIKELY_WEIGHT = 0.6
"""What a likely verdict counts at most beside a confirmed one: an assumption."""
_TICK = timedelta(microseconds=1)
_Each = TypeVar("_Each")


@dataclass(frozen=True)
class _Word:
    """A decision from the instant it counts, or the `outcome` of an appeal against it.

    `label` None = it takes back the word before.
    """

    decision: Decision
    known_at: datetime
    label: str | None
    outcome: AppealOutcome | None = None

    @property
    def takes_back(self) -> bool:
        """Whether what was said before no longer holds, from then on."""
        return self.label is None or (self.outcome is not None and self.outcome.is_overturned)


def labels_of(
    decisions: Iterable[Decision],
    answers: Sequence[Answer] = (),
    outcomes: Iterable[AppealOutcome] = (),
    *,
    as_judged: bool = False,
) -> pl.DataFrame:
    """Rows of raw.labels with `weight` and `withdrawn_at`: decisions, and outcomes of appeals.

    `decisions` and `answers` in the order they were taken. A later word never changes an
    earlier row but for `withdrawn_at`, from when it no longer stands: it was taken back, or an
    appeal overturned it. So what was known on any day can be rebuilt. `as_judged` lets each
    count from the day of the snapshot it judged, whatever the day it was taken on: what an
    extract that ends there can learn from.
    """
    if as_judged:
        decisions = [replace(one, data_day=one.as_of or one.data_day) for one in decisions]
        judged = {one.case_id: one.data_day for one in decisions}
        answers = [replace(one, data_day=judged.get(one.case_id)) for one in answers]
        days = {one.decision_id: one.data_day for one in decisions}
        outcomes = [replace(one, data_day=days.get(one.decision_id)) for one in outcomes]
    judged_appeals = {one.decision_id: one for one in outcomes}
    by_subject: dict[tuple[str, str], list[Decision]] = {}
    for each in decisions:
        by_subject.setdefault((each.entity_type, each.entity_id), []).append(each)
    rows = chain.from_iterable(
        _rows(list(_words(own, answers, judged_appeals))) for own in by_subject.values()
    )
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def _words(
    decisions: Sequence[Decision],
    answers: Sequence[Answer],
    outcomes: Mapping[str, AppealOutcome],
) -> Iterator[_Word]:
    """What counts of the decisions about one subject, each later than the one before.

    An appeal is against the last of them, so that its outcome comes before the next.
    """
    last: datetime | None = None
    for decision, following in _followed(decisions):
        instant = _counts_from(decision, following, answers)
        if instant is not None:
            last = max(instant, last + _TICK) if last else instant
            yield _Word(decision, last, verdict_label(decision))
        if outcome := outcomes.get(decision.decision_id):
            instant = _clock(outcome.data_day, outcome.decided_at)
            last = max(instant, last + _TICK) if last else instant
            label = "good" if outcome.is_overturned else verdict_label(decision)
            yield _Word(decision, last, label, outcome)


def _counts_from(
    decision: Decision, following: Decision | None, answers: Sequence[Answer]
) -> datetime | None:
    """When a decision counts: at once, or once approved; None = never, or not yet."""
    if not needs_approval(decision):
        return _clock(decision.data_day, decision.decided_at)
    own = (
        answer
        for answer in answers
        if answer.case_id == decision.case_id
        and decision.audit_seq < answer.audit_seq
        and (following is None or answer.audit_seq < following.audit_seq)
    )
    answer = next(own, None)
    if answer is None or answer.state != CaseState.APPROVED:
        return None
    return _clock(answer.data_day, answer.at)


def _clock(day: date | None, at: datetime) -> datetime:
    """The instant in the data's own time; the wall's where the data's day was not kept."""
    return datetime.combine(day, at.time()) if day else at


def _followed(items: Sequence[_Each]) -> Iterator[tuple[_Each, _Each | None]]:
    """Each item with the one after it; None after the last."""
    return zip(items, (*items[1:], None), strict=False)


def _rows(words: Sequence[_Word]) -> Iterator[tuple[object, ...]]:
    for word, following in _followed(words):
        if word.label is not None:
            is_taken_back = following is not None and following.takes_back
            yield _row(word, following.known_at if following and is_taken_back else None)


def _row(word: _Word, withdrawn_at: datetime | None) -> tuple[object, ...]:
    decision, outcome = word.decision, word.outcome
    said = outcome or decision
    seen_at = min(_clock(said.data_day, said.decided_at), word.known_at)
    own_id = f"{OWN_APPEAL}{outcome.appeal_id}" if outcome else f"lab_{decision.decision_id}"
    return (
        own_id,
        decision.entity_type,
        decision.entity_id,
        word.label,
        _typology(decision) if word.label == "bad" else None,
        "appeal" if outcome else "casebook",
        None,
        seen_at,
        seen_at,
        word.known_at,
        said.decided_by,
        1.0 if outcome else _weight(decision),
        withdrawn_at,
    )


def _typology(decision: Decision) -> str | None:
    """What a bad label says it is; nothing where no pack describes it yet."""
    return None if decision.typology in {"", NEW_PATTERN} else decision.typology


def _weight(decision: Decision) -> float:
    share = 1.0 if decision.confidence is None else decision.confidence
    return min(share, LIKELY_WEIGHT) if decision.verdict == Verdict.LIKELY else share
