"""Why, for and against, with the model and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dashboard.harness import headings, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_for_and_against_stand_side_by_side(open_page: Open) -> None:
    """Both headings are there, with the model-free sentence under its feature."""
    text = plain_words(open_page("investigate", MERCHANT))
    assert "Raises the score" in text
    assert "Lowers the score" in text
    assert "Merchants with “Account age: 100 days or more” are confirmed 9.0 times" in text
    assert "(n = 312 verdicts, 7.0–11)" in text


@pytest.mark.parametrize(
    ("table", "heading"),
    [("scores.model_files", "Families"), ("explanations.background", "Families")],
)
def test_without_the_model_the_rest_of_why_stands(
    open_page: Open, table: str, heading: str
) -> None:
    """Scores from elsewhere: the panel names its table, the sentences are there."""
    app = open_page("investigate", MERCHANT, without=[table])
    assert f"no table {table}" in plain_words(app)
    assert heading in headings(app)
    assert "Raises the score" in plain_words(app)
    assert "Something went wrong" not in plain_words(app)


def test_a_model_that_was_not_delivered_is_a_state(open_page: Open) -> None:
    """The table is there and empty: somebody else's scores."""
    text = plain_words(open_page("investigate", MERCHANT, empty=["scores.model_files"]))
    assert "came without the model" in text
    assert "build with the scorer inside" in text
