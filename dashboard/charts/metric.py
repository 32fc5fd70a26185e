"""A metric over time: its slices, what was expected, what stood out, and the days compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import LABEL_SIZE, faded, figure, hatching
from dashboard.charts.calendar import calendar
from dashboard.charts.lines import (
    PLAIN,
    PLOT_PIXELS,
    DayAxis,
    band,
    edge,
    line,
    over_time,
    pen,
)
from dashboard.text import plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.calendar import CalendarMark

# More lines than colours cannot be told apart; the table twin has every slice.
MAX_LINES = 7
NO_BAND = pl.DataFrame(schema={"day": pl.Date, "low": pl.Float64, "high": pl.Float64})
NO_MOVEMENTS = pl.DataFrame(
    schema={"day": pl.Date, "value": pl.Float64, "text": pl.String, "tone": pl.String}
)


@dataclass(frozen=True)
class Around:
    """What stands around a metric's lines.

    `expected` has day, low, high; `movements` has day, value, text and tone (good, bad, none).
    Of `now` and `before` both ends are inclusive.
    """

    marks: Sequence[CalendarMark] = ()
    expected: pl.DataFrame = field(default_factory=lambda: NO_BAND)
    movements: pl.DataFrame = field(default_factory=lambda: NO_MOVEMENTS)
    now: tuple[date, date] | None = None
    before: tuple[date, date] | None = None
    clock: DayAxis = PLAIN
    changes: Sequence[date] = ()
    """Days on which a level begins."""


ALONE = Around()


def metric_chart(
    series: pl.DataFrame, palette: Palette, *, unit: str, around: Around = ALONE
) -> go.Figure:
    """`series` (day, slice, value) as one line per slice, largest first.

    Days that are too young are dotted, on hatched ground. A horizontal drag chooses days.
    """
    traces = _expected(around.expected, palette)
    for i, name in enumerate(_largest(series)):
        part = series.filter(pl.col("slice") == name)
        colour = palette.categorical[i % len(palette.categorical)]
        traces += _aged(part, plot_text(name), unit, colour, around.clock.young_since)
    traces += _movements(around.movements, palette)
    events = calendar(around.marks, series, palette, width=PLOT_PIXELS)
    days = pl.concat([series, around.expected], how="diagonal_relaxed")
    under = over_time(palette, unit, days, around.clock, events)
    hatched = _hatched(palette, series, around.clock.young_since)
    return figure(
        [*hatched, *traces, *events.traces],
        {
            **under,
            "dragmode": "select",
            "selectdirection": "h",
            "bargap": 0,
            "yaxis3": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
            "shapes": _compared(palette, around),
            "annotations": _words(palette, around, series),
        },
    )


def _expected(expected: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    if expected.is_empty():
        return []
    x = expected["day"].to_list()
    return band(x, expected, ("low", "high"), "Expected", faded(palette.low, 0.2))


def _aged(
    part: pl.DataFrame, label: str, unit: str, colour: str, young_since: date | None
) -> list[dict[str, Any]]:
    """A slice's line, and its too young days as a faint dotted one."""
    if young_since is None:
        return [line(part["day"].to_list(), part["value"], label, unit, pen(colour, width=1.8))]
    is_young = pl.col("day") >= young_since
    old, young = part.filter(~is_young), part.filter(is_young)
    drawn = [(old, pen(colour, width=1.8)), (young, pen(faded(colour, 0.5), dash="dot"))]
    lines = [line(rows["day"].to_list(), rows["value"], label, unit, one) for rows, one in drawn]
    lines[1] |= {"showlegend": old.is_empty(), "hovertemplate": "%{customdata} so far"}
    return lines


def _largest(series: pl.DataFrame) -> list[str]:
    sizes = series.group_by("slice").agg(pl.col("value").sum())
    ranked = sizes.sort(["value", "slice"], descending=[True, False])
    return ranked["slice"].head(MAX_LINES).to_list()


def _movements(movements: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    """A ring round each day that stood out; a click on it opens what is said of it."""
    if movements.is_empty():
        return []
    colours = {"bad": palette.crit, "good": palette.accent}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Stands out",
            "x": movements["day"].to_list(),
            "y": movements["value"].to_list(),
            "text": [plot_text(words, length=120) for words in movements["text"]],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "symbol": "circle-open",
                "size": 11,
                "line": {"width": 2},
                "color": [colours.get(tone, palette.muted) for tone in movements["tone"]],
            },
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}},
            "cliponaxis": False,
        }
    ]


def _hatched(
    palette: Palette, series: pl.DataFrame, young_since: date | None
) -> list[dict[str, Any]]:
    """Hatched ground behind the days that are too young."""
    if young_since is None:
        return []
    days = [day for day in series["day"].unique().sort().to_list() if day >= young_since]
    return [
        {
            "type": "bar",
            "x": days,
            "y": [1.0] * len(days),
            "yaxis": "y3",
            "width": 24 * 3600 * 1000,
            "showlegend": False,
            "hoverinfo": "skip",
            "marker": hatching(palette),
        }
    ]


def _compared(palette: Palette, around: Around) -> list[dict[str, Any]]:
    """The days compared on tinted ground: those of now in the accent, those before in grey."""
    tints = ((around.now, faded(palette.accent, 0.10)), (around.before, faded(palette.muted, 0.10)))
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "y domain",
            "x0": edge(span[0], -12),
            "x1": edge(span[1], 12),
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "layer": "below",
            "fillcolor": tint,
        }
        for span, tint in tints
        if span is not None
    ]


def _words(palette: Palette, around: Around, series: pl.DataFrame) -> list[dict[str, Any]]:
    """Over the tinted and the hatched ground, what it is."""
    said = [(around.before, "before"), (around.now, "now")]
    young, last = around.clock.young_since, series["day"].max()
    words = [(span[0], text) for span, text in said if span is not None]
    if young is not None and isinstance(last, date):
        words.append((young, "too young: still coming in"))
    return [
        {
            "text": text,
            "xref": "x",
            "yref": "y domain",
            "x": edge(day, -12),
            "y": 0.03 if text.startswith("too") else 1,
            "xanchor": "left",
            "yanchor": "bottom" if text.startswith("too") else "top",
            "showarrow": False,
            "font": {"size": LABEL_SIZE - 1, "color": palette.muted},
        }
        for day, text in words
    ]
