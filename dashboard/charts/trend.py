"""Lines of one subject: a metric against its own past and its peers, and its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.charts.base import axis, faded, figure, layout
from dashboard.charts.calendar import calendar
from dashboard.charts.lines import PLAIN, PLOT_PIXELS, DayAxis, band, line, over_time, pen
from dashboard.view_models.score_history import THEN, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import plotly.graph_objects as go
    import polars as pl

    from dashboard.theme import Palette
    from dashboard.view_models.calendar import CalendarMark


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
        *band(x, days, ("p25", "p75"), "Middle half of peers", faded(palette.low, 0.22)),
        *band(x, days, ("own_low", "own_high"), "Own 28 days, ± 2 sd", faded(palette.accent, 0.1)),
        line(x, days["own_mean"], "Own 28-day mean", unit, pen(palette.accent, dash="dot")),
        line(x, days["value"], "Value", unit, pen(palette.text, width=2.0)),
    ]
    events = calendar(marks, days, palette, width=PLOT_PIXELS)
    return figure([*traces, *events.traces], over_time(palette, unit, days, clock, events))


def score_line(trend: pl.DataFrame, palette: Palette, *, colour: str) -> go.Figure:
    """A word-sized line of a score's history, no axes."""
    x = trend["as_of"].to_list()
    trace = line(x, trend["score"], "Score", "ratio", pen(colour, width=1.8))
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
    trace = line(x, trend["score"], "Score", "ratio", pen(palette.muted, width=1.4))
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
