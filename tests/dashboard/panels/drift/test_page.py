"""The Drift page: what moved in words, the windows in the address, and what a scope hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.app_pages import drift
from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

ALARM = {"market": "MY"}


def test_what_moved_is_a_sentence_with_its_event(open_page: Open) -> None:
    """The column, the market, both shares and the announced event; markup stays text."""
    text = words(open_page("drift", ALARM)).replace("\\", "")
    assert "1 column moved" in text
    assert "Payment method in MY: from 0% to 28%" in text
    assert "Payday sale" in text
    assert "](javascript" not in words(open_page("drift", ALARM))


def test_a_calm_market_says_so(open_page: Open) -> None:
    """No alarm is an answer."""
    assert "No column was unlike" in words(open_page("drift", {"market": "SG"}))


def test_every_column_is_in_the_table_the_furthest_first(open_page: Open) -> None:
    """Both columns of the tiny store, with what is never seen."""
    table, _ = [one.value for one in open_page("drift", ALARM).dataframe]
    assert table["label"].to_list() == ["Payment method", "Order to payment"]
    assert table["unseen"].to_list()[0] > 5.0
    assert table["alarms"].to_list() == [3, 0]


def test_the_column_that_moved_is_drawn_first(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands first in the table: the sentence above speaks of it."""
    rows_of = drift.columns_of
    monkeypatch.setattr(drift, "columns_of", lambda selection: rows_of(selection).reverse())
    app = open_page("drift", ALARM)
    assert app.dataframe[0].value["label"].to_list() == ["Order to payment", "Payment method"]
    assert "**Payment method**" in words(app)


def test_a_link_chooses_both_windows_and_the_column(open_page: Open) -> None:
    """Days outside the data are cut to it; the column is the one asked for."""
    link = {"market": "MY", "column": "payment_seconds", "since": "2020-01-01"}
    app = open_page("drift", {**link, "until": "2099-01-01"})
    assert not app.exception
    assert "Order to payment" in words(app)


def test_a_market_scope_hides_the_others(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither all markets together nor another one can be asked for."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    app = open_page("drift", ALARM)
    assert not app.exception
    assert "No column was unlike" in words(app)
    (table,) = [one.value for one in app.dataframe]
    assert table["alarms"].sum() == 0


def test_scores_say_who_came_and_what_it_decides(open_page: Open) -> None:
    """The parts of the change, and the alerts that what drifted makes and hides."""
    text = words(open_page("drift")).replace("\\", "")
    assert "×1.051 by who came, ×1.162 by how they behave" in text
    assert "makes 2 of 9 alerts and hides 1" in text


def test_a_frozen_reference_stands_beside_the_trailing_days(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The days frozen are said, and a window against itself is no drift at all."""
    whole = "2026-04-01/2026-04-30"
    monkeypatch.setenv("RINGFENCE_DRIFT_REFERENCE", whole)
    since, until = whole.split("/")
    app = open_page("drift", {**ALARM, "since": since, "until": until})
    assert not app.exception
    assert "the days that the team froze" in words(app).replace("\\", "")
    table, _ = [one.value for one in app.dataframe]
    assert table["psi_frozen"].to_list() == [0.0, 0.0]
