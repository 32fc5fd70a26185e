"""A text with its words marked: every sign literal, long ones cut around the words."""

from __future__ import annotations

import pytest

from dashboard.view_models.passages import marked


def ground(words: str) -> str:
    """Words as they are marked."""
    return f":orange-background[**{words}**]"


@pytest.mark.parametrize(
    ("body", "spans", "expected"),
    [
        ("a pay b", [(2, 5)], f"a {ground('pay')} b"),
        ("pay", [(0, 3)], ground("pay")),
        ("pay pay", [(4, 7), (0, 3)], f"{ground('pay')} {ground('pay')}"),
        ("a pay me b", [(2, 5), (4, 8)], f"a {ground('pay me')} b"),
        ("*p* pay", [(4, 7)], f"\\*p\\* {ground('pay')}"),
        ("\n pay\u202e", [(2, 5)], f"{ground('pay')}\\[U\\+202E\\]"),
        ("pa\u0301y it", [(0, 4)], ground("pa\u0301y") + " it"),
    ],
)
def test_words_are_marked_in_place(body: str, spans: list[tuple[int, int]], expected: str) -> None:
    """Overlapping ones are one, and what markdown reads is escaped on either side."""
    assert marked(body, spans) == expected


def test_a_long_text_is_cut_around_the_words() -> None:
    """Before the first, between two and after the last, each cut with its sign."""
    body = "x" * 50 + "pay" + "y" * 50 + "pay" + "z" * 50
    shown = marked(body, [(50, 53), (103, 106)], around=10)
    ends = ("…" + "x" * 10, "y" * 10 + "…" + "y" * 10, "z" * 10 + "…")
    assert shown == ends[0] + ground("pay") + ends[1] + ground("pay") + ends[2]
    assert "…" not in marked(body, [(50, 53), (103, 106)], around=50)
