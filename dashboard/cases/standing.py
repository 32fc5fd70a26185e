"""Where a case stands today: answered, waiting, or here again with something new.

A verdict answers the alert its author saw. What is new since then puts the subject back
among the open ones: behaviour that began later, another scheme, a score above the band it
had. A case that somebody wanted to look at again is open again on that day; so is one that
was put off (triaged, with a day), and sooner if anything is new. One that waits for an answer or
for another team is back with it, or on the day that was agreed by the wall's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dashboard.cases.sla import WAITING
from dashboard.cases.states import CaseState
from queries.vocabulary import SCORE_BANDS

if TYPE_CHECKING:
    from datetime import date, datetime

    from dashboard.cases.records import Case

# States in which nobody has to look at the alert again for now.
DECIDED_STATES = frozenset(
    {
        CaseState.PROPOSED,
        CaseState.APPROVED,
        CaseState.ENFORCED,
        CaseState.APPEALED,
        CaseState.UPHELD,
        CaseState.OVERTURNED,
        CaseState.MONITORING,
        CaseState.CLOSED,
        CaseState.CLOSED_NO_ACTION,
    }
)


class Place(StrEnum):
    """The list a subject is found on."""

    OPEN = "open"
    SNOOZED = "snoozed"
    WAITING = "waiting"
    PROPOSED = "proposed"
    MONITORING = "monitoring"
    DECIDED = "decided"


class Novelty(StrEnum):
    """What is new about a subject since somebody judged it."""

    BEHAVIOUR = "behaviour"
    TYPOLOGY = "typology"
    BAND = "band"
    REVIEW = "review"
    """Nothing but the day on which somebody wanted to look again."""
    DUE = "due"
    """Nothing but that an answer of somebody outside is due."""


@dataclass(frozen=True)
class AlertNow:
    """A subject's alert in the served build.

    `typology_since` is None where no signals of its typology are strong; `reopened_by` and
    `reopened_on` are what the build says is new since the last label.
    """

    typology: str
    band: str | None
    opened_on: date
    typology_since: date | None = None
    reopened_by: str | None = None
    reopened_on: date | None = None


@dataclass(frozen=True)
class Reopening:
    """What is new, since when, and the scheme it is about."""

    novelty: Novelty
    since: date
    typology: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a case stands, what brought it back, and when to look again.

    `is_late` = its next step was due before now, by the wall's clock.
    """

    place: Place
    state: CaseState
    reopening: Reopening | None = None
    review_on: date | None = None
    assignee: str = ""
    is_late: bool = False


def standing(
    case: Case, alert: AlertNow | None, today: date, now: datetime | None = None
) -> Standing:
    """Where `case` stands on the data's day `today`; `alert` None = it has none now.

    `now` is the wall's clock, UTC; without it nothing is due by it.
    """
    is_late = now is not None and case.due_at is not None and case.due_at <= now
    if not is_held(case):
        return Standing(Place.OPEN, case.state, assignee=case.assignee, is_late=is_late)
    if case.state == CaseState.PROPOSED:
        return Standing(Place.PROPOSED, case.state, review_on=case.review_on, is_late=is_late)
    if case.state in WAITING:
        return _waiting(case, is_late=is_late)
    fresh = _since_the_verdict(case, alert, today) if alert else None
    is_due = case.review_on is not None and case.review_on <= today
    if fresh is None and case.review_on and is_due and case.state in _LOOKED_AT_AGAIN:
        fresh = Reopening(Novelty.REVIEW, case.review_on)
    if fresh:
        return Standing(Place.OPEN, CaseState.REOPENED, fresh, case.review_on)
    return Standing(_UNTIL_NEWS.get(case.state, Place.DECIDED), case.state, None, case.review_on)


def is_held(case: Case) -> bool:
    """Whether a case has left the open ones, for good or until its day or until something new."""
    is_snoozed = case.state == CaseState.TRIAGED and case.review_on is not None
    return is_snoozed or case.state in DECIDED_STATES | WAITING


def _waiting(case: Case, *, is_late: bool) -> Standing:
    """A case that somebody outside has until its day; then it is among the open ones again."""
    due_on = case.due_at.date() if case.due_at else None
    if is_late and due_on:
        back = Reopening(Novelty.DUE, due_on)
        return Standing(Place.OPEN, case.state, back, None, case.assignee, is_late=True)
    return Standing(Place.WAITING, case.state, None, due_on, case.assignee)


_UNTIL_NEWS = {CaseState.MONITORING: Place.MONITORING, CaseState.TRIAGED: Place.SNOOZED}
_LOOKED_AT_AGAIN = (CaseState.MONITORING, CaseState.TRIAGED)
"""States that end on the day somebody wanted to look again."""


def of_build(alert: AlertNow) -> Reopening | None:
    """What the build itself says is new about a subject that was judged before."""
    if alert.reopened_by is None or alert.reopened_on is None:
        return None
    return Reopening(Novelty(alert.reopened_by), alert.reopened_on, alert.typology)


def _since_the_verdict(case: Case, alert: AlertNow, today: date) -> Reopening | None:
    judged_on = case.data_day or case.changed_at.date()
    since = alert.typology_since
    if since and since > judged_on and alert.typology != (case.alert_typology or ""):
        return Reopening(Novelty.TYPOLOGY, since, alert.typology)
    if alert.opened_on > judged_on:
        return Reopening(Novelty.BEHAVIOUR, alert.opened_on, alert.typology)
    if case.alert_band and today > judged_on and _rank(alert.band) > _rank(case.alert_band):
        return Reopening(Novelty.BAND, alert.reopened_on or today, alert.typology)
    built = of_build(alert)
    return built if built and built.since > judged_on else None


def _rank(band: str | None) -> int:
    return -SCORE_BANDS.index(band) if band in SCORE_BANDS else -len(SCORE_BANDS)
