"""The queue of the day and what it keeps places for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import mask, plain_words, titles

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_queue_of_the_day_keeps_places_for_the_unproven(open_page: Open) -> None:
    """Last of four here, with dashes; a band or a typology asked for leaves it out."""
    unproven = f"Unproven: {mask('Tan | Wei')}"
    row = open_page("queue").dataframe[0].value.iloc[-1]
    assert (row["title"], row["band"].tolist()) == (unproven, ["Unproven"])
    assert row[["probability", "priority"]].isna().all()
    marked = open_page("queue", {"case": "buyer:buy_3"})
    assert "8.2 deviations above its peers" in plain_words(marked)
    assert titles(open_page("queue", {"sort": "probability"}))[-1] == unproven
    assert unproven not in titles(open_page("queue", {"band": "HIGH"}))


def test_what_has_ended_is_a_list_with_a_way_back(open_page: Open) -> None:
    """The list says why it is apart, and one click leads back; here nothing has ended."""
    app = open_page("queue", {"lane": "ended"})
    assert not app.exception
    assert any("nothing can be saved here any more" in one.value for one in app.markdown)
    app.button(key="queue.daily").click().run()
    assert "lane" not in app.query_params
    assert len(titles(app)) == 4
