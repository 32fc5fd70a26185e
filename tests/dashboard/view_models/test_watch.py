"""Cases that wait stay in sight, the next review first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from dashboard.cases.standing import standing
from dashboard.cases.states import CaseState
from dashboard.view_models.watch import watch_rows, watch_table
from tests.dashboard.cases.test_standing import CLEARED, SEPTEMBER

LATE, SOON = date(2026, 10, 13), date(2026, 9, 20)


def test_waiting_cases_are_listed_with_their_day() -> None:
    """With or without an alert, in the order of the casebook, the day that is past marked."""
    cases = {
        "merchant:mer_2": replace(
            CLEARED, entity_id="mer_2", state=CaseState.PROPOSED, review_on=SOON
        ),
        "merchant:mer_1": replace(CLEARED, state=CaseState.PROPOSED, review_on=LATE),
    }
    statuses = {key: standing(case, None, SEPTEMBER) for key, case in cases.items()}
    subjects = pl.DataFrame(
        [{"entity_key": key, "name": f"a\u202e{key}", "market": "SG"} for key in cases]
    )
    rows = watch_rows(subjects, cases, statuses, SEPTEMBER)
    assert [(row.entity_key, row.is_due) for row in rows] == [
        ("merchant:mer_2", True),
        ("merchant:mer_1", False),
    ]
    table = watch_table(rows)
    assert table["review"].to_list() == [SOON, LATE]
    assert table["status"].to_list() == ["Proposed, due", "Proposed"]
    assert "[U+202E]" in table["name"][0]


def test_a_case_of_somebody_who_left_the_build_is_not_lost() -> None:
    """It goes by its id, and its market is not known."""
    case = replace(CLEARED, state=CaseState.MONITORING)
    (row,) = watch_rows(
        pl.DataFrame(schema=dict.fromkeys(("entity_key", "name", "market"), pl.String)),
        {"merchant:mer_1": case},
        {"merchant:mer_1": standing(case, None, SEPTEMBER)},
        SEPTEMBER,
    )
    assert (row.name, row.market) == ("mer_1", "\N{EN DASH}")
