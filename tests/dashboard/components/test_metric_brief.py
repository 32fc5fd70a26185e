"""The brief as a file: the same to the byte, text and never markup, nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dashboard.components.metric_brief import brief_html
from dashboard.view_models.brief import (
    MOST_FINDINGS,
    Brief,
    BriefFigure,
    BriefFinding,
    Definition,
)
from tests.dashboard import tiny_database as tiny

FIGURE = BriefFigure(
    "GMV", "$598K", "$557K", "+7.3%", "± $20K", "good", (1.0, None, 3.0, 2.0), date(2026, 9, 27)
)
BRIEF = Brief(
    title="Brief of 2026-09-28",
    days="21 Sep – 27 Sep against the 7 days before",
    slice="All orders",
    figures=(FIGURE,),
    findings=(BriefFinding("Refunds rose", "A policy", "Pool of 23", "Decided", "bad"),),
    quiet="Nothing stands out.",
    announced=("A rule. Refunds rose.",),
    definitions=(Definition("GMV", "Value of paid orders", "paid orders", "Growth"),),
    source="Data of 2026-09-28",
)


def test_the_same_brief_is_the_same_file() -> None:
    """Nobody can tell which of two is the original."""
    assert brief_html(BRIEF) == brief_html(replace(BRIEF))


def test_names_are_text() -> None:
    """A shop may be called like a script."""
    finding = replace(BRIEF.findings[0], who=tiny.HOSTILE)
    page = brief_html(replace(BRIEF, findings=(finding,), slice=tiny.HOSTILE)).decode()
    assert "<img" not in page
    assert "<script" not in page


def test_it_needs_nothing_from_elsewhere() -> None:
    """It opens on a train, and prints."""
    page = brief_html(BRIEF).decode()
    assert not re.findall(r"https?:|src=|@import|url\(", page)
    assert "@media print" in page


def test_a_day_without_a_value_is_a_hole_in_the_line() -> None:
    """It is no zero: the line stops and starts again."""
    page = brief_html(BRIEF).decode()
    path = re.findall(r'<path d="([^"]+)"', page)[0]
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_a_quiet_week_says_so() -> None:
    """Rather than an empty list."""
    page = brief_html(replace(BRIEF, findings=())).decode()
    assert "Nothing stands out." in page
    assert "<ol>" not in page


def test_a_busy_week_keeps_to_its_page() -> None:
    """What moved most is in the brief, and how much more there is to see."""
    many = tuple(replace(BRIEF.findings[0], sentence=f"Figure {n} rose") for n in range(9))
    page = brief_html(replace(BRIEF, findings=many)).decode()
    assert page.count(" rose</p>") == MOST_FINDINGS
    assert f"{9 - MOST_FINDINGS} more on the Metrics page" in page


def test_announced_changes_are_said_where_there_are_any() -> None:
    """Their titles are as typed."""
    page = brief_html(replace(BRIEF, announced=(tiny.HOSTILE,))).decode()
    assert "What announced changes did" in page
    assert "<img" not in page
    assert "announced" not in brief_html(replace(BRIEF, announced=())).decode()
