"""The list of short videos below the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_box_is_closed_until_somebody_opens_it(open_page: Open) -> None:
    """Closed it reads nothing; nothing in it is an answer too."""
    app = open_page("queue", {})
    assert not app.exception
    assert "came alone" in " ".join(box.label for box in app.expander)
    assert "No short video" not in words(app)
