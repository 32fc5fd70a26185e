"""Two dates or two entities, by the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard import tiny_database as tiny
from tests.dashboard.harness import plain_words

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
    assert changed["Refund rate, 30 days"] == ("2.0%", "12.0%")
    assert set(changed) <= {"Refund rate, 30 days", "Account age"}
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
    assert "outside your markets" in plain_words(app)
