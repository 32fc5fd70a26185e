"""A chart below the fold waits for its place to come into view, and keeps it meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from streamlit.testing.v1.element_tree import Block

from tests.dashboard.harness import scrolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
BUTTON = "in_view.why.draw"
WHY = {"entity": "merchant:mer_2", "tab": "why"}


def _charts(app: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def test_what_the_chart_shows_is_said_in_its_place(open_page: Open) -> None:
    """The words that a screen reader has of the chart are read before it is drawn."""
    app = open_page("investigate", WHY)
    before = _charts(app)
    said = app.button(BUTTON).label
    app = app.button(BUTTON).click().run()
    drawn = app.get("plotly_chart")[-1]
    assert len(_charts(app)) == len(before) + 1
    assert said.replace("\\", "") == drawn.proto.alt
    assert not [one for one in app.button if one.key == BUTTON]


def test_the_place_is_as_high_as_the_chart(open_page: Open) -> None:
    """Nothing below moves when it is drawn."""
    app = open_page("investigate", WHY)
    heights = _place_heights(app)
    app = scrolled(app)
    assert heights
    assert _place_heights(app)[0] == heights[0] == _charts(app)[-1]["layout"]["height"]


def _place_heights(app: AppTest) -> list[int]:
    """Pixels of every place on the page, in its order."""
    found, parts = [], [app.main]
    while parts:
        part = parts.pop(0)
        if isinstance(part, Block):
            parts.extend(part.children.values())
            if "in_view." in getattr(part.proto, "id", ""):
                found.append(part.proto.height_config.pixel_height)
    return found


def test_another_subject_waits_for_its_own_turn(open_page: Open) -> None:
    """No chart of the one stands under the name of the other."""
    app = scrolled(open_page("investigate", WHY))
    app.query_params["entity"] = "merchant:mer_1"
    app = app.run()
    assert app.button(BUTTON)


def test_a_chart_that_was_seen_stays_when_its_panel_is_drawn_again(open_page: Open) -> None:
    """Evidence opened beside it does not take it away."""
    app = scrolled(open_page("investigate", WHY))
    seen = len(_charts(app))
    evidence = next(one for one in app.button if str(one.key).startswith("evidence."))
    assert len(_charts(evidence.click().run())) == seen
