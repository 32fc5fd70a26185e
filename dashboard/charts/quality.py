"""How good a model is: precision against recall, and what it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.charts.base import axis, figure, layout, legend, odds_ticks, titled
from dashboard.text import plot_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from dashboard.charts.waterfall import Unit
    from dashboard.theme import Palette

HEIGHT = 300
ROW_PIXELS = 24


def precision_recall(
    curve: pl.DataFrame, palette: Palette, *, base_rate: float | None
) -> go.Figure:
    """`pages/model/pr_curve` as a line, with the share of bad as the floor."""
    ordered = curve.sort("recall")
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": ordered["recall"].to_list(),
        "y": ordered["precision"].to_list(),
        "customdata": ordered["threshold"].to_list(),
        "line": {"color": palette.accent, "width": 2},
        "name": "Model",
        "hovertemplate": (
            "recall %{x:.0%}, precision %{y:.0%}<br>threshold %{customdata:.3f}<extra></extra>"
        ),
    }
    floor = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1],
        "y": [base_rate or 0.0] * 2,
        "line": {"color": palette.muted, "width": 1.2, "dash": "dot"},
        "name": "Guessing",
        "hoverinfo": "skip",
    }
    return figure([floor, line], _square(palette, "Recall", "Precision"))


def importance(rows: pl.DataFrame, palette: Palette, unit: Unit) -> go.Figure:
    """`ModelView.importance`: mean absolute contribution per feature, largest on top.

    `unit` is that of the margins: odds, or points of another model's own.
    """
    ordered = rows.reverse()
    labels = [plot_text(label, length=54) for label in ordered["label"]]
    sizes = ordered["mean_abs_contribution"].to_list()
    numbers = odds_ticks(0.0, max(sizes, default=0.0) * 1.05, 0.0) if unit.is_odds else {}
    said = "%{customdata[0]}<br>%{customdata[1]}"
    noun = " the odds" if unit.is_odds else ""
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(ordered))),
        "x": sizes,
        "marker": {"color": palette.accent},
        "width": 0.6,
        "customdata": [
            [label, unit.step(size).removeprefix("+")]
            for label, size in zip(labels, sizes, strict=True)
        ],
        "hovertemplate": f"{said}{noun}, up or down<extra></extra>",
    }
    ticks = {"tickmode": "array", "tickvals": list(range(len(ordered))), "ticktext": labels}
    return figure(
        [bars],
        layout(
            palette,
            height=60 + ROW_PIXELS * len(ordered),
            xaxis=titled(palette, f"{unit.title}, up or down, on average", **numbers),
            yaxis=axis(palette, showgrid=False, **ticks),
        ),
    )


def precision_recall_alt(curve: pl.DataFrame, label: str) -> str:
    """The precision-recall curve in a sentence."""
    if curve.is_empty():
        return f"{label} model: no precision-recall curve."
    half = curve.sort((pl.col("recall") - 0.5).abs()).row(0, named=True)
    return f"{label} model: at {half['recall']:.0%} recall, precision is {half['precision']:.0%}."


def importance_alt(rows: pl.DataFrame, label: str) -> str:
    """The strongest features in a sentence."""
    return f"{label} model, strongest features: {', '.join(rows['label'].head(3)) or 'none'}."


def _square(palette: Palette, x: str, y: str) -> dict[str, object]:
    ends = {"range": [-0.02, 1.04], "tickformat": ".0%"}
    return layout(
        palette,
        height=HEIGHT,
        showlegend=True,
        legend=legend(palette),
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        xaxis=titled(palette, x, **ends),
        yaxis=titled(palette, y, **ends),
    )
