"""Lines of one subject: a metric against its own past and its peers, and its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.charts.base import axis, faded, figure, layout
from dashboard.charts.calendar import calendar
from dashboard.charts.lines import PLOT_PIXELS, band, edge, line, over_time, pen
from dashboard.charts.metric import ALONE, Around
from dashboard.view_models.score_history import THEN, WORDS

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go
    import polars as pl

    from dashboard.theme import Palette


def drift_chart(
    days: pl.DataFrame, palette: Palette, *, unit: str, around: Around = ALONE
) -> go.Figure:
    """`DriftView.days` as a line over the peers' outer tenths and its own 28-day band.

    Of `around` marks, clock, changes and the days of now, which a drag chooses, are drawn.
    """
    x = days["day"].to_list()
    traces = [
        *band(x, days, ("p10", "p90"), "Peers, 10 to 90 %", faded(palette.low, 0.22)),
        *band(x, days, ("own_low", "own_high"), "Own 28 days, ± 2 sd", faded(palette.accent, 0.1)),
        line(x, days["own_mean"], "Own 28-day mean", unit, pen(palette.accent, dash="dot")),
        line(x, days["value"], "Value", unit, pen(palette.text, width=2.0)),
    ]
    events = calendar(around.marks, days, palette, width=PLOT_PIXELS)
    under = over_time(palette, unit, days, around.clock, events)
    shapes = [*(_begins(day, palette) for day in around.changes), *_tinted(around.now, palette)]
    chosen = {"dragmode": "select", "selectdirection": "h", "shapes": shapes}
    return figure([*traces, *events.traces], {**under, **chosen})


def _begins(day: date, palette: Palette) -> dict[str, Any]:
    """A line where a level begins."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "y domain",
        "x0": edge(day, -12),
        "x1": edge(day, -12),
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.crit, "width": 1.4, "dash": "dash"},
    }


def _tinted(span: tuple[date, date] | None, palette: Palette) -> list[dict[str, Any]]:
    if span is None:
        return []
    ends = {"x0": edge(span[0], -12), "x1": edge(span[1], 12), "y0": 0, "y1": 1}
    ground = {"line": {"width": 0}, "layer": "below", "fillcolor": faded(palette.accent, 0.12)}
    return [{"type": "rect", "xref": "x", "yref": "y domain", **ends, **ground}]


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
