"""How a ring came together: members by the day of their first tie, and when alerts opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.charts.base import axis, figure, layout, legend, titled

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

    from dashboard.theme import Palette

HEIGHT = 170


def formation_chart(days: pl.DataFrame, palette: Palette) -> go.Figure:
    """`day, members, alerts`, both counted up to the day, as two steps over time."""
    x = days["day"].to_list()
    lines = (("members", "Tied in", palette.accent), ("alerts", "With an alert", palette.high))
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": days[name].to_list(),
            "name": label,
            "line": {"shape": "hv", "width": 2, "color": colour},
            "hovertemplate": f"{label}: %{{y:,}}<extra></extra>",
        }
        for name, label, colour in lines
    ]
    most = max(days["members"][-1], days["alerts"][-1])
    counted = titled(palette, "Members", rangemode="tozero", range=[0, most * 1.05 + 1])
    return figure(
        traces,
        layout(
            palette,
            height=HEIGHT,
            hovermode="x unified",
            showlegend=True,
            legend=legend(palette),
            xaxis=axis(palette, showgrid=False),
            yaxis=counted,
        ),
    )
