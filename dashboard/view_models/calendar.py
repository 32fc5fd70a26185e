"""Events of the calendar as marks on an axis of days.

What comes again and again (a weekly voucher in each market) is one series: it shares a row and
a name, or it would push the one event that matters out of sight.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

OFTEN = 3
"""Events of one title from which on they are a series."""
_COUNTED = re.compile(r"(\s+(\d+|[A-Z]{2}))+$")


@dataclass(frozen=True)
class CalendarMark:
    """A known event on the time axis; both ends inclusive."""

    start: date
    end: date
    title: str
    series: str = ""
    """What it is one of many of; empty = an event of its own."""


def marks_of(calendar: pl.DataFrame) -> tuple[CalendarMark, ...]:
    """Calendar rows (start_day, end_day, title, market) as marks, oldest first."""
    rows = calendar.rows(named=True)
    stems = [_COUNTED.sub("", text.plain(row["title"])) for row in rows]
    often = {stem for stem, count in Counter(stems).items() if count >= OFTEN}
    return tuple(
        CalendarMark(row["start_day"], row["end_day"], _title(row), stem if stem in often else "")
        for row, stem in zip(rows, stems, strict=True)
    )


def _title(row: dict[str, object]) -> str:
    """The title with its market, unless it says so itself."""
    title, market = text.plain(row["title"]), row["market"]
    if market is None or str(market) in title.split():
        return title
    return f"{title} ({text.plain(market)})"
