"""Which days the frozen reference is of."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.view_models.drift_reference import reference_of
from dashboard.view_models.periods import Period

ENDS = (date(2026, 6, 1), date(2026, 9, 28))
TRAINED = {"since": date(2026, 6, 8), "until": date(2026, 9, 1)}


def test_the_days_models_learnt_from_stand_until_a_team_freezes_others() -> None:
    """A snapshot at midnight is of the day before; frozen days are cut to the data."""
    learnt = reference_of(ENDS, "", TRAINED)
    assert learnt.period == Period(date(2026, 6, 7), date(2026, 8, 31))
    assert learnt.sentence(Period(*[ENDS[1]] * 2)) == (
        "Frozen reference: 7 Jun 2026 – 31 Aug 2026, "
        "the days of the snapshots that the models learnt from."
    )
    frozen = reference_of(ENDS, "2026-05-01/2026-07-31", TRAINED)
    assert frozen.period == Period(date(2026, 6, 1), date(2026, 7, 31))
    assert "the team froze" in frozen.sentence(frozen.period)
    assert "it holds 61." in frozen.sentence(frozen.period)
    nothing = reference_of(ENDS, "", {"since": None, "until": None})
    assert nothing.period == Period(date(2026, 6, 1), date(2026, 6, 28))


@pytest.mark.parametrize("strange", ["June", "2026-07-31/2026-06-01", "2020-01-01/2020-02-01", "/"])
def test_what_is_no_pair_of_days_is_said_and_not_used(strange: str) -> None:
    """The days the models learnt from stand in, with the remedy."""
    reference = reference_of(ENDS, strange, TRAINED)
    assert reference.period == Period(date(2026, 6, 7), date(2026, 8, 31))
    assert "2026-06-01/2026-09-28" in reference.problem
