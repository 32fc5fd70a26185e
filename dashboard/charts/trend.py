"""Lines over time: a metric against its own past and its peers, and split metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import (
    LABEL_SIZE,
    axis,
    faded,
    figure,
    hover_texts,
    layout,
    legend,
    titled,
    value_ticks,
)
from dashboard.text import plot_text
from dashboard.view_models.score_history import THEN, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.drift import CalendarMark

HEIGHT = 340
# The calendar's share of the height, and its lanes.
STRIP = 0.12
LANES = 4
# So few days are ticked one by one.
FEW_DAYS = 7
# More lines than colours cannot be told apart; the table twin has every slice.
MAX_LINES = 7


@dataclass(frozen=True)
class DayAxis:
    """The axis of days: whose clock they follow, and from when on they are too young."""

    title: str = ""
    young_since: date | None = None


PLAIN = DayAxis()


def drift_chart(
    days: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    marks: Sequence[CalendarMark] = (),
    clock: DayAxis = PLAIN,
) -> go.Figure:
    """`DriftView.days` as a line over the peers' middle half and its own 28-day band."""
    x = days["day"].to_list()
    traces = [
        *_band(x, days, ("p25", "p75"), "Middle half of peers", faded(palette.low, 0.22)),
        *_band(x, days, ("own_low", "own_high"), "Own 28 days, ± 2 sd", faded(palette.accent, 0.1)),
        _line(x, days["own_mean"], "Own 28-day mean", unit, _pen(palette.accent, dash="dot")),
        _line(x, days["value"], "Value", unit, _pen(palette.text, width=2.0)),
    ]
    events = _calendar(marks, palette, days)
    return figure([*traces, *events], _over_time(palette, unit, days, clock, bool(events)))


def split_chart(
    series: pl.DataFrame,
    palette: Palette,
    *,
    unit: str,
    marks: Sequence[CalendarMark] = (),
    clock: DayAxis = PLAIN,
) -> go.Figure:
    """`MetricsView.series` (day, slice, value) as one line per slice, largest first.

    Days that are too young are dotted, on grey ground.
    """
    traces = []
    for i, name in enumerate(_largest(series)):
        part = series.filter(pl.col("slice") == name)
        colour = palette.categorical[i % len(palette.categorical)]
        label = plot_text(name)
        traces += _aged(part, label, unit, colour, clock.young_since)
    events = _calendar(marks, palette, series)
    return figure([*traces, *events], _over_time(palette, unit, series, clock, bool(events)))


def score_line(trend: pl.DataFrame, palette: Palette, *, colour: str) -> go.Figure:
    """A word-sized line of a score's history, no axes."""
    x = trend["as_of"].to_list()
    trace = _line(x, trend["score"], "Score", "ratio", _pen(colour, width=1.8))
    trace |= {"fill": "tozeroy", "fillcolor": faded(colour, 0.10)}
    hidden = {"visible": False, "fixedrange": True}
    return figure(
        [trace],
        layout(
            palette,
            height=56,
            margin={"l": 0, "r": 0, "t": 4, "b": 0},
            xaxis=hidden,
            yaxis={**hidden, "range": [0, 1.02]},
        ),
    )


