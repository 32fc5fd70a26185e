"""A grid of two dimensions: what each cell added to a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.charts.base import LABEL_SIZE, axis, faded, figure, layout
from dashboard.text import plot_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from dashboard.theme import Palette

ROW_PIXELS = 26
_FRAME_PIXELS = 40
_LABEL_LENGTH = 14
_LEVEL_COLUMNS = 6
_DEEPEST = 0.62


def heat_map(
    grid: Sequence[Sequence[float | None]],
    words: Sequence[Sequence[tuple[str, str]]],
    names: tuple[Sequence[str], Sequence[str]],
    palette: Palette,
    *,
    good: str = "down",
) -> go.Figure:
    """Cells of `grid` (a list of rows), coloured by size and sign; None is left blank.

    `words` has each cell's short text and what pointing at it says; `names` are those of the
    rows, first on top, and of the columns. `good` is the direction that is: up, down or none;
    what is bad is red.
    """
    largest = max((abs(one) for row in grid for one in row if one is not None), default=0.0) or 1.0
    rising, falling = palette.moves(good)
    scale = [
        [0.0, faded(falling, _DEEPEST)],
        [0.5, faded(palette.low, 0.06)],
        [1.0, faded(rising, _DEEPEST)],
    ]
    trace: dict[str, Any] = {
        "type": "heatmap",
        "z": [list(row) for row in grid],
        "x": list(range(len(names[1]))),
        "y": list(range(len(names[0]))),
        "zmin": -largest,
        "zmax": largest,
        "colorscale": scale,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": [[plot_text(short) for short, _ in row] for row in words],
        "customdata": [[plot_text(long, length=160) for _, long in row] for row in words],
        "texttemplate": "%{text}",
        "textfont": {"size": LABEL_SIZE - 1, "color": palette.text},
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
    }
    return figure(
        [trace],
        layout(
            palette,
            height=_FRAME_PIXELS + ROW_PIXELS * len(names[0]),
            xaxis=axis(
                palette, showgrid=False, side="top", tickangle=_angle(names[1]), **_named(names[1])
            ),
            yaxis=axis(palette, showgrid=False, autorange="reversed", **_named(names[0])),
        ),
    )


def _angle(names: Sequence[str]) -> int:
    """Level while the names of the columns fit side by side."""
    return 0 if len(names) <= _LEVEL_COLUMNS else -30


def _named(names: Sequence[str]) -> dict[str, Any]:
    """Places, not names: two values may read alike."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [plot_text(name, length=_LABEL_LENGTH) for name in names],
        "zeroline": False,
    }
