"""Service quality stands apart from risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_the_service_index_stands_over_its_measures(open_page: Open) -> None:
    """Read from the build; a build without it says nothing."""
    assert "Service 72 of 100 among 29 Beauty peers" in plain_words(
        open_page("investigate", MERCHANT)
    )
    app = open_page("investigate", MERCHANT, without=["features.service_quality"])
    assert "Something went wrong" not in plain_words(app)
