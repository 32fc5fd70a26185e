"""Events of the calendar under a line over time, each with its name, in as few rows as fit.

A bar without a name says that something was, and not what: then nobody can tell a campaign
from an outage. A name stands over its bar, and no two names or bars share a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.text import plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboard.theme import Palette
    from dashboard.view_models.calendar import CalendarMark

ROW_PIXELS = 19
"""A name and its bar."""
MOST_ROWS = 8
"""More at once share a row below, which says how many they are; pointing at one names it."""
NAME_LENGTH = 34
NAME_SIZE = 10
# Wide enough for the widest of the font's usual letters at that size.
_LETTER_PIXELS = 5.6
_GAP_PIXELS = 8
_NAME_HEIGHT, _BAR_HEIGHT = 0.55, 0.12


@dataclass(frozen=True)
class Calendar:
    """Traces on the axis `y2`, whose range is `rows` rows, the first on top."""

    traces: list[dict[str, Any]]
    rows: int

    @property
    def height(self) -> int:
        """Pixels that the rows need."""
        return self.rows * ROW_PIXELS

    @property
    def range(self) -> list[float]:
        """The range of `y2`."""
        return [-float(self.rows), 0.0]


@dataclass(frozen=True)
class _Row:
    """Events that share a row and a name: one of its own, or all of a series."""

    marks: tuple[CalendarMark, ...]
    row: int
    name: str
    x: date
    is_left: bool
    """Whether the name starts with the first bar; else it ends with the plot."""


@dataclass(frozen=True)
class _Axis:
    """The days shown, both ends inclusive, and how many pixels each has."""

    first: date
    last: date
    width: int

    def place(self, day: date) -> float:
        """Pixels from the first day, for a day cut to those shown."""
        span = max((self.last - self.first).days, 1)
        return (min(max(day, self.first), self.last) - self.first).days * self.width / span


def calendar(
    marks: Sequence[CalendarMark], days: pl.DataFrame, palette: Palette, *, width: int
) -> Calendar:
    """The events that touch `days` (column day), on a plot of about `width` pixels."""
    if days.is_empty():
        return Calendar([], 0)
    axis = _Axis(min(days["day"].to_list()), max(days["day"].to_list()), width)
    inside = [mark for mark in marks if mark.start <= axis.last and mark.end >= axis.first]
    rows = _rows(inside, axis)
    if not rows:
        return Calendar([], 0)
    traces = [_bars(rows, axis, palette), _names(rows, palette)]
    return Calendar(traces, max(one.row for one in rows) + 1)


def _rows(marks: Sequence[CalendarMark], axis: _Axis) -> list[_Row]:
    """The first row where both the bars and their name are free, series last."""
    groups: dict[tuple[bool, str], list[CalendarMark]] = {}
    for i, mark in enumerate(sorted(marks, key=lambda one: (one.start, one.end, one.title))):
        groups.setdefault((bool(mark.series), mark.series or f"{i}"), []).append(mark)
    free, rows = [0.0] * MOST_ROWS, []
    beyond: list[tuple[str, list[CalendarMark]]] = []
    for (is_series, _), group in sorted(groups.items(), key=lambda item: item[0][0]):
        name = _name(group) if is_series else plot_text(group[0].title, length=NAME_LENGTH)
        start, end = axis.place(group[0].start), axis.place(max(one.end for one in group))
        long = len(name) * _LETTER_PIXELS
        is_left = start + long <= axis.width
        low, high = (start, max(end, start + long)) if is_left else (axis.width - long, axis.width)
        row = next((i for i in range(MOST_ROWS) if free[i] <= min(start, low)), None)
        if row is None:
            beyond.append((name, group))
            continue
        free[row] = high + _GAP_PIXELS
        x = max(group[0].start, axis.first) if is_left else axis.last
        rows.append(_Row(tuple(group), row, name, x, is_left))
    if beyond:
        marks_beyond = tuple(mark for _, group in beyond for mark in group)
        names = "; ".join(name for name, _ in beyond)
        fits = len(names) * _LETTER_PIXELS <= axis.width
        name = names if fits else f"{len(beyond)} more events"
        rows.append(_Row(marks_beyond, MOST_ROWS, name, axis.first, is_left=True))
    return rows


def _name(group: Sequence[CalendarMark]) -> str:
    if len(group) == 1:
        return plot_text(group[0].title, length=NAME_LENGTH)
    return f"{plot_text(group[0].series, length=NAME_LENGTH)}, {len(group)} times"


def _bars(rows: Sequence[_Row], axis: _Axis, palette: Palette) -> dict[str, Any]:
    """A point a day, so that pointing at any of its days names the event; a gap at each end."""
    points: list[tuple[date, float | None, str]] = []
    for one in rows:
        level = -one.row - 1.0 + _BAR_HEIGHT
        for mark in one.marks:
            start, end = max(mark.start, axis.first), min(mark.end, axis.last)
            title = plot_text(mark.title, length=2 * NAME_LENGTH)
            points += [
                (start + timedelta(days=i), level, title) for i in range((end - start).days + 1)
            ]
            points.append((end, None, ""))
    return {
        "type": "scatter",
        # A single day is a point: a line needs two.
        "mode": "lines+markers",
        "name": "Calendar",
        "x": [day for day, _, _ in points],
        "y": [level for _, level, _ in points],
        "text": [title for _, _, title in points],
        "yaxis": "y2",
        "showlegend": False,
        "line": {"color": palette.low, "width": 3},
        "marker": {"color": palette.low, "size": 3, "symbol": "square"},
        "connectgaps": False,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _names(rows: Sequence[_Row], palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "name": "Names",
        "x": [one.x for one in rows],
        "y": [-one.row - 1.0 + _NAME_HEIGHT for one in rows],
        "text": [one.name for one in rows],
        "textposition": ["middle right" if one.is_left else "middle left" for one in rows],
        "textfont": {"size": NAME_SIZE, "color": palette.muted},
        "yaxis": "y2",
        "showlegend": False,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
