"""Nobody chosen: search, or start with the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import mask, names, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def test_search_finds_by_name_and_by_id(open_page: Open) -> None:
    """Part of either will do; nothing found says so."""
    assert names(open_page("investigate", {"find": "lucky"})) == ["Lucky Bazaar"]
    assert names(open_page("investigate", {"find": "CRT_1"})) == [tiny.FORMULA]
    assert "Nothing is called" in words(open_page("investigate", {"find": "zzz"}))


def test_no_search_says_whether_a_person_is_here(open_page: Open) -> None:
    """A buyer is found by id; whoever tries names learns nothing from it."""
    assert "Nothing is called" in words(open_page("investigate", {"find": "aisyah"}))
    assert names(open_page("investigate", {"find": "buy_2"})) == [mask("Aisyah")]
