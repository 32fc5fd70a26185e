"""What lines over days share: pens, bands, and an axis of days with events under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.charts.base import axis, hover_texts, layout, legend, titled, value_ticks

if TYPE_CHECKING:
    import polars as pl

    from dashboard.charts.calendar import Calendar
    from dashboard.theme import Palette

HEIGHT = 300
PLOT_PIXELS = 760
"""About what a plot is wide on a screen of 1440 pixels, beside its table."""
# Above and below the plot: the legend, the ticks and the title of the days.
_FRAME_PIXELS = 96
# So few days are ticked one by one.
_FEW_DAYS = 7
_NOON = 12
POINT_PIXELS = 5
"""Across: a day that no line reaches."""
_NUMBERS = ("value", "own_low", "own_high", "p10", "p90", "low", "high")


@dataclass(frozen=True)
class DayAxis:
    """The axis of days: whose clock they follow, and from when on they are too young."""

    title: str = ""
    young_since: date | None = None


PLAIN = DayAxis()


def pen(colour: str, *, width: float = 1.4, dash: str = "solid") -> dict[str, Any]:
    """How a line is drawn."""
    return {"color": colour, "width": width, "dash": dash}


def is_lone(values: pl.Series) -> list[bool]:
    """(days,) whether a value stands between days without one."""
    is_gap = [True, *values.is_null(), True]
    three = zip(is_gap, is_gap[1:], is_gap[2:], strict=False)
    return [before and after and not own for before, own, after in three]


def _points(lone: list[bool], colour: str) -> dict[str, Any]:
    """Markers of these days alone."""
    if not any(lone):
        return {}
    return {"color": colour, "size": [POINT_PIXELS if one else 0 for one in lone]}


def line(
    x: list[Any], values: pl.Series, name: str, unit: str, drawn: dict[str, Any]
) -> dict[str, Any]:
    """A trace of values over days, each with its text for pointing at."""
    lone = is_lone(values)
    return {
        "type": "scatter",
        # A day without neighbours is a point: a line needs two.
        "mode": "lines+markers" if any(lone) else "lines",
        "marker": _points(lone, drawn["color"]),
        "x": x,
        "y": values.to_list(),
        "name": name,
        "line": drawn,
        "customdata": hover_texts(values, unit),
        "hovertemplate": "%{customdata}",
    }


def band(
    x: list[Any], days: pl.DataFrame, ends: tuple[str, str], name: str, colour: str
) -> list[dict[str, Any]]:
    """The area between two columns of `days`; nothing where there is none."""
    if days[ends[0]].null_count() == len(days):
        return []
    shared = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip", "line": {"width": 0}}
    low = {**shared, "y": days[ends[0]].to_list(), "showlegend": False}
    high = {**shared, "y": days[ends[1]].to_list(), "name": name}
    return [low, {**high, "fill": "tonexty", "fillcolor": colour}]


def over_time(
    palette: Palette, unit: str, days: pl.DataFrame, clock: DayAxis, events: Calendar
) -> dict[str, Any]:
    """The layout of lines over `days`, with the rows of events below them."""
    height = HEIGHT + events.height
    strip = events.height / (height - _FRAME_PIXELS)
    rows = {"visible": False, "fixedrange": True, "range": events.range}
    return layout(
        palette,
        height=height,
        showlegend=True,
        legend=legend(palette),
        hovermode="x unified",
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis=titled(
            palette,
            clock.title,
            showgrid=False,
            hoverformat="%a %d %b %Y",
            anchor="y2",
            **_days(days),
        ),
        yaxis=axis(
            palette,
            rangemode="tozero",
            domain=[strip + 0.02 if events.rows else 0.0, 1.0],
            **value_ticks(_shown(days), unit),
        ),
        yaxis2={**rows, "domain": [0.0, strip]},
    )


def _shown(days: pl.DataFrame) -> list[float | None]:
    """Every number that a line or band of `days` goes through."""
    drawn = [name for name in _NUMBERS if name in days]
    return [number for name in drawn for number in days[name].to_list()]


def _days(days: pl.DataFrame) -> dict[str, Any]:
    """All days and no more; a short span is ticked a day, or Plotly would tick its hours."""
    ticks = days["day"].unique().sort().to_list()
    if not ticks:
        return {}
    whole = {"range": [edge(ticks[0], -12), edge(ticks[-1], 12)]}
    if len(ticks) > _FEW_DAYS:
        return whole
    return {**whole, "tickmode": "array", "tickvals": ticks, "tickformat": "%b %-d"}


def nearest_day(x: str) -> date:
    """The day whose middle a place on the axis is nearest to: days stand at midnight there."""
    moment = datetime.fromisoformat(x.replace(" ", "T")[:19])
    return moment.date() if moment.hour < _NOON else date.fromordinal(moment.toordinal() + 1)


def edge(day: date, hours: int) -> datetime:
    """Hours before or after the middle of a day, which is where its point stands."""
    return datetime.combine(day, time()) + timedelta(hours=hours)
