"""A live session minute by minute: five lanes over one clock.

What machines fake they fake in one lane: viewers without clicks, clicks without orders.
Lanes above each other show which of them move together; where entries surge all are shaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.charts.base import axis, faded, figure, layout, titled

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

    from dashboard.theme import Palette

LANES = {
    "viewers": "Present",
    "joins": "Entries",
    "comments": "Comments",
    "product_clicks": "Clicks",
    "orders": "Orders",
}
HEIGHT = 460
# Space between two lanes, as a share of the height.
GAP = 0.035
SURGE_MINUTES = 4
"""How long a surge is shaded: the minutes that are compared with the pace."""


def minutes_chart(minutes: pl.DataFrame, palette: Palette) -> go.Figure:
    """`pages/investigate/session_minutes` as one lane per count, the first as an area."""
    x = minutes["minute"].to_list()
    traces = [
        _lane(x, minutes[name].to_list(), i, palette.categorical[i % len(palette.categorical)])
        for i, name in enumerate(LANES)
    ]
    axes = {_axis_name(i): _axis(palette, i) for i in range(len(LANES))}
    last = _axis_name(len(LANES) - 1).replace("axis", "")
    clock = titled(palette, "Minutes since it started", showgrid=False, anchor=last)
    return figure(
        traces,
        layout(
            palette,
            height=HEIGHT,
            hovermode="x unified",
            xaxis=clock,
            bargap=0.1,
            shapes=[_surge(minute, palette) for minute in surges(minutes)],
            **axes,
        ),
    )


def surges(minutes: pl.DataFrame) -> list[int]:
    """The minutes in which entries begin to surge."""
    return [int(minute) for minute in minutes.filter("is_surge")["minute"]]


def _surge(minute: int, palette: Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": minute - 0.5,
        "x1": minute + SURGE_MINUTES - 0.5,
        "y0": 0,
        "y1": 1,
        "fillcolor": faded(palette.crit, 0.16),
        "line": {"width": 0},
    }


def minutes_alt(minutes: pl.DataFrame) -> str:
    """The lanes in a sentence: the most of each and when."""
    if minutes.is_empty():
        return "No minutes."
    parts = [
        f"{label.lower()} up to {max(minutes[name]):,} at minute {_when(minutes, name)}"
        for name, label in LANES.items()
    ]
    starts = ", ".join(f"{minute:,}" for minute in surges(minutes))
    told = f" Entries surge from minute {starts}." if starts else ""
    return f"{len(minutes)} minutes: " + ", ".join(parts) + "." + told


def _when(minutes: pl.DataFrame, name: str) -> int:
    return int(minutes["minute"][int(minutes[name].arg_max() or 0)])


def _lane(x: list[int], y: list[int], lane: int, colour: str) -> dict[str, Any]:
    shared = {
        "x": x,
        "y": y,
        "name": list(LANES.values())[lane],
        "yaxis": _axis_name(lane).replace("axis", ""),
        "hovertemplate": "%{y:,}",
    }
    if lane:
        return {**shared, "type": "bar", "marker": {"color": colour, "line": {"width": 0}}}
    area = {"fill": "tozeroy", "fillcolor": faded(colour, 0.15)}
    return {**shared, "type": "scatter", "mode": "lines", "line": {"color": colour}, **area}


def _axis_name(lane: int) -> str:
    return f"yaxis{lane + 1 if lane else ''}"


def _axis(palette: Palette, lane: int) -> dict[str, Any]:
    """The first lane on top, twice as high as the others."""
    unit = (1.0 - GAP * (len(LANES) - 1)) / (len(LANES) + 1)
    top = 1.0 - (lane + (1 if lane else 0)) * unit - lane * GAP
    bottom = top - (unit if lane else 2 * unit)
    title = {"text": list(LANES.values())[lane], "font": {"size": 12, "color": palette.muted}}
    return axis(
        palette,
        domain=[max(bottom, 0.0), top],
        rangemode="tozero",
        nticks=3,
        title=title,
        tickformat=",~r",
    )
