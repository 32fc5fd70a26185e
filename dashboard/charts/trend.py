"""Lines over time: a metric against its own past and its peers, and split metrics."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import (
    CLEAR,
    LABEL_SIZE,
    axis,
    faded,
    figure,
    hover_format,
    layout,
    legend,
    tick_format,
)
from dashboard.text import plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.drift import CalendarMark

HEIGHT = 320
# More lines than colours cannot be told apart; the table twin has every slice.
MAX_LINES = 7


def drift_chart(
    days: pl.DataFrame, palette: Palette, *, unit: str, marks: Sequence[CalendarMark] = ()
) -> go.Figure:
    """`DriftView.days` as a line over the peers' middle half and its own 28-day band."""
    x = days["day"].to_list()
    traces = [
        *_band(x, days, ("p25", "p75"), "Middle half of peers", faded(palette.low, 0.22)),
        *_band(x, days, ("own_low", "own_high"), "Own 28 days, ± 2 sd", faded(palette.accent, 0.1)),
        _line(x, days["own_mean"], "Own 28-day mean", unit, _pen(palette.accent, dash="dot")),
        _line(x, days["value"], "Value", unit, _pen(palette.text, width=2.0)),
    ]
    return figure(traces, _over_time(palette, unit, marks, days))


def split_chart(
    series: pl.DataFrame, palette: Palette, *, unit: str, marks: Sequence[CalendarMark] = ()
) -> go.Figure:
    """`MetricsView.series` (day, slice, value) as one line per slice, largest first."""
    traces = []
    for i, name in enumerate(_largest(series)):
        part = series.filter(pl.col("slice") == name)
        colour = palette.categorical[i % len(palette.categorical)]
        label = "All" if name == "all" else plot_text(name)
        x = part["day"].to_list()
        traces.append(_line(x, part["value"], label, unit, _pen(colour, width=1.8)))
    return figure(traces, _over_time(palette, unit, marks, series))


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


def trend_alt(days: pl.DataFrame, label: str, column: str = "value") -> str:
    """A line in a sentence: where it starts, ends and peaks."""
    known = days.drop_nulls(column)
    if known.is_empty():
        return f"{label}: no values."
    when = known.columns[0]
    top = known.row(int(known[column].arg_max() or 0), named=True)
    first, last = known.row(0, named=True), known.row(-1, named=True)
    return (
        f"{label} from {first[column]:.3g} on {first[when]} to {last[column]:.3g} on {last[when]}, "
        f"highest {top[column]:.3g} on {top[when]}."
    )


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
        "mode": "lines",
        "x": x,
        "y": values.to_list(),
        "name": name,
        "line": pen,
        "hovertemplate": f"%{{y{hover_format(unit)}}}",
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
    palette: Palette, unit: str, marks: Sequence[CalendarMark], days: pl.DataFrame
) -> dict[str, Any]:
    shapes, notes = _marks(marks, palette, days)
    return layout(
        palette,
        height=HEIGHT,
        showlegend=True,
        legend=legend(palette),
        hovermode="x unified",
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        shapes=shapes,
        annotations=notes,
        xaxis=axis(palette, showgrid=False, hoverformat="%a %d %b %Y"),
        yaxis=axis(palette, rangemode="tozero", **tick_format(unit)),
    )


def _marks(
    marks: Sequence[CalendarMark], palette: Palette, days: pl.DataFrame
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if days.is_empty():
        return [], []
    first, last = days["day"].min(), days["day"].max()
    seen = [mark for mark in marks if mark.start <= last and mark.end >= first]  # type: ignore[operator]
    shapes = [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": max(mark.start, first),  # type: ignore[type-var]
            "x1": min(mark.end, last) + timedelta(hours=12),  # type: ignore[type-var,operator]
            "y0": 0,
            "y1": 1,
            "line": {"width": 0},
            "fillcolor": faded(palette.med, 0.13),
            "layer": "below",
        }
        for mark in seen
    ]
    return shapes, [_note(mark, palette, max(mark.start, first)) for mark in seen]  # type: ignore[type-var]


def _note(mark: CalendarMark, palette: Palette, x: Any) -> dict[str, Any]:
    return {
        "x": x,
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "top",
        "text": plot_text(mark.title, length=18),
        "hovertext": plot_text(mark.title, length=120),
        "showarrow": False,
        "textangle": -90,
        "font": {"size": LABEL_SIZE - 2, "color": palette.muted},
        "bgcolor": CLEAR,
    }
