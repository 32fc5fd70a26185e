"""The queue of the day and what it keeps places for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_the_queue_of_the_day_keeps_places_for_the_unproven(open_page: Open) -> None:
    """Last of five here, with dashes; a band or a typology asked for leaves it out."""
    row = open_page("queue").dataframe[0].value.iloc[-1]
    assert (row["name"], row["lane"], row["band"].tolist()) == (
        "Tan | Wei",
        "Unproven",
        ["Unproven"],
    )
    assert row[["score", "priority"]].isna().all()
    assert row["reason_1"].endswith("8.2 deviations above its peers")
    scored = open_page("queue", {"sort": "probability"}).dataframe[0].value
    assert scored["name"].iloc[-1] == "Tan | Wei"
    low = open_page("queue", {"band": "HIGH"}).dataframe[0].value
    assert "Tan | Wei" not in list(low["name"])


def test_what_has_ended_is_a_list_with_a_way_back(open_page: Open) -> None:
    """The list says why it is apart, and one click leads back; here nothing has ended."""
    app = open_page("queue", {"lane": "ended"})
    assert not app.exception
    assert any("nothing can be saved here any more" in one.value for one in app.markdown)
    app.button(key="queue.daily").click().run()
    assert "lane" not in app.query_params
    assert len(app.dataframe[0].value) == 5
