"""What is drawn around a subject on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import drawn, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_a_listing_stands_among_its_shop_its_sellers_and_its_likes(open_page: Open) -> None:
    """A product is in no community, and still not alone."""
    params = {"entity": "product:prd_1", "tab": "community"}
    app = open_page("investigate", params)
    shown = drawn(app)
    assert "Lucky Bazaar" in shown
    assert "(no name)" in shown  # the listing with the same picture
    assert "Nobody is tied" not in words(app)
