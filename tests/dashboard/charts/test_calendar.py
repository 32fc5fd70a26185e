"""Events under a line: all of them named, no two names or bars in one place."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.calendar import MOST_ROWS, calendar
from dashboard.theme import LIGHT
from dashboard.view_models.calendar import CalendarMark, marks_of

FIRST = date(2026, 1, 1)
DAYS = pl.DataFrame({"day": [FIRST + timedelta(days=i) for i in range(60)]})
WIDTH = 600
# What the widest letters of a name take, and no more than half a day of slack.
LETTER, SLACK = 5.0, 5.0

MARK = st.builds(
    lambda start, length, title: CalendarMark(
        FIRST + timedelta(days=start), FIRST + timedelta(days=start + length), title
    ),
    st.integers(-10, 59),
    st.integers(0, 25),
    st.text("abcdefgh", min_size=1, max_size=30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MARK, min_size=1, max_size=MOST_ROWS, unique_by=lambda mark: mark.title))
def test_names_share_no_place(marks: list[CalendarMark]) -> None:
    """As many events as there are rows always fit, each with its name."""
    picture = calendar(marks, DAYS, LIGHT, width=WIDTH)
    if not picture.traces:
        return
    names = picture.traces[1]
    by_row: dict[int, list[tuple[float, float]]] = {}
    for day, level, text, side in zip(
        names["x"], names["y"], names["text"], names["textposition"], strict=True
    ):
        x, long = (day - FIRST).days * WIDTH / 59, len(text) * LETTER
        span = (x, x + long) if side.endswith("right") else (x - long, x)
        by_row.setdefault(int(-level), []).append(span)
    for spans in by_row.values():
        ordered = sorted(spans)
        assert all(a[1] <= b[0] + SLACK for a, b in pairwise(ordered))
    inside = [mark for mark in marks if mark.end >= FIRST]
    assert len(names["text"]) == len(inside)


def test_what_comes_again_and_again_is_one_row() -> None:
    """A weekly offer in each market would otherwise push the outage out of the picture."""
    rows = [
        {
            "start_day": FIRST + timedelta(days=7 * i),
            "end_day": FIRST + timedelta(days=7 * i + 3),
            "title": f"First order offer {market} {i}",
            "market": market,
        }
        for i in range(8)
        for market in ("GB", "US")
    ]
    rows.append({**rows[0], "title": "Label feed late", "market": None})
    picture = calendar(marks_of(pl.DataFrame(rows)), DAYS, LIGHT, width=WIDTH)
    assert picture.rows == 2
    assert set(picture.traces[1]["text"]) == {"Label feed late", "First order offer, 16 times"}


def test_events_beyond_the_rows_are_counted() -> None:
    """A bar without a name in the row of another would carry that one's name."""
    last = FIRST + timedelta(days=59)
    marks = [CalendarMark(FIRST, last, f"Offer of the week number {i}") for i in range(15)]
    names = calendar(marks[: MOST_ROWS + 1], DAYS, LIGHT, width=WIDTH).traces[1]
    assert len(names["text"]) == MOST_ROWS + 1
    names = calendar(marks, DAYS, LIGHT, width=WIDTH).traces[1]
    assert names["text"][-1] == f"{15 - MOST_ROWS} more events"
    assert len(set(names["y"])) == MOST_ROWS + 1


def test_a_mark_says_its_market() -> None:
    """A carrier strike in one market is not one everywhere; a title that says so is not doubled."""
    row = {"start_day": FIRST, "end_day": FIRST, "market": "GB"}
    titles = ("Carrier strike", "First order offer GB")
    marks = marks_of(pl.DataFrame([{**row, "title": title} for title in titles]))
    assert [mark.title for mark in marks] == ["Carrier strike (GB)", "First order offer GB"]
