"""Why this one, or why nothing is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_an_investigation_needs_no_alerts(open_page: Callable[..., AppTest]) -> None:
    """Without the alerts table everything but the priority is there, and that says why."""
    app = open_page(
        "investigate", {"entity": "merchant:mer_1", "tab": "why"}, without=("alerts.alerts",)
    )
    text = words(app).replace("\\", "")
    assert "no table alerts.alerts" in text
    assert "Raises the score" in text
