"""The life cycle of a case has no dead end, and deciding stays inside it."""

from __future__ import annotations

import itertools

import pytest

from dashboard.casebook import TRANSITIONS, CaseState, Verdict
from dashboard.casebook.states import check_transition, decision_steps


def test_every_state_can_be_reached_and_left() -> None:
    """The life cycle has no dead end and no orphan."""
    assert set(TRANSITIONS) == set(CaseState)
    assert set().union(*TRANSITIONS.values()) | {CaseState.NEW} == set(CaseState)
    assert all(TRANSITIONS.values())


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("action", ["NO_ACTION", "MONITOR", "SETTLEMENT_DEFER"])
def test_deciding_only_takes_legal_steps(verdict: Verdict, action: str) -> None:
    """Every step a decision makes is one the table allows."""
    for state in set(CaseState) - {CaseState.APPROVED, CaseState.ENFORCED}:
        for before, after in itertools.pairwise((state, *decision_steps(state, verdict, action))):
            check_transition(before, after)
