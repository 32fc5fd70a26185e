"""The graph with its table twin on the tiny database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.store import data_version
from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import names, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_hostile_names_are_escaped_in_markdown(open_page: Open) -> None:
    """No name becomes a link, an image or HTML."""
    text = words(open_page("investigate", {"entity": "merchant:mer_2", "tab": "community"}))
    assert "\\[free\\]\\(" in text
    assert "[free](" not in text


def test_expanding_adds_neighbours_and_the_table_holds_them(open_page: Open) -> None:
    """The twin lists exactly the entities that are drawn."""
    params = {"entity": "buyer:buy_3", "tab": "community"}
    app = open_page("investigate", params)
    app.session_state["graph-buyer:buy_3-twin"] = True
    assert sorted(names(app.run())) == sorted([tiny.HOSTILE_SHORT, "Tan | Wei"])
    slot = f"graph-buyer:buy_3-expanded-{data_version()}"
    app.session_state[slot] = ["merchant:mer_2"]
    assert "Lucky Bazaar" in names(app.run())
