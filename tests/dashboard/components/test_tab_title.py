"""A tab says who and where; a name cannot dress it up."""

from __future__ import annotations

from dashboard.components.tab_title import LONGEST, tab_title
from tests.dashboard.tiny_entities import LONG, OVERRIDE


def test_a_tab_says_subject_page_and_product() -> None:
    """In the order of what is cut last; without a subject the page alone."""
    assert tab_title("Investigate", "Luna Baby") == "Luna Baby · Investigate · Ringfence"
    assert tab_title("Queue") == "Queue · Ringfence"


def test_a_name_is_cut_and_hides_nothing() -> None:
    """Endless names leave room for the page, and no character turns the line round."""
    assert tab_title("Investigate", LONG).endswith("… · Investigate · Ringfence")
    assert len(tab_title("Investigate", LONG)) <= LONGEST + len(" · Investigate · Ringfence")
    assert "\u202e" not in tab_title("Investigate", OVERRIDE)
    assert "[U+202E]" in tab_title("Investigate", OVERRIDE)
