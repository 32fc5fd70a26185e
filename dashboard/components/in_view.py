"""Charts below the fold: drawn when their place comes into view.

A chart costs the browser forty to two hundred milliseconds and the first one a program of over a
megabyte, whether or not anybody scrolls to it. Until then a button as high as the chart stands in
its place and says what the chart shows, so that nothing moves when it is drawn, and whoever
listens, prints or searches the page has the sentence. `web/browser.js` presses the button as it
comes into sight; where it cannot, a person can (docs/decisions/0141-charts-in-view.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.boundary import panel
from dashboard.text import md_escape

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go
    from streamlit.delta_generator import DeltaGenerator

NAME = "in_view"
"""How the keys of such places begin; browser.js and browser.css know them by it."""


def in_view(
    figure: go.Figure, draw: Callable[[], None], *, alt: str, place: str, shows: str
) -> None:
    """`draw` the `figure` once `place` was in view while it `shows` this.

    `place` is unique on a page, `shows` says of whom or what the chart is: with another one it
    waits for its turn again. A click on the chart draws the chart alone: see `boundary.redraw`.
    """

    def part() -> None:
        with _place(int(figure.layout["height"]), place):
            if _is_seen(place, shows):
                draw()
            else:
                _wait(alt, place, shows)

    panel(part)()


def part_in_view(
    height: int, draw: Callable[[], None], *, alt: str, place: str, shows: str
) -> None:
    """The same for a part that may hold buttons: the place of so many pixels is gone by then."""

    def part() -> None:
        if _is_seen(place, shows):
            draw()
            return
        with _place(height, place):
            _wait(alt, place, shows)

    panel(part)()


def _place(height: int, place: str) -> DeltaGenerator:
    return st.container(
        height=height,
        border=False,
        key=f"{NAME}.{place}",
        horizontal_alignment="center",
        vertical_alignment="center",
    )


def _wait(alt: str, place: str, shows: str) -> None:
    """What the page presses, and says until then what stands here."""
    st.button(
        md_escape(alt),
        key=f"{NAME}.{place}.draw",
        type="tertiary",
        on_click=_seen,
        args=(place, shows),
    )


def _is_seen(place: str, shows: str) -> bool:
    return bool(st.session_state.get(f"{NAME}.{place}.shows") == shows)


def _seen(place: str, shows: str) -> None:
    st.session_state[f"{NAME}.{place}.shows"] = shows
