"""Scores by the week they were given, and how soon labels arrive."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import (
    LABEL_SIZE,
    axis,
    faded,
    figure,
    hatching,
    layout,
    legend,
    titled,
)
from dashboard.text import percent, plot_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import plotly.graph_objects as go

    from dashboard.theme import Palette

HEIGHT = 280
_WEEK = timedelta(days=7)
_WEEK_MS = 7 * 24 * 3600 * 1000


def by_week(weeks: pl.DataFrame, palette: Palette, name: str) -> go.Figure:
    """`Cohorts.weeks` as points with intervals, what was expected as a dotted line.

    Weeks whose verdicts are not all there are hatched and have no point.
    """
    old, young = weeks.filter("is_mature"), weeks.filter(~pl.col("is_mature"))
    known = old.drop_nulls("value")
    traces = [
        _ground(young, palette),
        _points(known, palette, name),
        *([_expected(known, palette)] if name == "Precision" else []),
    ]
    ends = [_middle(weeks["as_of"].to_list()[place], side) for place, side in ((0, -1), (-1, 1))]
    return figure(
        traces,
        layout(
            palette,
            height=HEIGHT,
            showlegend=True,
            legend=legend(palette),
            margin={"l": 8, "r": 8, "t": 36, "b": 8},
            barmode="overlay",
            xaxis=axis(palette, showgrid=False, tickformat="%-d %b", nticks=8, range=ends),
            yaxis=axis(palette, tickformat=".0%", range=[0.0, 1.04], nticks=6),
            annotations=_words(young, palette),
        ),
    )


def _points(known: pl.DataFrame, palette: Palette, name: str) -> dict[str, Any]:
    up, down = known["high"] - known["value"], known["value"] - known["low"]
    said = [
        f"{percent(row['value'])}, {percent(row['low'])} to {percent(row['high'])}"
        f"<br>{row['part']:,} of {row['whole']:,}"
        for row in known.iter_rows(named=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": known["as_of"].to_list(),
        "y": known["value"].to_list(),
        "name": f"{name}, 90 % interval",
        "line": {"color": palette.accent, "width": 1.8},
        "marker": {"color": palette.accent, "size": 6},
        "error_y": {
            "type": "data",
            "symmetric": False,
            # Of nobody or everybody the interval lies to one side of the share.
            "array": [max(one, 0.0) for one in up],
            "arrayminus": [max(one, 0.0) for one in down],
            "color": faded(palette.accent, 0.45),
            "thickness": 1.4,
            "width": 3,
        },
        "customdata": said,
        "hovertemplate": "%{x|%-d %b}: %{customdata}<extra></extra>",
    }


def _expected(known: pl.DataFrame, palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": known["as_of"].to_list(),
        "y": known["expected"].to_list(),
        "name": "Expected by the scores",
        "line": {"color": palette.muted, "width": 1.4, "dash": "dot"},
        "hovertemplate": "%{x|%-d %b}: %{y:.1%} expected<extra></extra>",
    }


def _ground(young: pl.DataFrame, palette: Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": young["as_of"].to_list(),
        "y": [1.04] * young.height,
        "width": _WEEK_MS,
        "showlegend": False,
        "hoverinfo": "skip",
        "marker": hatching(palette),
    }


def _words(young: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    """On the hatched ground, why nothing stands there."""
    if young.is_empty():
        return []
    return [
        {
            "text": "verdicts<br>still coming in",
            "xref": "x",
            "yref": "y domain",
            "x": _middle(young["as_of"].to_list()[-1], 1),
            "y": 0.03,
            "xanchor": "right",
            "yanchor": "bottom",
            "align": "right",
            "showarrow": False,
            "font": {"size": LABEL_SIZE - 1, "color": palette.muted},
        }
    ]


def _middle(day: date, weeks: int) -> datetime:
    """Half a week before or after a day."""
    return datetime.combine(day, time()) + weeks * _WEEK / 2


def by_week_alt(weeks: pl.DataFrame, label: str, name: str) -> str:
    """The weeks in a sentence."""
    known = weeks.filter("is_mature").drop_nulls("value")
    if known.is_empty():
        return f"{label} model: no week is old enough for its {name.lower()}."
    values = known["value"].sort().to_list()
    ends = f"between {percent(values[0])} and {percent(values[-1])}"
    return f"{label} model: {name.lower()} {ends} in {known.height} weeks."


def arrival(rows: pl.DataFrame, labels: Mapping[str, str], palette: Palette) -> go.Figure:
    """`pages/model/label_arrival` as a step a day, a line a scheme named by `labels`."""
    colours = palette.categorical
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": own["age_days"].to_list(),
            "y": own["share"].to_list(),
            "name": plot_text(labels[code], length=28),
            "line": {
                "color": colours[place % len(colours)],
                "width": 1.6,
                "shape": "hv",
                "dash": "dot" if place >= len(colours) else "solid",
            },
            "hovertemplate": "%{y:.0%}",
        }
        for place, code in enumerate(labels)
        if (own := rows.filter(pl.col("typology") == code)).height
    ]
    goal = {
        "type": "line",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": 0.9,
        "y1": 0.9,
        "line": {"color": palette.muted, "width": 1.0, "dash": "dot"},
    }
    return figure(
        lines,
        layout(
            palette,
            height=HEIGHT,
            showlegend=True,
            legend=legend(palette) | {"orientation": "v", "x": 1.02, "y": 1.0, "yanchor": "top"},
            hovermode="x unified",
            margin={"l": 8, "r": 8, "t": 12, "b": 8},
            xaxis=titled(palette, "Days since the behaviour began", showgrid=False),
            yaxis=axis(palette, tickformat=".0%", range=[0.0, 1.04], nticks=6),
            shapes=[goal],
        ),
    )


def arrival_alt(table: pl.DataFrame) -> str:
    """The curves in a sentence."""
    if table.is_empty():
        return "No scheme has labels enough for a curve of their arrival."
    quick, slow = table.row(0, named=True), table.row(-1, named=True)
    return (
        f"Nine in ten labels of {quick['label'].lower()} are there after {quick['nine_tenths']} "
        f"days, of {slow['label'].lower()} after {slow['nine_tenths']}."
    )
