"""The marked alert and the table of one page of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import names, plain_words, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_queue_lists_the_most_valuable_alert_first(open_page: Open) -> None:
    """Order is money per minute; names are literal cells."""
    app = open_page("queue")
    assert names(app)[:2] == ["Lucky Bazaar", tiny.HOSTILE_SHORT]


def test_next_moves_the_mark(open_page: Open) -> None:
    """The marked alert is an id in the address."""
    app = open_page("queue")
    app.button(key="queue.next").click().run()
    assert app.query_params["alert"] == "alt_2"
    assert list(app.dataframe[0].value["mark"]) == ["", "►", "", "", ""]


def test_next_on_the_last_row_turns_the_page(open_page: Open) -> None:
    """The keyboard never hits a wall inside the queue."""
    app = open_page("queue", {"size": "2", "alert": "alt_2"})
    app.button(key="queue.next").click().run()
    assert app.query_params["page"] == "2"
    assert len(names(app)) == 2


def test_a_filter_that_matches_nothing_offers_a_way_out(open_page: Open) -> None:
    """Nothing found is a sentence and a button."""
    app = open_page("queue", {"search": "nobody"})
    assert "No alert matches these filters" in words(app)
    assert app.button(key="queue.clear")


def test_the_queue_leads_to_the_unproven(open_page: Open) -> None:
    """One quiet line under the alerts, and back again by the filter."""
    app = open_page("queue")
    app.button(key="queue.unproven").click().run()
    assert app.query_params["lane"] == "unproven"


def test_an_empty_queue_without_filters_leads_to_who_waits(open_page: Open) -> None:
    """No filter is set, so none is offered to be cleared; the unproven are one click away."""
    app = open_page("queue", empty={"alerts.alerts"})
    assert "No alert is open." in plain_words(app)
    assert "Clear filters" not in [button.label for button in app.button]
    app.button(key="queue.unproven").click().run()
    assert app.query_params["lane"] == "unproven"
    assert len(app.dataframe)
