"""Look-alikes of both outcomes, nameless outside the viewer's markets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_look_alikes_name_both_outcomes_and_the_clean_twin(open_page: Open) -> None:
    """One table, and no outcome is left out without a word."""
    app = open_page("investigate", MERCHANT)
    app = app.button(key="in_view.alikes.draw").click().run()
    table = next(frame.value for frame in app.dataframe if "apart" in frame.value)
    assert [row[0] for row in table["outcome"]] == ["Confirmed", "Clean twin"]
    assert "There is no cleared entity to compare with" in plain_words(app)


def test_nobody_outside_the_markets_is_a_look_alike(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by name nor by score: a scope of one market compares within it."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("investigate", MERCHANT)
    app = app.button(key="in_view.alikes.draw").click().run()
    assert "in_view.alikes.draw" not in [one.key for one in app.button]
    assert not [frame for frame in app.dataframe if "apart" in frame.value]
