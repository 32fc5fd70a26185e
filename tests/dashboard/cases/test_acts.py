"""The way of a case over its whole space: every state, every act, every role, every person."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from dashboard.access import Viewer, permissions, roles
from dashboard.cases.acts import (
    CARRIED_OUT,
    RULES,
    TRANSITIONS,
    CaseAct,
    Facts,
    acts_between,
    decision_steps,
    leads_to,
    next_state,
    offered,
    refusal,
    way,
)
from dashboard.cases.states import DECIDED, CaseState, Verdict
from dashboard.errors import AccessDenied, IllegalTransition, RingfenceError

FOUR_EYES = (CaseAct.APPROVE, CaseAct.RETURN, CaseAct.ENFORCE, CaseAct.UPHOLD, CaseAct.OVERTURN)
ANSWERED = {CaseState.APPROVED, CaseState.ENFORCED, CaseState.UPHELD, CaseState.OVERTURNED}
FLAGS = list(itertools.product((False, True), repeat=5))
OUTCOMES = (None, *sorted(DECIDED))
EVERY = frozenset(permissions())


def every_facts() -> list[Facts]:
    """Each role with each of what can be true of a case and of whoever acts."""
    viewers = [Viewer("ann", role) for role in roles()]
    held = {frozenset(one for one in permissions() if who.may(one)) for who in viewers}
    return [Facts(may, *flags) for may in held for flags in FLAGS]


SPACE = every_facts()


def with_outcomes(act: CaseAct, facts: Facts) -> list[Facts]:
    """What the decision leads to matters to no act but deciding."""
    ends = OUTCOMES if act is CaseAct.DECIDE else (None,)
    return [replace(facts, outcome=end) for end in ends]


def test_every_act_of_every_role_in_every_state_is_allowed_or_refused_in_words() -> None:
    """Nothing falls through: a state of the table, or a sentence and a remedy."""
    asked = 0
    space = [(act, one) for act in CaseAct for facts in SPACE for one in with_outcomes(act, facts)]
    for state, (act, facts) in itertools.product(CaseState, space):
        asked += 1
        problem = refusal(state, act, facts)
        if problem is None:
            after = next_state(state, act, facts)
            assert after in TRANSITIONS[state]
            assert after in leads_to(act)
            assert (after in DECIDED) == (act is CaseAct.DECIDE)
            assert RULES[act].permission in facts.may or act is CaseAct.ASSIGN
            continue
        assert problem.message.endswith(".")
        assert problem.remedy.endswith(".")
        with pytest.raises(type(problem)):
            next_state(state, act, facts)
    assert asked > 50_000


def test_nobody_answers_their_own_proposal() -> None:
    """In no state, with no role: the second pair of eyes is another's."""
    for state, act, facts in itertools.product(CaseState, FOUR_EYES, SPACE):
        if facts.is_proposer or not facts.is_proposal:
            assert refusal(state, act, facts) is not None
        if facts.is_approver and act in {CaseAct.UPHOLD, CaseAct.OVERTURN}:
            assert refusal(state, act, facts) is not None


def test_every_state_is_reached_and_left_by_acts_that_a_page_offers() -> None:
    """Walked as people would: an analyst, another who approves, another who judges the appeal."""
    analyst = Facts(
        frozenset({"view", "decide"}), is_owner=True, is_proposer=True, is_proposal=True
    )
    other = Facts(EVERY, is_proposal=True, is_put_off=True)
    reached, edge, left = {CaseState.NEW}, [CaseState.NEW], set()
    while edge:
        state = edge.pop()
        for facts in (analyst, other):
            steps = [way(state, act, facts)[-1] for act in offered(state, facts)]
            if state not in CARRIED_OUT:  # the form of a decision stands beside the acts
                steps += [
                    decision_steps(state, Verdict.CONFIRMED, action)[-1]
                    for action in ("NO_ACTION", "MONITOR", "ACCOUNT_SUSPEND")
                ]
            left |= {state} if set(steps) - {state} else set()
            edge += [one for one in steps if one not in reached]
            reached |= set(steps)
    assert reached == set(CaseState)
    assert left == set(CaseState)


def test_nothing_is_decided_without_a_decision() -> None:
    """However the acts follow one another, none but deciding leads where a decision leads."""
    for state, facts in itertools.product(CaseState, SPACE):
        for act in offered(state, facts):
            assert act is not CaseAct.DECIDE
            assert not set(way(state, act, facts)) & DECIDED
    for state in ANSWERED:
        sources = {one for one in CaseState if state in TRANSITIONS[one]}
        assert not sources & {CaseState.NEW, CaseState.INVESTIGATING, CaseState.REOPENED}


def test_whoever_only_looks_is_offered_nothing() -> None:
    """And each role only what it is for."""
    for state in CaseState:
        assert offered(state, Facts(frozenset({"view"}), is_proposal=True)) == ()
        managed = offered(state, Facts(frozenset({"view", "assign"})))
        assert set(managed) <= {CaseAct.ASSIGN}


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("action", ["NO_ACTION", "MONITOR", "SETTLEMENT_DEFER"])
def test_deciding_only_takes_steps_of_the_table(verdict: Verdict, action: str) -> None:
    """From every state in which somebody may decide; from an approval on nobody does."""
    for state in set(CaseState) - CARRIED_OUT:
        for before, after in itertools.pairwise((state, *decision_steps(state, verdict, action))):
            assert after in TRANSITIONS[before]
    for state in CARRIED_OUT:
        with pytest.raises(IllegalTransition, match="being carried out"):
            decision_steps(state, verdict, action)


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("act", [CaseAct.CLAIM, CaseAct.SNOOZE])
def test_what_waits_for_somebody_else_is_not_taken(state: CaseState, act: CaseAct) -> None:
    """A closed case is reopened on the way; a proposal stays where it is."""
    facts = Facts(frozenset({"decide"}))
    if state in {CaseState.PROPOSED, *CARRIED_OUT}:
        with pytest.raises(IllegalTransition):
            way(state, act, facts)
        return
    steps = (state, *way(state, act, facts))
    assert steps[-1] == RULES[act].to
    assert all(after in TRANSITIONS[before] for before, after in itertools.pairwise(steps))


def test_whoever_has_a_case_passes_it_on_and_nobody_elses() -> None:
    """Giving a colleague somebody else's case is a permission of its own."""
    decide = frozenset({"decide"})
    assert refusal(CaseState.ASSIGNED, CaseAct.ASSIGN, Facts(decide, is_owner=True)) is None
    problem = refusal(CaseState.ASSIGNED, CaseAct.ASSIGN, Facts(decide))
    assert isinstance(problem, AccessDenied)


def test_a_state_is_named_by_its_act() -> None:
    """Whoever says where a case shall go is told by which act, or what else is possible."""
    assert acts_between(CaseState.PROPOSED, CaseState.APPROVED) == (CaseAct.APPROVE,)
    with pytest.raises(RingfenceError, match="cannot become enforced"):
        acts_between(CaseState.PROPOSED, CaseState.ENFORCED)
