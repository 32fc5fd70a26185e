"""A planted rubber stamp is listed, and nobody else: on logs of five seeds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from dashboard.cases.attention import Approval, Spent
from dashboard.view_models.approvers import approver_rows
from tests.dashboard.tiny_entities import at

SEEDS = (1, 2, 3, 101, 102)
"""The last two were not looked at while the rule was written."""
AT = at(date(2026, 5, 1))


def log(seed: int, *, stamp: bool) -> list[Approval]:
    """Six approvers with 25 to 60 answers; one of them may answer without reading.

    The honest take a minute or so, skim one in ten and once in thirty do not open at all; the
    stamp opens six in ten, for some eight seconds.
    """
    rng = np.random.default_rng(seed)
    made = []
    for number in range(6):
        is_stamp = stamp and number == 0
        for _ in range(int(rng.integers(25, 60))):
            opened = rng.random() < (0.6 if is_stamp else 0.97)
            skims = is_stamp or rng.random() < 0.1
            seconds = float(rng.lognormal(np.log(8.0 if skims else 70.0), 0.6))
            approved = bool(rng.random() < (0.97 if is_stamp else 0.8))
            spent = Spent(seconds, ("facts",)) if opened else None
            words = int(rng.integers(15, 90))
            name = "stamp" if is_stamp else f"honest {number}"
            made.append(Approval(name, "merchant:mer_1", approved, AT, words, spent))
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_stamp_is_listed_and_no_honest_one(seed: int) -> None:
    """Listed in 5 of 5, honest ones in 0 of 5 x 5; without a stamp nobody."""
    listed = [row.name for row in approver_rows(log(seed, stamp=True)) if row.is_listed]
    assert listed == ["stamp"]
    assert [row.name for row in approver_rows(log(seed, stamp=False)) if row.is_listed] == []


def test_a_house_of_stamps_is_listed_without_anybody_to_compare_with() -> None:
    """Nobody differs where nobody reads."""
    made = [
        Approval(name, "merchant:mer_1", True, AT, 40, None) for name in "ab" for _ in range(30)
    ]
    assert all(row.is_listed for row in approver_rows(made))


def test_of_few_answers_nothing_is_said() -> None:
    """Nine hurried answers list nobody."""
    made = [Approval("new", "merchant:mer_1", True, AT, 40, None)] * 9
    (row,) = approver_rows(made)
    assert not row.is_listed
    assert row.hurried.said == "–"
