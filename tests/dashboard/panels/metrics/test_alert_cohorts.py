"""The alerts of each week stand below the kinds of risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_a_week_of_alerts_says_that_it_is_too_young(open_page: Open) -> None:
    """One alert of the ledger, two weeks old: its week is there without a share."""
    app = open_page("metrics")
    table = app.dataframe[-1].value
    assert table["week"].to_list() == ["2026-04-13"]
    assert table["opened"].to_list() == [1]
    assert table["confirmed"].isna().all()
    assert table["state"].to_list() == ["too young: 0 confirmed, 0 cleared so far"]
    assert any("No week is old enough yet" in caption.value for caption in app.caption)


def test_who_has_no_category_is_left_out(open_page: Open) -> None:
    """The alert is on a buyer: a chosen category leaves no week, and nothing is drawn."""
    app = open_page("metrics", {"category": "beauty"})
    assert not any("What became of alerts" in part.value for part in app.markdown)
