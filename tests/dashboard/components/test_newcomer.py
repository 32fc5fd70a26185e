"""Who is new is known by what they did themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.components.newcomer import TOUR
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path


def script() -> None:
    """Says whether the viewer is new."""
    import streamlit as st

    from dashboard.components.newcomer import is_newcomer

    st.text(is_newcomer())


@pytest.fixture(autouse=True)
def _casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path / 'casebook.sqlite'}")


def is_new(name: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """What a fresh session of this person is told."""
    monkeypatch.setenv("RINGFENCE_USER", name)
    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS).run()
    return bool(app.text[0].value == "True")


def test_a_colleagues_first_decision_leaves_others_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invitation goes for whoever decided, and stays for everybody else."""
    assert is_new("ann", monkeypatch)
    draft = DecisionDraft("merchant", "mer_1", Verdict.FALSE_POSITIVE, "key")
    open_casebook().decide(draft, viewer=Viewer("ann"))
    assert not is_new("ann", monkeypatch)
    assert is_new("bob", monkeypatch)


def test_whoever_saw_the_tour_is_not_invited_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """In later sessions too."""
    open_casebook().save_draft(TOUR, {"seen": True}, viewer=Viewer("bob"))
    assert not is_new("bob", monkeypatch)
    assert is_new("ann", monkeypatch)
