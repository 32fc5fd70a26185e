"""Content: texts newest first, their words marked, nothing of them alive on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard.harness import plain_words, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]


def content(open_page: Open, key: str, **more: str) -> AppTest:
    """The tab of a subject."""
    return open_page("investigate", {"entity": key, "tab": "content", **more})


@pytest.mark.parametrize("key", ["merchant:mer_1", "creator:crt_1", "live_session:liv_1"])
def test_a_warning_is_marked_and_counts_nowhere(open_page: Open, key: str) -> None:
    """Nine texts hold the words; the newest, which warns of them, is not one of them."""
    app = content(open_page, key)
    assert not app.exception
    said = plain_words(app)
    assert "9 texts hold words of a clause. 1 more only cites them" in said
    assert "It warns of it: “do not”." in said
    assert said.index("cmt_9") < said.index("cmt_8") < said.index("cmt_7")


def test_the_words_are_marked_where_they_stand(open_page: Open) -> None:
    """Bold on a ground, the sign that nobody sees is seen, and the rest is literal."""
    told = words(content(open_page, "merchant:mer_1"))
    assert ":orange-background[**pa\\[U\\+200B\\]y me direct**]" in told
    assert "<img" not in told.replace("\\<img", "")
    assert "Payment or contact outside the platform" in told


def test_a_second_page_has_the_rest(open_page: Open) -> None:
    """Ten texts, eight a page."""
    said = plain_words(content(open_page, "merchant:mer_1", texts="2"))
    assert "cmt_1 " in f"{said} ".replace("\n", " ")
    assert "cmt_9" not in said


def test_what_looks_like_a_shop_stands_below(open_page: Open) -> None:
    """Nearest first by the one model that both have; names as text, never as markup."""
    app = content(open_page, "merchant:mer_1")
    [table] = [one.value for one in app.dataframe if "cosine" in one.value.columns]
    assert table["cosine"].to_list() == pytest.approx([0.8, 0.0])
    assert table["name"].to_list()[0].startswith("<img src=x")
    assert table["model"].to_list() == ["clip 1", "clip 1"]
    assert "likeness" not in table.columns


def test_without_vectors_it_says_so(open_page: Open) -> None:
    """Of a subject without one, and of a database from before there were any."""
    assert "No vector of it was delivered" in plain_words(content(open_page, "buyer:buy_1"))
    older = open_page(
        "investigate",
        {"entity": "merchant:mer_1", "tab": "content"},
        without=["staging.entity_embedding"],
    )
    assert not older.exception
    assert "Looks like" not in plain_words(older)


def test_whoever_wrote_nothing_has_a_sentence(open_page: Open) -> None:
    """And so has a database from before there was any."""
    app = content(open_page, "merchant:mer_2")
    assert "No text about it holds words of a clause." in plain_words(app)
    older = open_page(
        "investigate", {"entity": "merchant:mer_1", "tab": "content"}, without=["content.passages"]
    )
    assert not older.exception
    assert "No text about it holds words of a clause." in plain_words(older)
