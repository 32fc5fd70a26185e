"""What holds the score leads where the models disagree about the band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dashboard.harness import headings, plain_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1", "tab": "why"}


def test_near_a_line_the_findings_come_before_the_families(open_page: Open) -> None:
    """Five models disagree about the band of mer_1, so what holds it leads."""
    app = open_page("investigate", MERCHANT)
    names = headings(app)
    assert "Near the line" in plain_words(app)
    assert names.index("What holds the score") < names.index("Families")


def test_away_from_a_line_the_families_come_first(open_page: Open) -> None:
    """The models agree about mer_2: patterns first, and the spread in a quiet line."""
    app = open_page("investigate", {"entity": "merchant:mer_2", "tab": "why"})
    names = headings(app)
    assert names.index("Families") < names.index("What holds the score")
    assert "no line lies between" in plain_words(app)
