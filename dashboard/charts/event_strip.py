"""The event strip: a mark per event in the lane of its kind, one clock under all of them.

Everything is drawn in one trace of marks and one of bars, so that what is clicked is found by the
number it carries. The salient sequence lies behind them as a band, its steps as numbers on top.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import axis, faded, figure, layout
from dashboard.text import money, plot_text

if TYPE_CHECKING:
    from datetime import datetime

    import plotly.graph_objects as go

    from dashboard.theme import Palette
    from dashboard.view_models.event_strip import SalientSequence, StripView

LANE_HEIGHT = 38
AXIS_HEIGHT = 44
SMALLEST, LARGEST = 7.0, 20.0
"""Pixels of a mark without money and of the dearest one; its area grows with the money."""
BAR = 0.74
"""Height of the highest bar of a lane, as a share of the lane."""
_SIZED = ("order", "refund", "payout", "trouble", "declined")
"""Lanes whose money is what moved; the price of a listing is none."""
NEAR = 0.025
"""Share of the shown time within which two numbers would lie upon each other."""
_DAY_MS = 86_400_000
_HOVER = 70


def strip_chart(view: StripView, palette: Palette, window: tuple[datetime, datetime]) -> go.Figure:
    """The strip; a mark's `customdata` is the number of its row in `view.marks`.

    `window` is what is shown at first, on the market's clock.
    """
    place = {code: len(view.lanes) - 1 - i for i, (code, _) in enumerate(view.lanes)}
    colour = {
        code: palette.categorical[i % len(palette.categorical)]
        for i, (code, _) in enumerate(view.lanes)
    }
    rows = view.marks.with_row_index("number").filter(pl.col("lane").is_in(list(place)))
    traces = [
        _bars(rows.filter("is_day"), place, colour),
        _marks(rows.filter(~pl.col("is_day")), place, colour, palette),
    ]
    shapes: list[dict[str, Any]] = []
    if view.sequence:
        shapes.append(_band(view.sequence, palette))
        traces.append(_numbers(view.sequence, place, palette, window))
    lanes = axis(
        palette,
        tickmode="array",
        tickvals=list(place.values()),
        ticktext=[label for _, label in view.lanes],
        range=[-0.6, len(view.lanes) - 0.4],
        zeroline=False,
    )
    span = [_instant(end) for end in window]
    clock = axis(palette, type="date", fixedrange=False, showgrid=True, range=span)
    height = LANE_HEIGHT * len(view.lanes) + AXIS_HEIGHT
    return figure(
        traces,
        layout(
            palette,
            height=height,
            dragmode="zoom",
            hovermode="closest",
            xaxis=clock,
            yaxis=lanes,
            shapes=shapes,
            bargap=0,
        ),
    )


def strip_alt(view: StripView) -> str:
    """The strip in a sentence: how many events each lane holds, and the sequence."""
    counts = dict(view.marks.group_by("lane").agg(pl.col("event_count").sum()).iter_rows())
    parts = [f"{label.lower()} {counts.get(code, 0):,}" for code, label in view.lanes]
    told = f" {view.sequence.sentence}." if view.sequence else ""
    return f"Events by lane: {', '.join(parts)}.{told}"


def _bars(rows: pl.DataFrame, place: dict[str, int], colour: dict[str, str]) -> dict[str, Any]:
    highest = pl.col("event_count").max().over("lane")
    tall = rows.select(BAR * pl.col("event_count") / highest).to_series()
    return {
        "type": "bar",
        "x": [_instant(at, 12) for at in rows["happened_at"]],
        "y": tall.to_list(),
        "base": [place[lane] - BAR / 2 for lane in rows["lane"]],
        "width": _DAY_MS * 0.85,
        "marker": {"color": [colour[lane] for lane in rows["lane"]], "line": {"width": 0}},
        "customdata": rows["number"].to_list(),
        "hovertext": _hover(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _marks(
    rows: pl.DataFrame, place: dict[str, int], colour: dict[str, str], palette: Palette
) -> dict[str, Any]:
    lanes, strange = rows["lane"].to_list(), rows["is_strange"].to_list()
    colours = [
        palette.crit if odd else colour[lane] for lane, odd in zip(lanes, strange, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [_instant(at) for at in rows["happened_at"]],
        "y": [place[lane] for lane in lanes],
        "marker": {
            "color": [faded(one, 0.62) for one in colours],
            "size": _sizes(rows),
            "symbol": ["diamond" if odd else "circle" for odd in strange],
            "line": {"width": 1, "color": colours},
        },
        "customdata": rows["number"].to_list(),
        "hovertext": _hover(rows),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _sizes(rows: pl.DataFrame) -> list[float]:
    """Pixels across: area by money among the marks of a lane, small without any."""
    dearest = dict(rows.group_by("lane").agg(pl.col("amount_usd").max()).iter_rows())
    sizes = []
    for lane, amount in rows.select("lane", "amount_usd").iter_rows():
        most = dearest[lane] if lane in _SIZED else None
        share = max(amount or 0.0, 0.0) / most if most else 0.0
        sizes.append(round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt(share), 1))
    return sizes


def _hover(rows: pl.DataFrame) -> list[str]:
    texts = []
    for at, said, usd, is_day in rows.select(
        "happened_at", "text", "amount_usd", "is_day"
    ).iter_rows():
        when = f"{at:%Y-%m-%d}" if is_day else f"{at:%Y-%m-%d %H:%M}"
        amount = f"<br>{money(usd, compact=False)}" if usd is not None else ""
        texts.append(f"{when}<br>{plot_text(said, length=_HOVER)}{amount}")
    return texts


def _band(sequence: SalientSequence, palette: Palette) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": _instant(sequence.since),
        "x1": _instant(sequence.until),
        "y0": 0,
        "y1": 1,
        "fillcolor": faded(palette.crit, 0.13),
        "line": {"width": 1, "color": faded(palette.crit, 0.55)},
    }


def _numbers(
    sequence: SalientSequence,
    place: dict[str, int],
    palette: Palette,
    window: tuple[datetime, datetime],
) -> dict[str, Any]:
    """The steps as numbers above the marks that they are; those too near for two share one."""
    near = (window[1] - window[0]) * NEAR
    spots: list[tuple[str, datetime, list[int]]] = []
    for number, step in enumerate(sequence.steps, start=1):
        if spots and spots[-1][0] == step.lane and step.at - spots[-1][1] < near:
            spots[-1][2].append(number)
        else:
            spots.append((step.lane, step.at, [number]))
    shown = [spot for spot in spots if spot[0] in place]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [_instant(at) for _, at, _ in shown],
        "y": [place[lane] + 0.32 for lane, _, _ in shown],
        "text": [f"{n[0]}–{n[-1]}" if len(n) > 1 else str(n[0]) for _, _, n in shown],
        "textfont": {"size": 10, "color": palette.background},
        "marker": {
            "size": [21 if len(n) > 1 else 15 for _, _, n in shown],
            "color": palette.crit,
            "line": {"width": 0},
        },
        "hoverinfo": "skip",
    }


def _instant(at: Any, hour: int | None = None) -> str:
    """As Plotly reads an instant of no zone; an hour = of that day."""
    return f"{at:%Y-%m-%d} {hour}:00" if hour is not None else f"{at:%Y-%m-%d %H:%M:%S}"
