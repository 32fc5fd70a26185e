"""Numbers in figures are spelled as in sentences: K, M and B, and no prefix below one."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.charts.base import hover_texts, odds_ticks, value_ticks
from dashboard.state import INVESTIGATE_TABS
from tests.dashboard.harness import scrolled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.testing.v1 import AppTest

SPELLED = re.compile(r"\u2212?\$[0-9,]+(\.[0-9]+)?[KMB]?")
SHORT = re.compile(r"s[|'\"}]|s$|(?<=[~0-9.])[segp]\b")
WITHOUT = ("facts", "community", "orders", "content", "appeal")
"""Tabs of tables: Plotly is fetched only where something is drawn with it."""
PLACES = [
    ("queue", {}),
    ("metrics", {}),
    ("metrics", {"metric": "refund_usd", "split": "market"}),
    ("community", {"community": "com_1"}),
    ("model", {}),
    *(("investigate", {"entity": "merchant:mer_1", "tab": tab}) for tab in INVESTIGATE_TABS),
    ("investigate", {"entity": "live_session:liv_1", "tab": "drift"}),
]


@pytest.mark.parametrize(
    ("high", "last"),
    [
        (0.0, "$0.01"), (0.004, "$0.01"), (0.2, "$0.20"), (0.9, "$0.80"), (1.0, "$1"), (7.0, "$6"),
        (999.0, "$800"), (5_000.0, "$5K"), (36_000.0, "$30K"), (2.4e6, "$2M"), (4e9, "$4B"),
    ],
)  # fmt: skip
def test_an_axis_of_money_is_spelled_as_money_is(high: float, last: str) -> None:
    """0.2 dollars are no 200 millions, and a billion is no giga."""
    ticks = value_ticks([0.0, None, high], "money")
    assert ticks["ticktext"][0] == "$0"
    assert ticks["ticktext"][-1] == last
    assert all(SPELLED.fullmatch(text) for text in ticks["ticktext"])
    assert len(set(ticks["ticktext"])) == len(ticks["ticktext"])
    assert 2 <= len(ticks["tickvals"]) <= 7


def test_an_axis_of_money_goes_below_zero() -> None:
    """With nought among its ticks and a true minus."""
    ticks = value_ticks([-1500.0, 900.0, float("nan")], "money")
    assert "$0" in ticks["ticktext"]
    assert "\u2212$1K" in ticks["ticktext"]


@pytest.mark.parametrize(
    ("high", "last"),
    [
        (0.0, "0.01%"),
        (0.0004, "0.04%"),
        (0.03, "3%"),
        (0.9, "80%"),
        (1.0, "100%"),
        (40.0, "4,000%"),
    ],
)
def test_an_axis_of_shares_has_no_two_places_of_one_name(high: float, last: str) -> None:
    """A rate below one in a thousand is no row of 0%."""
    ticks = value_ticks([0.0, None, high], "percent")
    assert (ticks["ticktext"][0], ticks["ticktext"][-1]) == ("0%", last)
    assert len(set(ticks["ticktext"])) == len(ticks["ticktext"])
    shares = [float(text.rstrip("%").replace(",", "")) / 100.0 for text in ticks["ticktext"]]
    assert ticks["tickvals"] == pytest.approx(shares)


@pytest.mark.parametrize("unit", ["count", "percent", "ratio", "money"])
def test_a_value_pointed_at_is_spelled_out(unit: str) -> None:
    """No prefix, whatever the size; nothing where there is nothing."""
    texts = hover_texts([0.0002, 0.2, 1.0, 12_345.0, 4e9, None], unit)
    assert all(re.fullmatch(r"[-\u2212$0-9,.%]+|\u2013|[0-9.e-]+", text) for text in texts)


@pytest.mark.parametrize(("name", "params"), PLACES)
def test_no_figure_of_any_page_leaves_the_spelling_to_plotly(
    open_page: Callable[..., AppTest], name: str, params: dict[str, str]
) -> None:
    """Its own puts k for K, G for B, and m and µ below one."""
    drawn = list(figures(scrolled(open_page(name, params))))
    assert drawn or name in {"queue", "community"} or params.get("tab") in WITHOUT
    for figure in drawn:
        for axis in axes(figure["layout"]):
            assert axis["exponentformat"] == "none", axis
        for spelling in formats(figure):
            assert not SHORT.search(spelling), spelling


def figures(page: AppTest) -> Iterator[dict[str, Any]]:
    """The figures that the page sent."""
    for chart in page.get("plotly_chart"):
        yield json.loads(chart.proto.spec)


def axes(layout: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The axes that are shown."""
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name) and axis.get("visible", True):
            yield axis


def formats(part: Any, name: str = "") -> Iterator[str]:
    """Every number format in a figure: of ticks, and those in what is said on pointing."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from formats(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from formats(value, name)
    elif name in {"tickformat", "texttemplate"} and "%" not in str(part)[:1]:
        yield str(part)
    elif name == "hovertemplate":
        yield from re.findall(r"%\{[^}:]+:([^}|]+)", str(part))


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.0, 0.3), ["×1", "×1.1", "×1.2", "×1.3"]),
        ((-0.2, 0.2), ["÷1.2", "÷1.1", "×1", "×1.1", "×1.2"]),
        ((0.0, 2.0), ["×1", "×2", "×5"]),
        ((-3.0, 3.0), ["÷20", "÷5", "×1", "×5", "×20"]),
    ],
)
def test_an_axis_of_odds_has_ticks_to_read_a_bar_by(
    ends: tuple[float, float], said: list[str]
) -> None:
    """However little the bars multiply by; each tick stands where its factor is."""
    ticks = odds_ticks(*ends, 0.0)
    assert ticks["ticktext"] == said
    for place, text in zip(ticks["tickvals"], said, strict=True):
        factor = float(text[1:])
        assert math.exp(place) == pytest.approx(factor if text[0] == "×" else 1.0 / factor)
