"""When a case is due: by its severity, with the time that others had it taken out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard.cases.sla import (
    Moment,
    due_at,
    first_touch_day,
    raised,
    severities,
    severity_of,
)
from dashboard.cases.states import CaseState as S
from queries.packs import packs
from queries.vocabulary import SCORE_BANDS

NOON = datetime(2026, 12, 1, 12)  # noqa: DTZ001 (the casebook's clock is UTC without a zone)
HOUR = timedelta(hours=1)
HIGH = severities()["high"]


def moments(*states: S) -> list[Moment]:
    """A case that came into one state an hour."""
    return [Moment(NOON + number * HOUR, state) for number, state in enumerate(states)]


def test_the_more_severe_the_sooner() -> None:
    """In every one of its deadlines, each with a reason; every scheme of the file is a pack."""
    every = list(severities().values())
    for name in ("first_touch_days", "decide_hours", "approve_hours"):
        numbers = [getattr(one, name) for one in every]
        assert numbers == sorted(numbers)
        assert min(numbers) > 0
    assert all(one.why for one in every)
    assert set(raised()) <= set(packs())


def test_a_band_makes_the_severity_and_some_schemes_raise_it() -> None:
    """By one step, and none above the highest; who has no band is in the middle."""
    plain = [severity_of("T1_BRUSHING", band).code for band in SCORE_BANDS]
    assert plain == ["critical", "high", "medium", "low"]
    lifted = [severity_of("T7_PAYMENT_FRAUD", band).code for band in SCORE_BANDS]
    assert lifted == ["critical", "critical", "high", "medium"]
    assert severity_of(None, None).code == "medium"
    assert first_touch_day(HIGH, NOON.date()) - NOON.date() == timedelta(HIGH.first_touch_days)


@pytest.mark.parametrize(
    ("states", "began", "waited"),
    [
        ((S.NEW,), 0, 0),
        ((S.NEW, S.ASSIGNED, S.INVESTIGATING), 0, 0),
        ((S.NEW, S.INVESTIGATING, S.PENDING_INFO, S.INVESTIGATING), 0, 1),
        ((S.NEW, S.HANDED_OVER, S.INVESTIGATING, S.PENDING_INFO, S.INVESTIGATING), 0, 2),
        ((S.NEW, S.INVESTIGATING, S.PROPOSED, S.RETURNED), 3, 0),
        ((S.NEW, S.CLOSED_NO_ACTION, S.REOPENED, S.ASSIGNED), 2, 0),
        ((S.NEW, S.MONITORING, S.INVESTIGATING, S.HANDED_OVER, S.INVESTIGATING), 2, 1),
    ],
)
def test_the_clock_stands_still_while_others_have_it(
    states: tuple[S, ...], began: int, waited: int
) -> None:
    """And begins anew with what is reopened or sent back."""
    expected = NOON + (began + waited + HIGH.decide_hours) * HOUR
    assert due_at(moments(*states), HIGH) == expected


def test_a_proposal_has_the_clock_of_whoever_answers_it() -> None:
    """What waits outside, is watched or is over has none of ours."""
    proposed = moments(S.NEW, S.INVESTIGATING, S.PROPOSED)
    assert due_at(proposed, HIGH) == NOON + (2 + HIGH.approve_hours) * HOUR
    for state in (S.PENDING_INFO, S.HANDED_OVER, S.MONITORING, S.CLOSED, S.ENFORCED):
        assert due_at(moments(S.NEW, state), HIGH) is None
