"""The graph with what stands beside it, on the tiny database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.store import data_version
from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import drawn, mask, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_hostile_names_are_escaped_in_markdown(open_page: Open) -> None:
    """No name becomes a link, an image or HTML."""
    text = words(open_page("investigate", {"entity": "merchant:mer_2", "tab": "community"}))
    assert "\\[free\\]\\(" in text
    assert "[free](" not in text


def test_expanding_adds_neighbours_to_the_picture(open_page: Open) -> None:
    """What the session keeps as expanded is drawn with its neighbours."""
    app = open_page("investigate", {"entity": "buyer:buy_3", "tab": "community"})
    assert drawn(app) == sorted([tiny.HOSTILE, mask("Tan | Wei")])
    slot = f"graph-buyer:buy_3-expanded-{data_version()}"
    app.session_state[slot] = ["merchant:mer_2"]
    assert "Lucky Bazaar" in drawn(app.run())
