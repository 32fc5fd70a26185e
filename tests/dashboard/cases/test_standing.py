"""A verdict answers the alert its author saw; what is new brings the subject back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dashboard.cases.records import Case
from dashboard.cases.standing import (
    DECIDED_STATES,
    AlertNow,
    Novelty,
    Place,
    Reopening,
    Standing,
    is_held,
    of_build,
    standing,
)
from dashboard.cases.states import CaseState

JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 29)
DAY = timedelta(days=1)
CLEARED = Case(
    "cas_1", "merchant", "mer_1", CaseState.CLOSED_NO_ACTION, "ann", 3,
    datetime(2026, 11, 30), datetime(2026, 11, 30), "ann",  # noqa: DTZ001
    data_day=JUNE, alert_typology="T1_BRUSHING", alert_band="MED",
)  # fmt: skip
SAME = AlertNow("T1_BRUSHING", "MED", JUNE - DAY, JUNE - DAY)


def novelty(case: Case, alert: AlertNow | None, today: date = SEPTEMBER) -> Novelty | None:
    """What brought the case back; None = nothing did."""
    where = standing(case, alert, today)
    assert (where.reopening is not None) == (where.place == Place.OPEN)
    return where.reopening.novelty if where.reopening else None


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        (None, None),
        (SAME, None),
        (replace(SAME, opened_on=JUNE), None),  # the alert of the day it was decided on
        (replace(SAME, opened_on=date(2026, 9, 12)), Novelty.BEHAVIOUR),
        (replace(SAME, typology="T6", typology_since=date(2026, 6, 12)), Novelty.TYPOLOGY),
        (replace(SAME, typology="T6", typology_since=JUNE - DAY), None),  # it was strong already
        (replace(SAME, band="HIGH"), Novelty.BAND),
        (replace(SAME, band="LOW"), None),
        (replace(SAME, reopened_by="band", reopened_on=SEPTEMBER), Novelty.BAND),
        (replace(SAME, reopened_by="band", reopened_on=JUNE - DAY), None),
    ],
)
def test_what_is_new_since_the_verdict_reopens(
    alert: AlertNow | None, expected: Novelty | None
) -> None:
    """Cleared in June, a new alert in September: it is among the open ones again."""
    assert novelty(CLEARED, alert) == expected


def test_a_verdict_of_today_is_not_undone_by_todays_scores() -> None:
    """A rebuild of the same data may move a band; nothing has happened since."""
    assert novelty(CLEARED, replace(SAME, band="CRIT"), JUNE) is None


def test_an_older_case_goes_by_the_walls_clock() -> None:
    """It knows neither the data's day nor the alert."""
    old = replace(CLEARED, data_day=None, alert_typology=None, alert_band=None)
    assert novelty(old, replace(SAME, opened_on=date(2026, 12, 24))) == Novelty.BEHAVIOUR
    assert novelty(old, replace(SAME, opened_on=date(2026, 9, 12))) is None


def test_a_proposal_waits_on_its_own_list_whatever_happens() -> None:
    """It waits for a person, not for news."""
    case = replace(CLEARED, state=CaseState.PROPOSED, review_on=JUNE + DAY)
    where = standing(case, replace(SAME, opened_on=SEPTEMBER), SEPTEMBER)
    assert where == Standing(Place.PROPOSED, CaseState.PROPOSED, None, JUNE + DAY)


def test_what_is_watched_comes_back_on_its_day() -> None:
    """Until then it stands on its list, with the day beside it."""
    case = replace(CLEARED, state=CaseState.MONITORING, review_on=SEPTEMBER)
    assert standing(case, SAME, SEPTEMBER - DAY).place == Place.MONITORING
    assert standing(case, SAME, SEPTEMBER - DAY).review_on == SEPTEMBER
    assert novelty(case, SAME, SEPTEMBER) == Novelty.REVIEW
    assert novelty(case, None, SEPTEMBER) == Novelty.REVIEW


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_its_list(state: CaseState) -> None:
    """What is still worked on is open; nothing falls between the lists."""
    case = replace(CLEARED, state=state)
    place = standing(case, SAME, SEPTEMBER).place
    assert (place == Place.OPEN) == (not is_held(case))
    others = DECIDED_STATES | {CaseState.PENDING_INFO, CaseState.HANDED_OVER}
    assert is_held(case) == (state in others)


@pytest.mark.parametrize("state", [CaseState.PENDING_INFO, CaseState.HANDED_OVER])
def test_what_others_have_is_back_when_it_is_due(state: CaseState) -> None:
    """By the wall's clock and to the hour, whatever the data's day; then it says so."""
    due = datetime(2026, 12, 24, 10)  # noqa: DTZ001
    case = replace(CLEARED, state=state, due_at=due, assignee="ann", data_day=SEPTEMBER)
    before = standing(case, SAME, SEPTEMBER, due - timedelta(hours=1))
    assert before == Standing(Place.WAITING, state, None, due.date(), "ann")
    after = standing(case, SAME, SEPTEMBER, due)
    assert (after.place, after.state, after.assignee) == (Place.OPEN, state, "ann")
    assert after.reopening == Reopening(Novelty.DUE, due.date())
    back = replace(case, state=CaseState.INVESTIGATING, due_at=None)
    assert standing(back, SAME, SEPTEMBER, due).place == Place.OPEN


def test_a_returned_proposal_is_open_and_one_that_waits_too_long_is_late() -> None:
    """Whoever approves is behind from the hour on that its severity gives them."""
    due = datetime(2026, 12, 1, 10)  # noqa: DTZ001
    waits = replace(CLEARED, state=CaseState.PROPOSED, due_at=due)
    assert not standing(waits, SAME, SEPTEMBER, due - timedelta(hours=1)).is_late
    assert standing(waits, SAME, SEPTEMBER, due).is_late
    assert not standing(waits, SAME, SEPTEMBER).is_late
    returned = replace(waits, state=CaseState.RETURNED, assignee="ann")
    assert standing(returned, SAME, SEPTEMBER, due).place == Place.OPEN
    assert standing(returned, SAME, SEPTEMBER, due).assignee == "ann"


def test_the_build_says_what_is_new_since_a_delivered_verdict() -> None:
    """Without a case of ours there is still somebody's word to hold the alert against."""
    assert of_build(SAME) is None
    fresh = of_build(replace(SAME, reopened_by="behaviour", reopened_on=SEPTEMBER))
    assert fresh is not None
    assert (fresh.novelty, fresh.since) == (Novelty.BEHAVIOUR, SEPTEMBER)
