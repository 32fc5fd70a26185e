"""One community: its members and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_identifiers_are_masked(open_page: Open) -> None:
    """An analyst sees enough to tell two devices apart, not the identifier."""
    app = open_page("community", {"community": "com_1"})
    tables = [table.value for table in app.dataframe]
    assert any(mask("dev_00000001", "device") in table.to_string() for table in tables)
    assert not any("dev_00000001" in table.to_string() for table in tables)
