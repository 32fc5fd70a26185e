"""The shared lists say what the documents say, and no action falls between neutral and not."""

from __future__ import annotations

import re

import pytest

from queries import vocabulary
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs/domain.md").read_text(encoding="utf-8")
ADVERSE = (*vocabulary.VOIDING_ACTIONS, *vocabulary.ENFORCEMENT_LADDER)


def test_every_action_stands_once() -> None:
    """Neutral, voiding and the rungs of the ladder share no code."""
    assert len(set(vocabulary.ACTIONS)) == len(vocabulary.ACTIONS) == 27
    assert set(vocabulary.ALWAYS_OFFERED) < set(vocabulary.NEUTRAL_ACTIONS)


def test_the_neutral_actions_are_those_of_the_domain() -> None:
    """The five that take nothing from anybody, in the document's order."""
    sentence = re.search(r"Five actions take nothing from anybody: \*(.*?)\*", PAGE)
    assert sentence
    codes = {
        "no action": "NO_ACTION",
        "monitor": "MONITOR",
        "step-up verification": "STEP_UP_VERIFY",
        "secure the account": "SECURE_ACCOUNT",
        "restore access": "RESTORE_ACCESS",
    }
    assert tuple(codes[word] for word in sentence[1].split(", ")) == vocabulary.NEUTRAL_ACTIONS


@pytest.mark.parametrize("action", ["", *vocabulary.NEUTRAL_ACTIONS])
def test_what_takes_nothing_needs_no_second_person(action: str) -> None:
    """Nor does a decision in which no action is chosen."""
    assert not vocabulary.is_enforcement(action)


@pytest.mark.parametrize("action", [*ADVERSE, "SHOUT"])
def test_what_takes_something_needs_a_second_person(action: str) -> None:
    """Undoing a sale as much as closing an account, and also what no list knows."""
    assert vocabulary.is_enforcement(action)
