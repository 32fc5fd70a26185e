"""The hostile names cover what breaks a page."""

from __future__ import annotations

import re

from sample_data import words
from sample_data.words.hostile import HOSTILE


def test_the_hostile_names_cover_what_breaks_pages() -> None:
    """Markup, formulas, direction marks, zero width, quotes, other scripts, endless and empty."""
    assert {len(text) for text in HOSTILE} >= {0, 300}
    for pattern in ("<script>", r"^=", r"^\+", r"^@", "\u202e", "\u200b", r"\\", '"', "\u0410mber"):
        assert any(re.search(pattern, text) for text in HOSTILE), pattern


def test_the_longest_hostile_name_has_300_characters() -> None:
    """The list covers markup, formulas, direction marks, an endless and an empty name."""
    assert max(len(text) for text in words.HOSTILE) == 300
    assert "" in words.HOSTILE
    assert any(text.startswith("=") for text in words.HOSTILE)
    assert any("<script>" in text for text in words.HOSTILE)
    assert any("\u202e" in text for text in words.HOSTILE)
