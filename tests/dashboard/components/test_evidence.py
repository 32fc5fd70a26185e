"""The rows behind a number are one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_evidence_is_one_click_away_and_in_the_address(open_page: Open) -> None:
    """The rows behind a reason open under it and recompute its value."""
    app = open_page("investigate", MERCHANT)
    app.button(key=f"evidence.{tiny.DOCUMENTED}").click().run()
    assert app.query_params["feature"] == tiny.DOCUMENTED
    assert "Recomputed from these rows\\: same value" in words(app)
    assert app.dataframe[0].value["entity_id"].to_list() == ["Lucky Bazaar"]
