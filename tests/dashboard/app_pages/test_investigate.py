"""One entity in full, and a way back from an unknown one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard.harness import names, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def test_a_missing_table_leaves_the_other_panels(open_page: Open) -> None:
    """Without explanations an entity still has its head and its decision form."""
    app = open_page("investigate", MERCHANT, without=["explanations.contributions"])
    text = words(app)
    assert "Lucky Bazaar" in text
    assert app.button(key="decide.merchant:mer_1.0.save")


@pytest.mark.parametrize("entity", ["merchant:mer_9", "merchant", "<b>:x", "buyer:' or 1=1"])
def test_an_unknown_entity_has_a_way_back(open_page: Open, entity: str) -> None:
    """A stale or malformed link leads to the search, never to a trace."""
    app = open_page("investigate", {"entity": entity})
    assert not app.exception
    assert app.text_input(key="url.find") is not None
    assert names(app)[0] == "Lucky Bazaar"
