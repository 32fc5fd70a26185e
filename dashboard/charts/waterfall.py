"""Contributions as a path of bars from one level to another.

Bars with a base rather than Plotly's own waterfall: only they take whiskers and
clicks. They start where the path does, not at zero: with a rare class that
distance is long and says nothing about this entity. Both ends are marked lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.base import LABEL_SIZE, axis, faded, figure, layout, odds_ticks, titled
from dashboard.text import plain, plot_text, signed, times_odds

if TYPE_CHECKING:
    from collections.abc import Iterable

    import plotly.graph_objects as go

    from dashboard.theme import Palette

ROW_PIXELS = 26
# Above and below the rows, for the notes at both ends and for the axis.
FRAME_PIXELS = 104
LABEL_LENGTH = 54
VALUE_LENGTH = 14
# Beside the path, left and right, as a share of its length.
PADDING = 0.04
# Columns right of the plot: the numbers, and the places or brackets.
NUMBER_PIXELS, PLACE_PIXELS = 54, 36
# Bars that are not chosen step back without losing their colour.
UNCHOSEN = 0.35


@dataclass(frozen=True)
class Unit:
    """What the bars are measured in: the axis' title, the decimals of every number, and ticks."""

    title: str
    digits: int
    ticks: int
    between: str = "other models"
    """Who else says so: what the whiskers of a bar reach from and to."""
    good: str = "down"
    """Which direction is good: up, down, or none, where no bar is red."""
    is_odds: bool = False
    """Whether bars are log odds: they add up, and are said as what they multiply the odds by."""

    def step(self, size: float) -> str:
        """A bar's number."""
        return times_odds(size, self.digits) if self.is_odds else signed(size, self.digits)

    def level(self, level: float, base: float) -> str:
        """Where the path is, when it began at `base`."""
        if self.is_odds:
            return times_odds(level - base, self.digits)
        return signed(level, self.digits).removeprefix("+")


ODDS = Unit("Times the odds", 2, 6, is_odds=True)
MARGIN = Unit("Points of the margin", 2, 6)
LARGE_MARGIN = Unit("Points of the margin", 0, 6)
"""What was handed over in points of its own, which multiply no odds."""
_LARGE = 100.0
"""Points from which decimals of one say nothing."""
# Families share their line with another panel: more ticks would run into each other.
POINTS = Unit("Points of the score", 3, 3)


def margin_unit(sizes: Iterable[float], *, is_log_odds: bool) -> Unit:
    """What contributions of these sizes are measured in, on Why as on the card of a model."""
    if is_log_odds:
        return ODDS
    return LARGE_MARGIN if max(map(abs, sizes), default=0.0) >= _LARGE else MARGIN


def waterfall(
    bars: pl.DataFrame,
    palette: Palette,
    *,
    unit: Unit = ODDS,
    chosen: str = "",
) -> go.Figure:
    """The picture of `bars.path`, from its first level below to its last on top.

    `chosen` is the key of the bar that stands out; empty = all alike.
    """
    steps = bars.filter(pl.col("kind").is_in(["up", "down"]))
    ends = bars.filter(pl.col("kind").is_in(["base", "total"]))
    labels = [_label(row) for row in steps.iter_rows(named=True)]
    rows = list(range(steps.height))
    ticks = {"tickmode": "array", "tickvals": rows, "ticktext": labels}
    span = _span(bars)
    numbers = odds_ticks(span[0], span[1], _base(bars)) if unit.is_odds else {"nticks": unit.ticks}
    return figure(
        [_trace(steps, labels, palette, unit, chosen)],
        layout(
            palette,
            height=FRAME_PIXELS + ROW_PIXELS * steps.height,
            xaxis=titled(palette, unit.title, range=span, tickangle=0, **numbers),
            yaxis=axis(
                palette, showgrid=False, zeroline=False, range=[-1.5, steps.height + 0.5], **ticks
            ),
            margin={"l": 8, "r": _margin(steps), "t": 8, "b": 8},
            shapes=[*_end_lines(ends, palette), *_brackets(steps, palette)],
            annotations=[
                *_end_notes(ends, palette, unit, middle=sum(span) / 2.0, top=steps.height),
                *_numbers(steps, palette, unit),
                *_places(steps, palette),
            ],
        ),
    )


def waterfall_alt(bars: pl.DataFrame, unit: Unit = ODDS) -> str:
    """The chart in a sentence."""
    if bars.is_empty():
        return "No contributions."
    steps = bars.filter(pl.col("kind").is_in(["up", "down"])).reverse().head(3)
    named = ", ".join(
        f"{label} {unit.step(step)}"
        for label, step in steps.select("label", "contribution").iter_rows()
    )
    first, last = bars.row(0, named=True), bars.row(-1, named=True)
    start, end = (unit.level(row["end"], first["end"]) for row in (first, last))
    path = f"{unit.title}: {first['label']} {start}, {last['label'].lower()} {end}."
    return f"{path} Strongest: {named}."


