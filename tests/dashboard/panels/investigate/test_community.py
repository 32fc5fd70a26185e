"""What is drawn around a subject on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize("key", ["buyer:buy_1", "merchant:mer_1"])
def test_a_ring_stands_before_all_that_is_around(open_page: Open, key: str) -> None:
    """For every type of member: its ring with its name, the rest on request."""
    params = {"entity": key, "tab": "community"}
    app = open_page("investigate", params)
    assert "Brushing: 2 accounts, 1 shop" in [
        link.label.replace("\\", "") for link in app.get("page_link")
    ]
    assert "Showing 3 of 3 members" in drawn(app) or "Lucky Bazaar" in drawn(app)
    around = open_page("investigate", {**params, "around": "all"})
    assert not around.exception
    assert drawn(around) != drawn(app)
