"""The unproven lane stands apart from the alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import mask, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_unproven_lane_stands_apart(open_page: Open) -> None:
    """A lane of its own: what is unusual, and neither score nor priority."""
    app = open_page("queue", {"lane": "unproven"})
    table = app.dataframe[0].value
    assert list(table["name"]) == [mask("Tan | Wei")]
    assert not {"score", "band", "priority"} & set(table.columns)
    assert "nobody has judged such a thing yet" in plain_words(app)


def test_the_lane_has_no_filters_of_what_it_lacks(open_page: Open) -> None:
    """Neither typology, band nor an order by money."""
    app = open_page("queue", {"lane": "unproven"})
    app.session_state["queue.filters"] = True
    keys = {str(chips.key) for chips in app.run().button_group}
    assert not {"url.typology", "url.band"} & keys
    assert "url.market" in keys
    assert "queue.sort" not in {str(button.key) for button in app.get("menu_button")}


def test_a_database_without_the_lane_says_so(open_page: Open) -> None:
    """The link may be older than the scores."""
    app = open_page("queue", {"lane": "unproven"}, without=["scores.anomalies"])
    assert "needs the table scores.anomalies" in plain_words(app)
    assert app.button(key="queue.proven")
