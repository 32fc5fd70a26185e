"""Two dates or two entities, by the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import plain_words
from tests.dashboard.tiny_scores import THEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def test_two_dates_are_compared_by_the_address(open_page: Open) -> None:
    """Refunds rose since: only what changed is in the table, with both values."""
    since = str(tiny.WEEKS[2])
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "since": since})
    assert app.selectbox(key="url.since").value == since
    table = app.dataframe[0].value
    changed = {row[0]: (row[1], row[2]) for row in table.itertuples(index=False)}
    assert changed["Refund requests per 100 orders, 30 days"] == ("2.0", "12.0")
    assert set(changed) <= {"Refund requests per 100 orders, 30 days", "Account age"}
    assert "What stayed the same gets nothing" in plain_words(app)


def test_two_entities_are_compared_by_id_or_key(open_page: Open) -> None:
    """Typed ids and links name the same other."""
    for against in ("mer_2", "merchant:mer_2"):
        params = {"tab": "compare", "against": against, "since": str(tiny.WEEKS[2])}
        app = open_page("investigate", {**MERCHANT, **params})
        assert not app.exception
        assert app.text_input(key="url.against").value == against
        assert "What stayed the same gets nothing" in plain_words(app)
        assert list(app.dataframe[0].value.columns) == ["label", "first", "last", "contribution"]


@pytest.mark.parametrize("against", ["mer_9", "buyer:buy_1"])
def test_whoever_cannot_be_compared_is_said(open_page: Open, against: str) -> None:
    """Unknown, or of another kind: a sentence, never a fault."""
    text = plain_words(open_page("investigate", {**MERCHANT, "tab": "compare", "against": against}))
    assert f"There is no merchant {against}" in text


def test_another_market_is_not_compared_with(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comparison would tell what the scope hides."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "MY")
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "against": "mer_2"})
    assert "There is no merchant mer_2" in plain_words(app)


def test_a_day_says_what_a_build_said_of_it(open_page: Open) -> None:
    """The oldest week has a build, the next one none: the first is quoted, the second rescored."""
    then, between = str(tiny.WEEKS[2]), str(tiny.WEEKS[1])
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "since": then})
    choices = dict(zip(app.selectbox(key="url.since").options, (between, then), strict=True))
    assert [one.split(" · ")[1] for one in choices] == [
        "0.819 rescored",
        f"{THEN} then",
    ]
    words = plain_words(app)
    assert f"{THEN}, Medium. Below, both sides are rescored with today's model" in words
    assert "2 days as scored then (filled); 1 day rescored with today's model (hollow)" in words
    app = open_page("investigate", {**MERCHANT, "tab": "compare", "since": between})
    assert f"No build of {tiny.WEEKS[1]:%-d %b %Y} is kept" in plain_words(app)


def test_whoever_was_low_then_has_no_score_of_that_day(open_page: Open) -> None:
    """A build that kept no row of a merchant called it Low, whatever today's model makes of it."""
    params = {"entity": "merchant:mer_2", "tab": "compare", "since": str(tiny.WEEKS[2])}
    app = open_page("investigate", params)
    assert app.selectbox(key="url.since").options[-1].endswith(" · Low then")
    assert ": Low. Below, both sides are rescored" in plain_words(app)
