"""Small charts of one subject: its price in the category, reviews and views by day, payouts."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboard.charts.base import axis, faded, figure, hover_texts, layout, legend, value_ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import plotly.graph_objects as go
    import polars as pl

    from dashboard.theme import Palette

HEIGHT = 210
VIDEO_LANES = {"views": "Views", "likes": "Likes", "clicks": "Clicks", "orders": "Orders"}
_TOP = 26
"""Pixels above a plot with keys."""
_GAP = 0.06
_FEW = 3
_MOST_WEEKS = 12
"""Names of weeks that fit below a chart."""
_DAY_MS = 86_400_000
_MARGIN = {"l": 8, "r": 8, "t": _TOP, "b": 8}


def price_chart(versions: pl.DataFrame, until: date, palette: Palette) -> go.Figure:
    """`pages/investigate/product_versions` as steps of the price over its category's quartiles."""
    rows = versions.rows(named=True)
    ends = [row["valid_until"] or until for row in rows]
    x = [end for row, last in zip(rows, ends, strict=True) for end in (row["valid_from"], last)]

    def steps(name: str) -> list[float | None]:
        return [row[name] for row in rows for _ in range(2)]

    shared: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": x}
    shared["hovertemplate"] = "%{customdata}"
    low, high = steps("low_usd"), steps("high_usd")
    edge: dict[str, Any] = {"line": {"width": 0}, "showlegend": False}
    traces: list[dict[str, Any]] = [
        {**shared, **edge, "y": low, "hoverinfo": "skip", "hovertemplate": None},
        {
            **shared,
            "y": high,
            "name": "Middle half of its category",
            "fill": "tonexty",
            "fillcolor": faded(palette.low, 0.22),
            "line": {"width": 0},
            "hoverinfo": "skip",
            "hovertemplate": None,
        },
        _line(shared, steps("median_usd"), "Median of its category", palette.muted, dash="dot"),
        _line(shared, steps("price_usd"), "This listing", palette.accent, width=2.2),
    ]
    everything = [*low, *high, *steps("price_usd")]
    money = axis(palette, rangemode="tozero", **value_ticks(everything, "money"))
    return _over_time(traces, palette, yaxis=money)


def review_chart(days: pl.DataFrame, palette: Palette) -> go.Figure:
    """`pages/investigate/product_review_days` as bars by stars, and the mean so far as a line."""
    x = days["day"].to_list()
    mean = days["mean"].to_list()
    bars = [
        {**_bar(x, days[name].to_list(), label, colour), "width": _DAY_MS * 0.85}
        for name, label, colour in (
            ("low", "1 or 2 stars", palette.crit),
            ("middle", "3 stars", palette.med),
            ("high", "4 or 5 stars", palette.categorical[1]),
        )
    ]
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": mean,
        "name": "Mean so far",
        "yaxis": "y2",
        "line": {"color": palette.text, "width": 1.6},
        "hovertemplate": "%{y:.2f} stars",
    }
    stars = axis(palette, overlaying="y", side="right", range=[1, 5.1], showgrid=False, dtick=1)
    counts = axis(palette, rangemode="tozero", tickformat=",~r", nticks=4)
    return _over_time([*bars, line], palette, barmode="stack", yaxis=counts, yaxis2=stars)


def video_chart(days: pl.DataFrame, palette: Palette) -> go.Figure:
    """`pages/investigate/video_days` as one lane of bars for each count."""
    x = days["day"].to_list()
    traces, axes = [], {}
    unit = (1.0 - _GAP * (len(VIDEO_LANES) - 1)) / len(VIDEO_LANES)
    for i, (name, label) in enumerate(VIDEO_LANES.items()):
        suffix = str(i + 1) if i else ""
        colour = palette.categorical[i % len(palette.categorical)]
        traces.append({**_bar(x, days[name].to_list(), label, colour), "yaxis": f"y{suffix}"})
        top = 1.0 - i * (unit + _GAP)
        title = {"text": label, "font": {"size": 12, "color": palette.muted}}
        axes[f"yaxis{suffix}"] = axis(
            palette,
            domain=[max(top - unit, 0.0), top],
            rangemode="tozero",
            tickformat=",~r",
            title=title,
            **({"dtick": 1} if max(days[name].fill_null(0).to_list()) < _FEW else {"nticks": 3}),
        )
    clock = axis(palette, type="date", showgrid=False, anchor=f"y{len(VIDEO_LANES)}")
    return figure(
        traces, layout(palette, height=380, hovermode="x unified", bargap=0.1, xaxis=clock, **axes)
    )


def payout_chart(weeks: pl.DataFrame, palette: Palette) -> go.Figure:
    """`pages/investigate/merchant_payouts` as bars of a week: what left, and what has not."""
    x = [_middle(day) for day in weeks["week"]]
    traces = [
        {
            **_bar(x, weeks[name].to_list(), label, colour),
            "customdata": hover_texts(weeks[name].to_list(), "money"),
            "hovertemplate": "%{customdata}",
        }
        for name, label, colour in (
            ("settled_usd", "Paid out", palette.categorical[0]),
            ("held_usd", "Held", palette.med),
        )
    ]
    tallest = (weeks["settled_usd"] + weeks["held_usd"]).to_list()
    money = axis(palette, rangemode="tozero", **value_ticks(tallest, "money"))
    every = slice(None, None, len(x) // _MOST_WEEKS + 1)
    mondays = [f"{day:%-d %b}" for day in weeks["week"][every]]
    ticks = {"tickmode": "array", "tickvals": x[every], "ticktext": mondays}
    return _over_time(traces, palette, ticks, barmode="stack", yaxis=money)


def _bar(x: Sequence[Any], y: Sequence[Any], name: str, colour: str) -> dict[str, Any]:
    marker = {"color": colour, "line": {"width": 0}}
    return {
        "type": "bar",
        "x": list(x),
        "y": list(y),
        "name": name,
        "marker": marker,
        "hovertemplate": "%{y:,}",
    }


def _line(
    shared: dict[str, Any],
    values: list[float | None],
    name: str,
    colour: str,
    *,
    width: float = 1.4,
    dash: str = "solid",
) -> dict[str, Any]:
    pen = {"color": colour, "width": width, "dash": dash}
    return {
        **shared,
        "y": values,
        "name": name,
        "line": pen,
        "customdata": hover_texts(values, "money"),
    }


def _over_time(
    traces: list[dict[str, Any]],
    palette: Palette,
    ticks: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,
) -> go.Figure:
    return figure(
        traces,
        layout(
            palette,
            height=HEIGHT,
            margin=_MARGIN,
            hovermode="x unified",
            showlegend=True,
            legend=legend(palette),
            bargap=0.15,
            xaxis=axis(palette, type="date", showgrid=False, **ticks),
            **more,
        ),
    )


def _middle(week: date) -> datetime:
    """Where the bar of a week stands: in the middle of it."""
    return datetime(week.year, week.month, week.day) + timedelta(days=3, hours=12)  # noqa: DTZ001
