"""What a verdict makes of a case, and which actions wait for a second person."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dashboard
from dashboard.cases.states import ADVERSE, CaseState, Verdict, outcome
from dashboard.view_models.decide import actions_for
from queries import vocabulary
from queries.packs import packs
from queries.vocabulary import (
    ACTION_SUBJECTS,
    ACTIONS,
    ALWAYS_OFFERED,
    ENFORCEMENT_LADDER,
    ENTITY_TYPES,
    NEUTRAL_ACTIONS,
    VOIDING_ACTIONS,
    fits_subject,
)
from tests.sources import tree

ROOT = Path(dashboard.__file__).parents[1]


@pytest.mark.parametrize("verdict", sorted(ADVERSE))
@pytest.mark.parametrize("action", ACTIONS)
def test_what_takes_something_waits_for_a_second_person(verdict: Verdict, action: str) -> None:
    """Every rung of the ladder and every voiding is proposed; what is neutral is not."""
    is_proposed = outcome(verdict, action) == CaseState.PROPOSED
    assert is_proposed == (action in {*VOIDING_ACTIONS, *ENFORCEMENT_LADDER})


def test_five_actions_take_nothing_from_anybody() -> None:
    """Those that docs/domain.md names in 2.4; an account given back needs no second person."""
    assert set(NEUTRAL_ACTIONS) == {
        *("NO_ACTION", "MONITOR", "STEP_UP_VERIFY", "SECURE_ACCOUNT", "RESTORE_ACCESS")
    }
    for action in NEUTRAL_ACTIONS:
        assert outcome(Verdict.CONFIRMED, action) != CaseState.PROPOSED


def test_what_no_list_knows_waits_for_a_second_person() -> None:
    """A mistyped action is no way past the approver; none chosen takes nothing."""
    assert outcome(Verdict.CONFIRMED, "SECURE_ACOUNT") == CaseState.PROPOSED
    assert outcome(Verdict.FALSE_POSITIVE, "") == CaseState.CLOSED_NO_ACTION


@pytest.mark.parametrize("typology", ["", *packs()])
def test_the_form_offers_only_actions_that_the_rule_knows(typology: str) -> None:
    """Whatever can be chosen stands in the one list that says who has to approve it."""
    for entity_type in ENTITY_TYPES:
        offered = actions_for(typology, entity_type)
        assert set(offered) <= set(ACTIONS)
        assert all(fits_subject(action, entity_type) for action in offered)


def test_every_action_says_to_whom_it_can_be_done() -> None:
    """Each of the one list and no other."""
    assert set(ACTION_SUBJECTS) == set(ACTIONS)
    assert all(set(kinds) <= set(ENTITY_TYPES) for kinds in ACTION_SUBJECTS.values())


@pytest.mark.parametrize("typology", packs())
def test_every_kind_of_a_pack_has_something_of_its_own_to_be_done(typology: str) -> None:
    """A kind that a scheme concerns is offered more than to look away or to look again."""
    for entity_type in packs()[typology].entity_types:
        assert set(actions_for(typology, entity_type)) - set(ALWAYS_OFFERED), entity_type


def test_an_action_is_spelt_in_one_module_only() -> None:
    """A second list of actions would drift from the one that asks for a second person."""
    spelt = {
        f"{path.relative_to(ROOT)}: {node.value}"
        for package in ("dashboard", "pipeline", "queries")
        for path in (ROOT / package).rglob("*.py")
        if path != Path(vocabulary.__file__)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in ACTIONS
    }
    assert spelt == set()
