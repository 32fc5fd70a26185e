"""Communities come and go between builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_an_unknown_community_shows_the_list(open_page: Open) -> None:
    """Communities change from build to build, so a stale link is normal."""
    app = open_page("community", {"community": "com_gone"})
    assert "There is no community" in words(app)
    assert len(app.dataframe) == 1
