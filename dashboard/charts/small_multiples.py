"""Many small pictures of days on one sheet: a line, its peers' band, and when it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import LABEL_SIZE, axis, faded, figure, hover_texts, layout, value_ticks
from dashboard.charts.lines import POINT_PIXELS, band, edge, is_lone, pen
from dashboard.text import plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.drift_panels import DriftPanel

COLUMNS = 3
ROW_PIXELS = 132
_GAP = 0.065
_TITLE = 24
"""Pixels of a title over each picture."""
LINE = "value"
"""Curves whose points can be clicked carry this name."""


def small_multiples(panels: Sequence[DriftPanel], palette: Palette, chosen: str) -> go.Figure:
    """One picture a metric, three in a row; the chosen one is tinted, changes are dashed."""
    rows = -(-len(panels) // COLUMNS)
    height = rows * ROW_PIXELS
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for number, panel in enumerate(panels):
        own = "" if number == 0 else f"{number + 1}"
        x, y = _place(number, rows, height)
        traces += _lines(panel, palette, own)
        axes |= _axes(panel, palette, own, (x, y))
        shapes += _marks(panel, palette, own, is_chosen=panel.metric.code == chosen)
        words += _words(panel, palette, own, (x[0], y[1]))
    return figure(
        traces,
        layout(
            palette,
            height=height + 8,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            clickmode="event+select",
            shapes=shapes,
            annotations=words,
            **axes,
        ),
    )


def _place(number: int, rows: int, height: int) -> tuple[list[float], list[float]]:
    """Domains of the picture: left to right, then down."""
    column, row = number % COLUMNS, number // COLUMNS
    width = (1.0 - _GAP * (COLUMNS - 1)) / COLUMNS
    left = column * (width + _GAP)
    top = 1.0 - row / rows - _TITLE / height
    return [left, left + width], [1.0 - (row + 1) / rows + 20 / height, top]


def _lines(panel: DriftPanel, palette: Palette, own: str) -> list[dict[str, Any]]:
    days = panel.days["day"].to_list()
    placed = {"xaxis": f"x{own}", "yaxis": f"y{own}", "showlegend": False}
    peers = band(days, panel.days, ("p10", "p90"), "Peers", faded(palette.low, 0.25))
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": days,
        "y": panel.days["value"].to_list(),
        "name": LINE,
        "line": pen(palette.text, width=1.3),
        "marker": {"size": 6, "opacity": 0.0, "color": palette.accent},
        "customdata": hover_texts(panel.days["value"], _unit(panel)),
        "hovertemplate": "%{x|%a %-d %b}: %{customdata}<extra></extra>",
        "selected": {"marker": {"opacity": 0.0}},
        "unselected": {"marker": {"opacity": 0.0}},
    }
    return [{**one, **placed} for one in (*peers, line, *_points(panel, palette))]


def _points(panel: DriftPanel, palette: Palette) -> list[dict[str, Any]]:
    """Days without neighbours, which no line shows."""
    lone = panel.days.filter(pl.Series(is_lone(panel.days["value"]), dtype=pl.Boolean))
    if lone.is_empty():
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": lone["day"].to_list(),
            "y": lone["value"].to_list(),
            "name": "Single days",
            "marker": {"size": POINT_PIXELS, "color": palette.text},
            "hoverinfo": "skip",
            "unselected": {"marker": {"opacity": 1.0}},
        }
    ]


def _unit(panel: DriftPanel) -> str:
    return panel.metric.format


def _axes(
    panel: DriftPanel, palette: Palette, own: str, domain: tuple[list[float], list[float]]
) -> dict[str, Any]:
    days = panel.days["day"]
    span = {"range": [edge(days[0], -12), edge(days[-1], 12)]} if days.len() else {}
    numbers = [*panel.days["value"].to_list(), *panel.days["p90"].to_list()]
    ticks = value_ticks(numbers, _unit(panel)) | {"nticks": 3}
    return {
        f"xaxis{own}": axis(
            palette,
            showgrid=False,
            nticks=3,
            tickformat="%-d %b",
            domain=domain[0],
            anchor=f"y{own}",
            **span,
        ),
        f"yaxis{own}": axis(
            palette, rangemode="tozero", domain=domain[1], anchor=f"x{own}", **ticks
        ),
    }


def _marks(
    panel: DriftPanel, palette: Palette, own: str, *, is_chosen: bool
) -> list[dict[str, Any]]:
    at = {"xref": f"x{own}", "yref": f"y{own} domain", "y0": 0, "y1": 1}
    lines = [
        {
            **at,
            "type": "line",
            "x0": edge(one.day, -12),
            "x1": edge(one.day, -12),
            "line": {"color": palette.crit, "width": 1.2, "dash": "dash"},
        }
        for one in panel.changes
    ]
    if not is_chosen:
        return lines
    frame = {"xref": f"x{own} domain", "yref": f"y{own} domain", "x0": 0, "x1": 1, "y0": 0, "y1": 1}
    ground = {"line": {"width": 0}, "fillcolor": faded(palette.accent, 0.08), "layer": "below"}
    return [*lines, {**frame, "type": "rect", **ground}]


def _words(
    panel: DriftPanel, palette: Palette, own: str, corner: tuple[float, float]
) -> list[dict[str, Any]]:
    shared = {"showarrow": False, "xanchor": "left"}
    title = {
        **shared,
        "text": plot_text(panel.title),
        "xref": "paper",
        "yref": "paper",
        "x": corner[0],
        "y": corner[1],
        "yanchor": "bottom",
        "font": {"size": LABEL_SIZE, "color": palette.text},
    }
    changed = [
        {
            **shared,
            "text": f"{one.day:%-d %b}",
            "xref": f"x{own}",
            "yref": f"y{own} domain",
            "x": edge(one.day, -12),
            "y": 1,
            "yanchor": "top",
            "font": {"size": LABEL_SIZE - 2, "color": palette.crit},
        }
        for one in panel.changes
    ]
    return [title, *changed]


def multiples_alt(panels: Sequence[DriftPanel]) -> str:
    """The sheet in a sentence: what changed and when."""
    said = [
        f"{panel.metric.label} changed on {', '.join(f'{one.day:%-d %b}' for one in panel.changes)}"
        for panel in panels
        if panel.changes
    ]
    return f"{len(panels)} metrics by day. {'; '.join(said) or 'None changed its level'}."
