"""The head of an investigation and its place in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def test_an_investigation_knows_its_place_in_the_filtered_queue(open_page: Open) -> None:
    """The way back keeps the filters, and next is the next of the same queue."""
    app = open_page("investigate", {**MERCHANT, "entity_type": "merchant"})
    assert "1 of 2 cases, 1 of 2 in its case" in [link.value for link in app.get("page_link")]
    assert app.button(key="investigate.previous").disabled
    assert not app.button(key="investigate.next").disabled
