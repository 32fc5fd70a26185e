"""Drift of a column: two windows over each other, and its distance day by day over noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import axis, faded, figure, layout, legend, value_ticks
from dashboard.charts.calendar import calendar
from dashboard.charts.lines import DayAxis, band, line, over_time, pen
from dashboard.text import percent, plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.calendar import CalendarMark

HEIGHT = 300
PLOT_PIXELS = 560
FEW_BINS = 5
"""So many labels stand beside each other without a slant."""


def distribution(
    rows: pl.DataFrame, labels: Sequence[str], names: tuple[str, str], palette: Palette
) -> go.Figure:
    """Shares by bin (columns before, now) of two windows named `names`, over each other."""
    x = [f"{place}" for place in range(rows.height)]
    text = [plot_text(one, length=24) for one in labels]
    bars = [
        _bars(x, rows["before"], names[0], faded(palette.muted, 0.45)),
        _bars(x, rows["now"], names[1], faded(palette.accent, 0.55)),
    ]
    top = max([*rows["before"].to_list(), *rows["now"].to_list(), 0.01])
    return figure(
        bars,
        layout(
            palette,
            height=HEIGHT,
            barmode="overlay",
            bargap=0.12,
            showlegend=True,
            legend=legend(palette),
            hovermode="x unified",
            margin={"l": 8, "r": 8, "t": 40, "b": 8},
            xaxis=axis(
                palette,
                type="category",
                showgrid=False,
                tickmode="array",
                tickvals=x,
                ticktext=text,
                tickangle=-45 if rows.height > FEW_BINS else 0,
            ),
            yaxis=axis(palette, range=[0.0, top * 1.08], **value_ticks([top * 1.08], "percent")),
        ),
    )


def _bars(x: list[str], shares: pl.Series, name: str, colour: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": x,
        "y": shares.to_list(),
        "name": name,
        "marker": {"color": colour, "line": {"width": 0}},
        "customdata": [percent(one) for one in shares],
        "hovertemplate": "%{customdata}",
    }


def by_day(
    days: pl.DataFrame, palette: Palette, *, marks: Sequence[CalendarMark] = ()
) -> go.Figure:
    """PSI of each day (psi) over its noise (psi_floor), alarms (is_alarm) as points."""
    shown = days.select("day", "is_alarm", value="psi", low=pl.lit(0.0), high="psi_floor")
    x = shown["day"].to_list()
    events = calendar(marks, shown, palette, width=PLOT_PIXELS)
    alarms = shown.filter("is_alarm")
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": alarms["day"].to_list(),
        "y": alarms["value"].to_list(),
        "name": "Alarm",
        "marker": {"color": palette.crit, "size": 7},
        "hoverinfo": "skip",
    }
    traces = [
        *band(x, shown, ("low", "high"), "Noise", faded(palette.muted, 0.18)),
        line(x, shown["value"], "PSI against the 28 days before", "ratio", pen(palette.accent)),
        points,
        *events.traces,
    ]
    return figure(traces, over_time(palette, "ratio", shown, DayAxis(), events))
