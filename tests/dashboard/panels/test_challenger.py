"""The shadow's queue leads to its subjects, and a promotion takes two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.casebook import open_casebook
from queries.vocabulary import ADDITIVE, BOOSTED
from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity_type": "merchant"}


def who(monkeypatch: pytest.MonkeyPatch, name: str, role: str) -> None:
    """The person in front of the page."""
    monkeypatch.setenv("RINGFENCE_USER", name)
    monkeypatch.setenv("RINGFENCE_ROLE", role)


def test_both_models_stand_beside_each_other(open_page: Open) -> None:
    """What they share, which is better on the same verdicts, and whom one alone has."""
    app = open_page("model", MERCHANT)
    said = plain_words(app)
    assert "In use: trees of several facts together (160, m1)" in said
    assert "Both list 27 of the first 36" in said
    assert "agree by 0.90" in said
    assert "the challenger is worse in 2 of 2 measures, beyond chance" in said
    compared = next(one.value for one in app.dataframe if "difference" in one.value)
    assert compared["difference"].to_list() == ["\u22120.20 (\u22120.30 to \u22120.10)"] * 2
    apart = next(one.value for one in app.dataframe if "challenger_position" in one.value)
    assert apart[["position", "challenger_position"]].to_numpy().tolist() == [[1, 90]]
    assert apart["higher"].to_list()[0].tolist() == ["In use"]


def test_a_proposal_is_promoted_by_somebody_else(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its proposer is offered no promotion; another lead is, and the next build is said."""
    who(monkeypatch, "lea", "approver")
    app = open_page("model", MERCHANT)
    app.session_state["model.propose.boosted"] = True
    app.run()
    app.text_input(key="model.proposal_note").set_value("It can be read curve by curve.")
    next(one for one in app.button if one.label == "Propose").click().run()
    assert "lea proposed trees of one fact each" in plain_words(app)
    assert "model.promote" not in {one.key for one in app.button}
    assert open_casebook().model_standing("merchant").recipe == BOOSTED

    who(monkeypatch, "leo", "approver")
    app = open_page("model", MERCHANT)
    app.button(key="model.promote").click().run()
    assert "Agreed: the next build uses trees of one fact each" in plain_words(app)
    standing = open_casebook().model_standing("merchant")
    assert (standing.recipe, standing.proposal) == (ADDITIVE, None)
    assert open_casebook().verify() is None


def test_whoever_only_reads_is_offered_nothing(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison, and no button."""
    who(monkeypatch, "eve", "viewer")
    app = open_page("model", MERCHANT)
    assert "Both list 27 of the first 36" in plain_words(app)
    assert not [one for one in app.button if (one.key or "").startswith("model.")]