def score_days(trend: pl.DataFrame, palette: Palette, *, since: date | None) -> go.Figure:
    """A score's history with a dot per snapshot to click on; `since` and the last stand out.

    A day that was scored then is filled, one that today's model speaks of is hollow.
    """
    x = trend["as_of"].to_list()
    is_then = [basis == THEN for basis in trend["basis"]]
    marked = [day in (since, x[-1]) for day in x]
    trace = _line(x, trend["score"], "Score", "ratio", _pen(palette.muted, width=1.4))
    trace |= {
        "mode": "lines+markers",
        "marker": {
            "color": [palette.accent if is_marked else palette.muted for is_marked in marked],
            "size": [9 if is_marked else 5 for is_marked in marked],
            "symbol": ["circle" if is_filled else "circle-open" for is_filled in is_then],
        },
        "customdata": [WORDS[basis] for basis in trend["basis"]],
        "hovertemplate": "%{y:.3f} %{customdata}<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }
    return figure(
        [trace],
        layout(
            palette,
            height=96,
            # Without the year: under the first tick it would be cut.
            xaxis=axis(palette, showgrid=False, nticks=6, tickformat="%-d %b"),
            yaxis=axis(palette, rangemode="tozero", nticks=3),
        ),
    )


def trend_alt(days: pl.DataFrame, label: str, column: str = "value") -> str:
    """A line in a sentence: where it starts, ends and peaks."""
    valued = days.drop_nulls(column)
    if valued.is_empty():
        return f"{label}: no values."
    when = valued.columns[0]
    top = valued.row(int(valued[column].arg_max() or 0), named=True)
    first, last = valued.row(0, named=True), valued.row(-1, named=True)
    return (
        f"{label} from {first[column]:.3g} on {first[when]} to {last[column]:.3g} on {last[when]}, "
        f"highest {top[column]:.3g} on {top[when]}."
    )


def _aged(
    part: pl.DataFrame, label: str, unit: str, colour: str, young_since: date | None
) -> list[dict[str, Any]]:
    """A slice's line, and its too young days as a faint dotted one."""
    if young_since is None:
        x = part["day"].to_list()
        return [_line(x, part["value"], label, unit, _pen(colour, width=1.8))]
    old, young = (part.filter(one) for one in _by_age(young_since))
    drawn = [(old, _pen(colour, width=1.8)), (young, _pen(faded(colour, 0.5), dash="dot"))]
    lines = [_line(rows["day"].to_list(), rows["value"], label, unit, pen) for rows, pen in drawn]
    lines[1] |= {"showlegend": old.is_empty(), "hovertemplate": "%{customdata} so far"}
    return lines


def _by_age(young_since: date) -> tuple[pl.Expr, pl.Expr]:
    return pl.col("day") < young_since, pl.col("day") >= young_since


def _largest(series: pl.DataFrame) -> list[str]:
    sizes = series.group_by("slice").agg(pl.col("value").sum())
    ranked = sizes.sort(["value", "slice"], descending=[True, False])
    return ranked["slice"].head(MAX_LINES).to_list()


def _pen(colour: str, *, width: float = 1.4, dash: str = "solid") -> dict[str, Any]:
    return {"color": colour, "width": width, "dash": dash}


def _line(
    x: list[Any], values: pl.Series, name: str, unit: str, pen: dict[str, Any]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        # One day alone is a point: a line needs two.
        "mode": "lines" if len(x) > 1 else "markers",
        "x": x,
        "y": values.to_list(),
        "name": name,
        "line": pen,
        "customdata": hover_texts(values, unit),
        "hovertemplate": "%{customdata}",
    }


def _band(
    x: list[Any], days: pl.DataFrame, ends: tuple[str, str], name: str, colour: str
) -> list[dict[str, Any]]:
    if days[ends[0]].null_count() == len(days):
        return []
    shared = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip", "line": {"width": 0}}
    low = {**shared, "y": days[ends[0]].to_list(), "showlegend": False}
    high = {**shared, "y": days[ends[1]].to_list(), "name": name}
    return [low, {**high, "fill": "tonexty", "fillcolor": colour}]


def _over_time(
    palette: Palette, unit: str, days: pl.DataFrame, clock: DayAxis, has_calendar: bool
) -> dict[str, Any]:
    lanes = {"visible": False, "fixedrange": True, "range": [-0.6, LANES - 0.4]}
    return layout(
        palette,
        height=HEIGHT,
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
        **_young_ground(palette, days, clock.young_since),
        yaxis=axis(
            palette,
            rangemode="tozero",
            domain=[STRIP if has_calendar else 0.0, 1.0],
            **value_ticks(_shown(days), unit),
        ),
        yaxis2={**lanes, "domain": [0.0, STRIP * 0.8]},
    )


def _shown(days: pl.DataFrame) -> list[float | None]:
    """Every number that a line or band of `days` goes through."""
    drawn = [name for name in ("value", "own_low", "own_high", "p25", "p75") if name in days]
    return [number for name in drawn for number in days[name].to_list()]


def _young_ground(palette: Palette, days: pl.DataFrame, young_since: date | None) -> dict[str, Any]:
    """A grey ground behind days that are too young, and the words for it."""
    last = days["day"].max()
    if young_since is None or not isinstance(last, date):
        return {}
    place = {"xref": "x", "yref": "paper", "x0": young_since, "x1": last, "y0": 0, "y1": 1}
    ground = {"type": "rect", **place, "line": {"width": 0}, "layer": "below"}
    words = {
        "text": "too young: still coming in",
        "xref": "x",
        "yref": "paper",
        "x": young_since,
        "y": 1,
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": LABEL_SIZE, "color": palette.muted},
    }
    return {
        "shapes": [{**ground, "fillcolor": faded(palette.muted, 0.14)}],
        "annotations": [words],
    }


def _days(days: pl.DataFrame) -> dict[str, Any]:
    """Ticks of a short span, one a day: left alone, Plotly would tick its hours."""
    ticks = days["day"].unique().sort().to_list()
    if len(ticks) > FEW_DAYS:
        return {}
    return {"tickmode": "array", "tickvals": ticks, "tickformat": "%b %-d"}


def _calendar(
    marks: Sequence[CalendarMark], palette: Palette, days: pl.DataFrame
) -> list[dict[str, Any]]:
    """Known events as thin bars under the plot, in lanes so that none hides another."""
    if days.is_empty():
        return []
    first, last = min(days["day"].to_list()), max(days["day"].to_list())
    inside = [mark for mark in marks if mark.start <= last and mark.end >= first]
    points = [
        point
        for mark, lane in zip(inside, _lanes(inside), strict=True)
        for point in _points(mark, lane, (first, last))
    ]
    if not points:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [day for day, _, _ in points],
            "y": [lane for _, lane, _ in points],
            "text": [title for _, _, title in points],
            "yaxis": "y2",
            "name": "Calendar",
            "line": {"color": faded(palette.muted, 0.55), "width": 4},
            "connectgaps": False,
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]


def _points(
    mark: CalendarMark, lane: int, span: tuple[date, date]
) -> list[tuple[date, int | None, str]]:
    """One point a day, so that hovering any of its days names it; a gap at the end."""
    start, end = max(mark.start, span[0]), min(mark.end, span[1])
    title = plot_text(mark.title, length=40)
    days = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    return [*((day, lane, title) for day in days), (end, None, "")]


def _lanes(marks: Sequence[CalendarMark]) -> list[int]:
    """The first free lane of each mark, oldest first; the last one takes the overflow."""
    free = [date.min] * LANES
    chosen = []
    for mark in marks:
        lane = next((i for i in range(LANES) if free[i] < mark.start), LANES - 1)
        free[lane] = mark.end
        chosen.append(lane)
    return chosen
