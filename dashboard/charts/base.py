"""What every figure shares: a transparent page, quiet axes and thin margins.

Figures are built from dictionaries: Plotly Express costs ten times the CPU of a
rerun. Text comes in through `plot_text`, because Plotly reads `<` as HTML.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from dashboard.currency import shown
from dashboard.text import money, money_tick
from dashboard.text import value as text_of
from dashboard.theme import FONT, Palette

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKED = False
"""Whether Plotly checks every property of a figure."""
CLEAR = "rgba(0,0,0,0)"
LABEL_SIZE = 12
# At most so many steps of an axis of money.
TICKS = 5
_PARTS = {"percent": (100.0, 0.01, "%"), "bps": (10_000.0, 1.0, " bps")}
"""How many of a unit make one, the least that an axis of it spans, and its sign."""
LEAST_ODDS_TICKS, MOST_ODDS_TICKS = 2, 7
_FINE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_WHOLE_FROM = 10.0
_FACTORS = [lead * 10.0**power for power in range(9) for lead in (1.0, 2.0, 5.0)]
_ODDS_STEPS = sorted({sign * math.log(factor) for factor in _FACTORS for sign in (1.0, -1.0)})
# Streamlit passes this to Plotly: no toolbar, no logo link, no drag by accident.
CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}


class _Figure(go.Figure):  # type: ignore[misc]
    """A figure that nobody changes, so that it is sent as it was written, not as a copy."""

    def to_dict(self) -> dict[str, Any]:
        return {"data": self._data, "layout": self._layout}


def figure(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure of trace and layout dictionaries, taken as they are.

    Checking every property is half of what a figure costs; the tests have them checked.
    """
    return _Figure(data=traces, layout=layout, _validate=CHECKED)


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
        # Left alone, Plotly writes 0.0002 as 200µ and a thousand as 1k.
        "exponentformat": "none",
        "separatethousands": True,
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


def hatching(palette: Palette) -> dict[str, Any]:
    """Of bars that are hatched ground: what is not known yet."""
    lines = {"shape": "/", "size": 6, "solidity": 0.12, "fgcolor": faded(palette.muted, 0.35)}
    return {"color": CLEAR, "line": {"width": 0}, "pattern": lines}


def faded(colour: str, opacity: float) -> str:
    """`#rrggbb` as rgba with an opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def value_ticks(values: Iterable[float | None], unit: str) -> dict[str, Any]:
    """Ticks of an axis of `values` by a metric's unit: count, ratio, percent, bps or money.

    Money is written here as sentences write it. Plotly's own short form has no B, writes k for
    K, and below one dollar m, which reads as millions; of shares below one in a thousand its
    per cent with one digit are all 0%.
    """
    currency = shown()
    if unit == "money":
        scale, least = currency.per_usd, currency.least
    elif unit in _PARTS:
        scale, least = _PARTS[unit][:2]
    else:
        return {"tickformat": ",~r"}
    numbers = [value * scale for value in values if value is not None and math.isfinite(value)]
    places = _round_numbers(min([0.0, *numbers]), max([0.0, *numbers]), least)
    return {
        "tickmode": "array",
        "tickvals": [place / scale for place in places],
        "ticktext": [
            money_tick(one) if unit == "money" else f"{one:,.10g}{_PARTS[unit][2]}"
            for one in places
        ],
    }


def odds_ticks(low: float, high: float, base: float) -> dict[str, Any]:
    """Ticks of an axis of log odds from `low` to `high`, as times the odds at `base`."""
    steps = [step for step in _ODDS_STEPS if low <= base + step <= high]
    if len(steps) < LEAST_ODDS_TICKS:
        steps = _fine_steps(low - base, high - base)
    while len(steps) > MOST_ODDS_TICKS:
        steps = [step for i, step in enumerate(steps) if (i - steps.index(0.0)) % 2 == 0]
    return {
        "tickmode": "array",
        "tickvals": [base + step for step in steps],
        "ticktext": [_round_odds(step) for step in steps],
    }


def _fine_steps(low: float, high: float) -> list[float]:
    """Steps below twice the odds: by tenths or finer, as the axis has room for."""
    most = math.expm1(max(high, -low, 0.0))
    size = next((one for one in _FINE if most / one <= TICKS), _FINE[-1])
    sizes = [math.log1p(size * number) for number in range(1, int(most / size + 1e-9) + 1)]
    steps = [0.0, *sizes, *(-one for one in sizes)]
    return sorted(step for step in steps if low <= step <= high)


def _round_odds(step: float) -> str:
    factor = math.exp(abs(step))
    size = f"{factor:.4g}" if factor < _WHOLE_FROM else f"{factor:,.0f}"
    return f"÷{size}" if step < 0 else f"×{size}"


def hover_texts(values: Iterable[float | None], unit: str) -> list[str]:
    """Each value as it reads when pointed at: money to the minor unit."""
    if unit == "money":
        return [money(value, compact=False) for value in values]
    return [text_of(value, unit) for value in values]


def _round_numbers(low: float, high: float, least: float) -> list[float]:
    """A few round numbers from `low` to `high`, which is at least `least` above it."""
    span = max(high - low, least)
    size = 10.0 ** math.floor(math.log10(span / TICKS))
    step = next(size * one for one in (1, 2, 2.5, 5, 10) if span / (size * one) <= TICKS)
    first, last = math.ceil(low / step - 1e-9), math.floor(low / step + span / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]
