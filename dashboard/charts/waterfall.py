"""Contributions from the average entity up to this one, in log-odds.

The bars start at the average entity's margin, not at zero: with a rare class that
distance is long and says nothing about this entity. Both ends are marked lines.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import LABEL_SIZE, axis, figure, layout, titled
from dashboard.text import plain, plot_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from dashboard.theme import Palette

# Room for two lines of a label: cut, it would not name its feature.
ROW_PIXELS = 34
LINE_LENGTH = 32
LABEL_LENGTH = 54
VALUE_LENGTH = 12
# Room for the numbers beside the bars, left and right, as shares of the path's length.
ROOM = (0.36, 0.36)


def waterfall(bars: pl.DataFrame, palette: Palette) -> go.Figure:
    """The waterfall of `WhyView.bars`: from the average entity below to this one on top."""
    steps = bars.filter(pl.col("kind").is_in(["up", "down"]))
    labels = [_label(row) for row in steps.iter_rows(named=True)]
    rows = list(range(steps.height))
    ends = bars.filter(pl.col("kind").is_in(["base", "total"]))
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "base": ends["end"][0] if ends.height else 0.0,
        "measure": ["relative"] * steps.height,
        # Positions, not labels: two features may read alike.
        "y": rows,
        "x": steps["contribution"].to_list(),
        "text": [_signed(step) for step in steps["contribution"]],
        "textposition": "outside",
        "textfont": {"color": palette.text},
        "cliponaxis": False,
        "customdata": labels,
        "hovertemplate": "%{customdata}<br>%{text} log-odds<extra></extra>",
        "increasing": {"marker": {"color": palette.raises}},
        "decreasing": {"marker": {"color": palette.lowers}},
        "connector": {"line": {"color": palette.border, "width": 1}},
        "width": 0.62,
    }
    ticks = {"tickmode": "array", "tickvals": rows, "ticktext": labels}
    return figure(
        [trace],
        layout(
            palette,
            height=112 + ROW_PIXELS * steps.height,
            xaxis=titled(palette, "Log-odds", range=_span(bars)),
            yaxis=axis(palette, showgrid=False, range=[-1.5, steps.height + 0.5], **ticks),
            shapes=[_end_line(row, palette) for row in ends.iter_rows(named=True)],
            annotations=[
                _end_note(row, palette, steps.height, side)
                for row, side in zip(ends.iter_rows(named=True), _sides(ends), strict=False)
            ],
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


def _label(row: dict[str, Any]) -> str:
    label = plain(row["label"], length=LABEL_LENGTH)
    whole = f"{label} =\u00a0{plain(row['value'], length=VALUE_LENGTH)}" if row["value"] else label
    return "<br>".join(plot_text(line) for line in wrap(whole, LINE_LENGTH))


def _signed(step: float) -> str:
    return f"{'+' if step >= 0 else '−'}{abs(step):.2f}"


def _span(bars: pl.DataFrame) -> list[float]:
    """From the lowest to the highest point of the path, with room for the numbers."""
    points = bars["end"].to_list() or [0.0]
    low, high = min(points), max(points)
    length = high - low or 1.0
    return [low - length * ROOM[0], high + length * ROOM[1]]


def _end_line(row: dict[str, Any], palette: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": row["end"],
        "x1": row["end"],
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": palette.muted, "width": 1, "dash": "dot"},
        "layer": "below",
    }


def _sides(ends: pl.DataFrame) -> list[str]:
    """Which way each end's note grows: inwards, so that neither leaves the plot."""
    first, last = ends["end"].first(), ends["end"].last()
    rises = first is None or last is None or first <= last  # type: ignore[operator]
    return ["left", "right"] if rises else ["right", "left"]


def _end_note(row: dict[str, Any], palette: Palette, top: int, side: str) -> dict[str, Any]:
    return {
        "x": row["end"],
        "y": -0.95 if row["kind"] == "base" else top - 0.05,
        "text": f"{row['label']} {row['end']:.2f}".replace("-", "−"),
        "xanchor": side,
        "xshift": 4 if side == "left" else -4,
        "showarrow": False,
        "bgcolor": palette.background,
        "font": {"size": LABEL_SIZE, "color": palette.muted},
    }
