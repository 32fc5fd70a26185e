"""What every figure shares: a transparent page, quiet axes and thin margins.

Figures are built from dictionaries: Plotly Express costs ten times the CPU of a
rerun. Text comes in through `plot_text`, because Plotly reads `<` as HTML.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from dashboard.theme import FONT, Palette

CLEAR = "rgba(0,0,0,0)"
LABEL_SIZE = 12
# Streamlit passes this to Plotly: no toolbar, no logo link, no drag by accident.
CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}


def figure(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure of trace and layout dictionaries."""
    return go.Figure(data=traces, layout=layout)


def layout(palette: Palette, *, height: int, **more: Any) -> dict[str, Any]:
    """The shared layout, with `more` on top."""
    return {
        "height": height,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": LABEL_SIZE, "color": palette.text},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.border,
            "font": {"family": FONT, "size": LABEL_SIZE, "color": palette.text},
        },
        "showlegend": False,
        "dragmode": False,
        **more,
    }


def axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """A quiet axis: light grid, no line, room made automatically."""
    return {
        "automargin": True,
        "gridcolor": palette.grid,
        "linecolor": palette.border,
        "zerolinecolor": palette.border,
        "tickfont": {"size": LABEL_SIZE, "color": palette.muted},
        "title": {"font": {"size": LABEL_SIZE, "color": palette.muted}, "standoff": 6},
        "fixedrange": True,
        **more,
    }


def titled(palette: Palette, title: str, **more: Any) -> dict[str, Any]:
    """`axis` with a title."""
    named = axis(palette, **more)
    named["title"] = {**named["title"], "text": title}
    return named


def legend(palette: Palette) -> dict[str, Any]:
    """One line of keys above the plot, left-aligned."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "font": {"size": LABEL_SIZE, "color": palette.muted},
        "bgcolor": CLEAR,
    }


def faded(colour: str, opacity: float) -> str:
    """`#rrggbb` as rgba with an opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def tick_format(unit: str) -> dict[str, Any]:
    """Axis number format of a metric's unit: count, percent or money."""
    formats = {
        "percent": {"tickformat": ".1~%"},
        "money": {"tickprefix": "$", "tickformat": "~s"},
    }
    return formats.get(unit, {"tickformat": ",~r"})


def hover_format(unit: str) -> str:
    """d3 format of a hovered value."""
    return {"percent": ":.1%", "money": ":$,.0f"}.get(unit, ":,.3~r")
