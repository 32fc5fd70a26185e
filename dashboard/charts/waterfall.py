"""Contributions from the average entity up to this one, in log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import axis, figure, layout, titled
from dashboard.text import plot_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from dashboard.theme import Palette

ROW_PIXELS = 27
LABEL_LENGTH = 46


def waterfall(bars: pl.DataFrame, palette: Palette) -> go.Figure:
    """The waterfall of `WhyView.bars`: base at the bottom, this entity on top."""
    labels = [plot_text(label, length=LABEL_LENGTH) for label in bars["label"]]
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "measure": [_measure(kind) for kind in bars["kind"]],
        # Positions, not labels: two features may read alike.
        "y": list(range(len(bars))),
        "x": bars["contribution"].to_list(),
        "text": [_step(row) for row in bars.iter_rows(named=True)],
        "textposition": "outside",
        "textfont": {"color": palette.text},
        "cliponaxis": False,
        "customdata": labels,
        "hovertemplate": "%{customdata}<br>%{text} log-odds<extra></extra>",
        "increasing": {"marker": {"color": palette.raises}},
        "decreasing": {"marker": {"color": palette.lowers}},
        "totals": {"marker": {"color": palette.muted}},
        "connector": {"line": {"color": palette.border, "width": 1}},
        "width": 0.62,
    }
    ticks = {"tickmode": "array", "tickvals": list(range(len(bars))), "ticktext": labels}
    return figure(
        [trace],
        layout(
            palette,
            height=70 + ROW_PIXELS * len(bars),
            xaxis=titled(
                palette, "Log-odds: right raises the score, left lowers it", range=_span(bars)
            ),
            yaxis=axis(palette, showgrid=False, range=[-0.6, len(bars) - 0.4], **ticks),
        ),
    )


def waterfall_alt(bars: pl.DataFrame) -> str:
    """The chart in a sentence."""
    if bars.is_empty():
        return "No contributions."
    steps = bars.filter(pl.col("kind").is_in(["up", "down"])).reverse().head(3)
    named = ", ".join(
        f"{label} {step:+.2f}" for label, step in steps.select("label", "contribution").iter_rows()
    )
    base, margin = bars["end"][0], bars["end"][-1]
    path = f"From {base:+.2f} for the average entity to {margin:+.2f} for this one."
    return f"{path} Strongest: {named}."


def _measure(kind: str) -> str:
    return {"base": "absolute", "total": "total"}.get(kind, "relative")


def _step(row: dict[str, Any]) -> str:
    sign = "−" if row["contribution"] < 0 else "+" if row["kind"] in ("up", "down") else ""
    return f"{sign}{abs(row['contribution']):.2f}"


def _span(bars: pl.DataFrame) -> list[float]:
    """From the lowest to the highest point of the path, with room for the numbers."""
    points = [0.0, *bars["start"].to_list(), *bars["end"].to_list()]
    low, high = min(points), max(points)
    room = (high - low or 1.0) * 0.17
    return [low - room, high + room]
