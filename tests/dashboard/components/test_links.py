"""Whoever left a page for a subject comes back to exactly where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from dashboard.components.links import BACK, LONGEST_BACK, way_back_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

CASE = {"entity": "merchant:mer_1"}


@pytest.mark.parametrize(
    ("left", "label"),
    [
        (("metrics", {"metric": "refund_rate", "market": "MY,SG"}), "Back to metrics"),
        (("case", {"id": "rng_0123456789"}), "Back to the case"),
        (("rings", {}), "Back to rings"),
        (("community", {"community": "com_1"}), "Back to the community"),
    ],
)
def test_a_case_leads_back_to_the_page_it_was_opened_on(
    open_page: Open, left: tuple[str, dict[str, str]], label: str
) -> None:
    """With its filters, and saying where it leads."""
    app = open_page("investigate", {**CASE, BACK: way_back_to(*left)})
    assert not app.exception
    (link,) = [one for one in app.get("page_link") if one.proto.label == label]
    assert dict(parse_qsl(link.proto.query_string)) == left[1]


@pytest.mark.parametrize("back", ["", "nowhere?x=1", "https://evil.example", "queue?page=2", "?"])
def test_a_way_back_is_one_of_our_pages_or_none(open_page: Open, back: str) -> None:
    """An address is typed by anybody: nothing else becomes a link."""
    app = open_page("investigate", {**CASE, BACK: back})
    assert not app.exception
    back_links = [one for one in app.get("page_link") if one.proto.label.startswith("Back to")]
    assert back_links == []


def test_the_way_back_stays_when_the_next_subject_is_opened(open_page: Open) -> None:
    """Next and Previous are no new way in."""
    back = way_back_to("metrics", {"metric": "orders"})
    app = open_page("investigate", {**CASE, BACK: back})
    app.button(key="investigate.next").click().run()
    assert app.query_params["entity"] != CASE["entity"]
    assert app.query_params[BACK] == back


def test_a_way_back_does_not_grow_without_end() -> None:
    """Of a long chain the last step is kept whole."""
    back = ""
    for step in range(50):
        back = way_back_to("rings", {"ring": f"rng_{step:010d}", BACK: back})
    assert len(back) <= LONGEST_BACK
    assert dict(parse_qsl(back.partition("?")[2]))["ring"] == "rng_0000000049"
