"""Rings on the tiny database: the list, and the ways to a ring's case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
TITLE = "Brushing: 2 accounts, 1 shop"


def test_the_list_names_a_ring_by_what_it_is(open_page: Open) -> None:
    """A name a person remembers, not an id."""
    assert open_page("rings").dataframe[0].value["title"].to_list() == [TITLE]


def test_a_member_leads_to_its_case(open_page: Open) -> None:
    """Investigate says which ring a subject is part of, and as what."""

    def links(entity: str) -> list[str]:
        app = open_page("investigate", {"entity": entity})
        return [link.proto.label.replace("\\", "") for link in app.get("page_link")]

    assert f"Worker of a ring: {TITLE}" in links("buyer:buy_1")
    assert not any("of a ring" in label for label in links("merchant:mer_2"))


def test_a_ring_of_another_market_is_not_listed(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scope narrows the list."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    assert "There are no rings" in words(open_page("rings"))