def _trace(
    steps: pl.DataFrame, labels: list[str], palette: Palette, unit: Unit, chosen: str
) -> dict[str, Any]:
    colours = [_colour(row, palette, unit, chosen) for row in steps.iter_rows(named=True)]
    # A click may open a bar, never fade the others: which stands out is ours to say.
    steady = {"marker": {"opacity": 1}}
    return {
        "type": "bar",
        "orientation": "h",
        # Positions, not labels: two features may read alike.
        "y": list(range(steps.height)),
        "x": steps["contribution"].to_list(),
        "base": steps["start"].to_list(),
        "error_x": _whiskers(steps, palette),
        "customdata": [
            [label, note] for label, note in zip(labels, _notes(steps, unit), strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "marker": {"color": colours, "line": {"width": 0}},
        "selected": steady,
        "unselected": steady,
        "width": 0.62,
    }


def _colour(row: dict[str, Any], palette: Palette, unit: Unit, chosen: str) -> str:
    rising, falling = palette.moves(unit.good)
    colour = rising if row["contribution"] >= 0 else falling
    return colour if not chosen or row["key"] == chosen else faded(colour, UNCHOSEN)


def _whiskers(steps: pl.DataFrame, palette: Palette) -> dict[str, Any]:
    """From the least to the greatest that any of the models made of each bar."""
    own = pl.col("contribution")
    reach = steps.select(
        above=(pl.col("high") - own).clip(0.0).fill_null(0.0),
        below=(own - pl.col("low")).clip(0.0).fill_null(0.0),
    )
    return {
        "type": "data",
        "symmetric": False,
        "array": reach["above"].to_list(),
        "arrayminus": reach["below"].to_list(),
        "color": palette.text,
        "thickness": 1,
        "width": 3,
        "visible": bool(steps["low"].is_not_null().any()),
    }


def _notes(steps: pl.DataFrame, unit: Unit) -> list[str]:
    notes = []
    for row in steps.iter_rows(named=True):
        note = f"{unit.step(row['contribution'])} {unit.title.lower()}"
        if unit.is_odds:
            note = f"{unit.step(row['contribution'])} the odds"
        if row["low"] is not None:
            low, high = (unit.step(row[end]) for end in ("low", "high"))
            note += f", {unit.between} {low} to {high}"
        notes.append(note)
    return notes


def _label(row: dict[str, Any]) -> str:
    label = plot_text(row["label"], length=LABEL_LENGTH)
    return f"{label} =\u00a0{plot_text(plain(row['value'], length=VALUE_LENGTH))}" if (
        row["value"]) else label  # fmt: skip


def _span(bars: pl.DataFrame) -> list[float]:
    """From the lowest to the highest point of the path, whiskers too, with padding beside."""
    tips = bars.select(
        low=pl.min_horizontal("end", pl.col("start") + pl.col("low")),
        high=pl.max_horizontal("end", pl.col("start") + pl.col("high")),
    )
    low, high = min(tips["low"].to_list() or [0.0]), max(tips["high"].to_list() or [0.0])
    length = (high - low) or 1.0
    return [low - length * PADDING, high + length * PADDING]


def _base(bars: pl.DataFrame) -> float:
    """Where the path begins; nought of an empty one."""
    return float(bars["end"][0]) if len(bars) else 0.0


def _margin(steps: pl.DataFrame) -> int:
    """Right of the plot: a column of numbers, and one of places where there are any."""
    return NUMBER_PIXELS + (PLACE_PIXELS if (steps["tie"] > 0).any() else 8)


def _numbers(steps: pl.DataFrame, palette: Palette, unit: Unit) -> list[dict[str, Any]]:
    """Each bar's number in a column of its own, where no whisker can cross it."""
    return [
        _beside(row, unit.step(step), NUMBER_PIXELS, palette.text)
        for row, step in enumerate(steps["contribution"])
    ]


def _places(steps: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    """The rank of each bar that has one."""
    right = NUMBER_PIXELS + PLACE_PIXELS - 12
    return [
        _beside(row, str(place), right, palette.muted)
        for row, place in enumerate(steps["place"])
        if place is not None
    ]


def _beside(row: int, number: str, shift: int, colour: str) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "y": row,
        "xanchor": "right",
        "xshift": shift,
        "text": number,
        "showarrow": False,
        "font": {"size": LABEL_SIZE, "color": colour},
    }


def _brackets(steps: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    """A bracket beside each run of bars that are not told apart."""
    tied: dict[int, list[int]] = {}
    for row, (place, tie) in enumerate(steps.select("place", "tie").iter_rows()):
        if tie and place is None:
            tied.setdefault(tie, []).append(row)
    right = NUMBER_PIXELS + PLACE_PIXELS - 16
    lines = []
    for rows in tied.values():
        low, high = min(rows) - 0.3, max(rows) + 0.3
        spans = ((right, right, low, high), (right - 4, right, low, low))
        for x0, x1, y0, y1 in (*spans, (right - 4, right, high, high)):
            lines.append(_bracket_line((x0, x1), (y0, y1), palette))
    return lines


def _bracket_line(
    x: tuple[float, float], y: tuple[float, float], palette: Palette
) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "xsizemode": "pixel",
        "xanchor": 1,
        "x0": x[0],
        "x1": x[1],
        "y0": y[0],
        "y1": y[1],
        "line": {"color": palette.muted, "width": 1},
    }


def _end_lines(ends: pl.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    upright = {"type": "line", "y0": 0, "y1": 1, "yref": "paper", "layer": "below", "line": line}
    return [{**upright, "x0": level, "x1": level} for level in ends["end"]]


def _end_notes(
    ends: pl.DataFrame, palette: Palette, unit: Unit, *, middle: float, top: int
) -> list[dict[str, Any]]:
    """The name and level of both ends, each growing to where there is more space.

    `middle` is that of the axis, `top` the row over the last bar.
    """
    base = _base(ends)
    sides = ["left" if level < middle else "right" for level in ends["end"]]
    return [
        {
            "x": row["end"],
            "y": -0.95 if row["kind"] == "base" else top - 0.05,
            "text": f"{plot_text(row['label'])} {unit.level(row['end'], base)}",
            "xanchor": side,
            "xshift": 4 if side == "left" else -4,
            "showarrow": False,
            "bgcolor": palette.background,
            "font": {"size": LABEL_SIZE, "color": palette.muted},
        }
        for row, side in zip(ends.iter_rows(named=True), sides, strict=True)
    ]
