"""The filters live in the address, and what does not fit there is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import mask, titles, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

BRUSHING = "Brushing: 2 accounts, 1 shop"


def test_filters_of_the_address_filter_the_table(open_page: Open) -> None:
    """A shared link shows the same rows."""
    buyers = [BRUSHING, f"Unproven: {mask('Tan | Wei')}"]
    assert titles(open_page("queue", {"entity_type": "buyer"})) == buyers
    assert titles(open_page("queue", {"entity_type": "ring"})) == [BRUSHING]
    assert titles(open_page("queue", {"search": "lucky"})) == [BRUSHING]
    assert len(titles(open_page("queue", {"market": "SG", "band": "HIGH"}))) == 1
    assert len(titles(open_page("queue", {"usd": "1000"}))) == 2
    assert "No alert matches" in words(open_page("queue", {"days": "7"}))


def test_choosing_a_filter_writes_the_address_and_starts_at_page_one(open_page: Open) -> None:
    """The address is the state: a change is in it, and the old page is not."""
    app = open_page("queue", {"page": "1", "case": "merchant:mer_2"})
    app.session_state["queue.filters"] = True
    app.run().button_group(key="url.band").set_value("CRIT").run()
    assert titles(app) == [BRUSHING]
    assert app.query_params["band"] == "CRIT"
    assert "case" not in app.query_params
    app.button(key="queue.drop.band").click().run()
    assert "band" not in app.query_params


def test_bad_parameters_are_named_and_ignored(open_page: Open) -> None:
    """A mangled link still opens, and says what it ignored."""
    app = open_page("queue", {"page": "-3", "band": "PURPLE", "entity_type": "'; drop table x"})
    assert not app.exception
    assert len(titles(app)) == 4
    assert "was ignored" in words(app)


def test_a_set_of_filters_is_kept_under_a_name(open_page: Open) -> None:
    """Opened in one click, by whoever kept it, until it is dropped."""
    app = open_page("queue", {"entity_type": "ring", "band": "CRIT"})
    app.session_state["queue.views"] = True
    app.run().text_input(key="queue.view_name").input("Big *rings*")
    next(one for one in app.button if one.label == "Keep this view").click().run()
    other = open_page("queue", {"search": "nobody"})
    other.session_state["queue.views"] = True
    other.run().button(key="queue.view.Big *rings*").click().run()
    assert (other.query_params["entity_type"], other.query_params["band"]) == ("ring", "CRIT")
    assert "search" not in other.query_params
    other.button(key="queue.forget.Big *rings*").click().run()
    assert "queue.view.Big *rings*" not in {str(button.key) for button in other.button}
