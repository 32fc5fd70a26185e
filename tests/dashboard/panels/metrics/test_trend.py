"""One metric over time beside its slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_slices_of_a_split_stand_beside_the_chart(open_page: Open) -> None:
    """The table twin has a row per slice."""
    app = open_page("metrics", {"split": "market", "since": "2026-04-16", "until": "2026-04-30"})
    assert app.dataframe[0].value["slice"].to_list() == ["MY", "SG"]
    assert app.dataframe[0].value["change"].notna().all()
