"""The chosen metric: its line, its split, and where its change comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
DAYS = {"since": "2026-04-16", "until": "2026-04-30"}


def figures(app: AppTest) -> list[dict]:
    """The figures of the page as they travel to the browser."""
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def test_a_split_draws_a_line_a_slice(open_page: Open) -> None:
    """Both markets, under their names."""
    app = open_page("metrics", {"metric": "orders", "split": "market", **DAYS})
    names = {trace.get("name") for trace in figures(app)[0]["data"]}
    assert {"MY", "SG"} <= names


def test_the_path_of_a_change_has_a_bar_a_slice(open_page: Open) -> None:
    """From before to now, market by market, beside a grid of two dimensions."""
    app = open_page("metrics", {"metric": "orders", "by": "market", **DAYS})
    path, grid = figures(app)[1:3]
    assert set(path["layout"]["yaxis"]["ticktext"]) <= {"MY", "SG", "MY, n < 30", "SG, n < 30"}
    assert grid["data"][0]["type"] == "heatmap"
