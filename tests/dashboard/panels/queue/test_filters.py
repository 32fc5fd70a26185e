"""The filters live in the address, and what does not fit there is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import names, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_filters_of_the_address_filter_the_table(open_page: Open) -> None:
    """A shared link shows the same rows."""
    assert names(open_page("queue", {"entity_type": "buyer"})) == [
        "abc[U+202E]gnp.exe",
        "Tan | Wei",
    ]
    assert names(open_page("queue", {"search": "lucky"})) == ["Lucky Bazaar"]
    assert len(names(open_page("queue", {"market": "SG", "band": "HIGH"}))) == 1


def test_choosing_a_filter_writes_the_address_and_starts_at_page_one(open_page: Open) -> None:
    """The address is the state: a change is in it, and the old page is not."""
    app = open_page("queue", {"page": "1", "alert": "alt_4"})
    app.selectbox(key="url.entity_type").select("creator").run()
    assert names(app) == ['=HYPERLINK("https://evil.example","x")']
    assert app.query_params["entity_type"] == "creator"
    assert "alert" not in app.query_params


def test_bad_parameters_are_named_and_ignored(open_page: Open) -> None:
    """A mangled link still opens, and says what it ignored."""
    app = open_page("queue", {"page": "-3", "band": "PURPLE", "entity_type": "'; drop table x"})
    assert not app.exception
    assert len(names(app)) == 5
    assert "was ignored" in words(app)
