"""Families keep their features, in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_a_family_of_the_address_keeps_its_features(open_page: Open) -> None:
    """A shared link shows the same features, and the rest is one bar."""
    app = open_page("investigate", {**MERCHANT, "family": "refunds"})
    keys = {button.key for button in app.button if str(button.key).startswith("evidence.")}
    assert keys == {"evidence.refund_rate_30d"}
    assert app.selectbox(key="url.family").value == "refunds"


def test_choosing_another_family_is_in_the_address(open_page: Open) -> None:
    """The select is the keyboard's twin of a click on a bar."""
    app = open_page("investigate", MERCHANT)
    app.selectbox(key="url.family").select("identity").run()
    assert app.query_params["family"] == "identity"
