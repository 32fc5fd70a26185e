"""Rings on the tiny database: the list, one ring, and the way from a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import words
from tests.dashboard.tiny_market import RING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
TITLE = "Brushing: 2 accounts, 1 shop"


def test_the_list_names_a_ring_by_what_it_is(open_page: Open) -> None:
    """A name a person remembers, not an id."""
    assert open_page("rings").dataframe[0].value["title"].to_list() == [TITLE]


def test_a_ring_says_since_when_who_and_how_much(open_page: Open) -> None:
    """The brief stands above the picture, in sentences."""
    text = words(open_page("rings", {"ring": RING})).replace("\\", "")
    assert TITLE in text
    assert "Tied mostly by the same devices" in text
    assert "1 confirmed bad, 0 confirmed good, nobody has decided on 2." in text
    assert "2 members in the queue" in text


def test_what_ties_them_is_masked(open_page: Open) -> None:
    """An analyst sees enough to tell two devices apart, not the identifier."""
    tables = [table.value.to_string() for table in open_page("rings", {"ring": RING}).dataframe]
    assert any("dev_…0001" in table for table in tables)
    assert not any("dev_00000001" in table for table in tables)


def test_a_member_leads_to_its_ring(open_page: Open) -> None:
    """Investigate says which ring a subject is part of, and as what."""

    def links(entity: str) -> list[str]:
        app = open_page("investigate", {"entity": entity})
        return [link.proto.label.replace("\\", "") for link in app.get("page_link")]

    assert f"Worker of a ring: {TITLE}" in links("buyer:buy_1")
    assert not any("of a ring" in label for label in links("merchant:mer_2"))


def test_a_ring_of_another_market_is_not_shown(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the list nor by its address."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG")
    assert "There are no rings" in words(open_page("rings"))
    assert "outside your markets" in words(open_page("rings", {"ring": RING}))


def test_a_ring_that_is_gone_is_a_sentence(open_page: Open) -> None:
    """An old link leads back to the list."""
    text = words(open_page("rings", {"ring": "rng_00000000ff"}))
    assert "There is no ring" in text
    assert "Rings change from build to build" in text
