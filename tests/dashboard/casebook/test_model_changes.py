"""A model is changed by two people, and the trail is all that says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.cases.records import ModelProposal
from dashboard.cli.databases import promoted_models
from dashboard.errors import AccessDenied, IllegalTransition, IncompleteDecision, StaleCase
from queries.vocabulary import ADDITIVE, BOOSTED
from tests.dashboard.casebook.drafts import ANN, LEA, LEO

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

MADE = ModelProposal("buyer", ADDITIVE, "abc", "As good on what has matured, and easier to read.")


def proposed(book: Casebook, by: Viewer = ANN) -> ModelProposal:
    """The proposal as it waits."""
    book.propose_model(MADE, viewer=by)
    waits = book.model_standing("buyer").proposal
    assert waits is not None
    return waits


def test_nothing_changes_until_a_second_person_agrees(book: Casebook) -> None:
    """The recipe stays while it waits; then it is the other, of that type alone."""
    waits = proposed(book)
    assert (waits.proposed_by, waits.note) == ("ann", MADE.note)
    assert book.model_standing("buyer").recipe == BOOSTED
    book.answer_model(waits, viewer=LEA, is_promoted=True)
    standing = book.model_standing("buyer")
    assert (standing.recipe, standing.proposal) == (ADDITIVE, None)
    assert standing.answer is not None
    assert standing.answer.actor == "lea"
    assert book.model_standing("merchant").recipe == BOOSTED
    assert book.verify() is None


def test_the_proposer_does_not_promote(book: Casebook) -> None:
    """Four eyes: a lead who proposed is refused, an analyst may not, another lead may."""
    waits = proposed(book, LEA)
    for proposer in (LEA, Viewer("Lea ", "approver")):
        with pytest.raises(AccessDenied, match="You proposed this model"):
            book.answer_model(waits, viewer=proposer, is_promoted=True)
    with pytest.raises(AccessDenied, match="may not approve"):
        book.answer_model(waits, viewer=ANN, is_promoted=True)
    assert book.model_standing("buyer").recipe == BOOSTED
    book.answer_model(waits, viewer=LEO, is_promoted=True)
    assert book.model_standing("buyer").recipe == ADDITIVE


def test_who_sees_one_market_changes_no_model(book: Casebook) -> None:
    """A model scores all of them."""
    with pytest.raises(AccessDenied, match="scores every market"):
        book.propose_model(MADE, viewer=Viewer("ann", markets=frozenset({"ID"})))
    waits = proposed(book)
    with pytest.raises(AccessDenied, match="scores every market"):
        book.answer_model(
            waits, viewer=Viewer("lea", "approver", frozenset({"ID"})), is_promoted=True
        )


def test_a_declined_proposal_changes_nothing_and_makes_room(book: Casebook) -> None:
    """Its proposer may take it back; then another can be made."""
    waits = proposed(book)
    with pytest.raises(IllegalTransition, match="waits for an answer already"):
        book.propose_model(MADE, viewer=LEO)
    book.answer_model(waits, viewer=ANN, is_promoted=False)
    assert book.model_standing("buyer").recipe == BOOSTED
    with pytest.raises(StaleCase):
        book.answer_model(waits, viewer=LEA, is_promoted=True)
    assert proposed(book).seq > waits.seq


def test_back_goes_the_same_way(book: Casebook) -> None:
    """What is in use cannot be proposed; the other one can, and needs two people again."""
    book.answer_model(proposed(book), viewer=LEA, is_promoted=True)
    with pytest.raises(IllegalTransition, match="no other than the one agreed on"):
        book.propose_model(MADE, viewer=ANN)
    book.propose_model(replace(MADE, recipe=BOOSTED), viewer=LEA)
    back = book.model_standing("buyer").proposal
    assert back is not None
    book.answer_model(back, viewer=LEO, is_promoted=True)
    assert book.model_standing("buyer").recipe == BOOSTED


@pytest.mark.parametrize("changes", [{"note": " "}, {"recipe": "forest"}])
def test_a_proposal_needs_a_reason_and_a_model(book: Casebook, changes: dict[str, str]) -> None:
    """Refused, and nothing is written."""
    with pytest.raises((IncompleteDecision, IllegalTransition)):
        book.propose_model(replace(MADE, **changes), viewer=ANN)
    with pytest.raises(AccessDenied):
        book.propose_model(MADE, viewer=Viewer("eve", "viewer"))
    assert book.model_standing("buyer").proposal is None


def test_a_build_asks_the_casebook(
    book: Casebook, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The types two people agreed on; none where nobody has a casebook."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)
    assert promoted_models(path.parent / "elsewhere") == ()
    waits = proposed(book)
    assert promoted_models(path.parent) == ()
    book.answer_model(waits, viewer=LEA, is_promoted=True)
    assert promoted_models(path.parent) == ("buyer",)
