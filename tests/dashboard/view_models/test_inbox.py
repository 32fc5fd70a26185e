"""How soon a case is due, in words and in a colour that says the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from dashboard.cases.acts import CaseAct, Facts
from dashboard.cases.records import Case
from dashboard.cases.redress import Appeal
from dashboard.cases.states import CaseState
from dashboard.view_models.inbox import (
    BOX_LABELS,
    NOBODY,
    Beside,
    case_rows,
    clock_of,
    first_touch,
    state_labels,
)
from dashboard.view_models.steps import (
    ACT_LABELS,
    REASONS,
    least_loaded,
    offered_to_all,
    where_it_is,
)

NOW = datetime(2026, 12, 1, 12)  # noqa: DTZ001 (the casebook's clock is UTC without a zone)
TODAY = date(2026, 9, 29)


@pytest.mark.parametrize(
    ("hours", "said", "colour"),
    [
        (-50.0, "2 d late", "red"),
        (-2.0, "2 h late", "red"),
        (-0.5, "30 min late", "red"),
        (0.0, "due in 0 min", "orange"),
        (3.5, "due in 3 h", "orange"),
        (4.5, "due in 4 h", "gray"),
        (50.0, "due in 2 d", "gray"),
    ],
)
def test_what_is_late_says_so_in_words_and_in_colour(hours: float, said: str, colour: str) -> None:
    """By the wall's clock; what has no clock says nothing."""
    clock = clock_of(NOW + timedelta(hours=hours), NOW)
    assert (clock.said, clock.colour) == (said, colour)
    assert clock_of(None, NOW).said == ""


@pytest.mark.parametrize(
    ("age", "said", "colour"),
    [(0, "due in 2 days", "gray"), (2, "due today", "orange"), (3, "1 day late", "red")],
)
def test_a_first_touch_counts_days_of_the_data(age: int, said: str, colour: str) -> None:
    """A high band is touched within two days of its alert."""
    clock = first_touch("T1_BRUSHING", "HIGH", TODAY - timedelta(days=age), TODAY)
    assert (clock.said, clock.colour) == (said, colour)


def test_every_act_and_every_inbox_has_its_words() -> None:
    """Deciding has a form of its own; what needs a reason says which."""
    assert set(ACT_LABELS) == set(CaseAct) - {CaseAct.DECIDE}
    assert set(REASONS) <= set(ACT_LABELS)
    assert set(BOX_LABELS) == set(NOBODY)


def test_states_are_offered_with_counts_that_sum_to_the_whole() -> None:
    """And only those that are there."""
    labels = state_labels({CaseState.PROPOSED: 3, CaseState.APPROVED: 2})
    assert labels == {"": "Every state 5", "PROPOSED": "Proposed 3", "APPROVED": "Approved 2"}


def test_of_several_cases_what_all_of_them_allow_is_offered() -> None:
    """A proposal among them leaves nothing that an analyst may do with all."""
    mine = (CaseState.ASSIGNED, Facts(frozenset({"decide"}), is_owner=True))
    new = (CaseState.NEW, Facts(frozenset({"decide"})))
    waits = (CaseState.PROPOSED, Facts(frozenset({"decide"})))
    assert CaseAct.SNOOZE in offered_to_all([mine, new])
    assert CaseAct.CLAIM not in offered_to_all([mine, new])
    assert offered_to_all([new, waits]) == ()
    assert offered_to_all([]) == ()


def test_the_least_loaded_is_somebody_else() -> None:
    """Of several with as few, the first by name."""
    assert least_loaded({"ann": 0, "bob": 2, "eve": 1, "cid": 1}, "ann") == ("cid", 1)
    assert least_loaded({"ann": 0}, "ann") is None


def test_a_case_says_whom_it_is_with() -> None:
    """The team, who of it, until when, and why; a hostile reason stays on its line."""
    case = Case(
        "cas_1", "merchant", "mer_1", CaseState.HANDED_OVER, "ann", 3, NOW, NOW, "ann",
        team="legal", contact="desk 4", due_at=NOW + timedelta(hours=5), reason="Is it\na mark?",
    )  # fmt: skip
    assert where_it_is(case, NOW) == "Legal, desk 4 · due in 5 h · Is it a mark?"


def test_an_appeal_is_due_by_days_of_the_data_and_says_its_own_words() -> None:
    """Not the note of the decision that it is against, and no clock of the wall."""
    case = Case("cas_1", "buyer", "buy_1", CaseState.APPEALED, "ann", 3, NOW, NOW, "ann")
    handed = Appeal(
        "apl_1", "dec_1", "cas_1", "We share a phone: 0812 3456 7890", TODAY,
        TODAY + timedelta(days=7), "ann", NOW, 5,
    )  # fmt: skip
    subjects = pl.DataFrame(schema={"entity_key": pl.String})
    beside = Beside(subjects, {}, {}, {case.entity_key: handed}, TODAY)
    rows, clocks = case_rows([case], beside, NOW)
    assert [one.said for one in clocks] == ["due in 7 days"]
    assert rows["reason"].to_list() == ["We share a phone: " + "•" * 14]
