"""The chosen metric: its line, its split, and where its change comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.dashboard.harness import scrolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]
WEEK = {"since": "2026-04-24", "until": "2026-04-30"}
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
    assert len(figures(app)) == 1
    path, grid = figures(scrolled(app))[1:3]
    assert set(path["layout"]["yaxis"]["ticktext"]) <= {"MY", "SG", "MY, n < 30", "SG, n < 30"}
    assert grid["data"][0]["type"] == "heatmap"


def _said(app: AppTest) -> str:
    return " ".join(one.value for one in app.markdown).replace("\\", "")


def test_two_slices_are_held_against_each_other(open_page: Open) -> None:
    """Same days, a line each: 20 orders a day in each market, from the rows of the tiny cube."""
    app = open_page("metrics", {"metric": "orders", "market": "MY", "vs": "market=SG", **WEEK})
    assert "Paid orders from 24 Apr to 30 Apr: 140 in MY, 140 in SG" in _said(app)
    assert {"MY", "SG"} <= {trace.get("name") for trace in figures(app)[0]["data"]}


def test_the_path_leads_from_the_other_slice_to_this_one(open_page: Open) -> None:
    """Live sells half of everything: of the 140 more, each market has 70."""
    app = open_page("metrics", {"metric": "orders", "vs": "channel=live", "by": "market", **WEEK})
    assert "280 in all orders, 140 in Live" in _said(app)
    path = figures(scrolled(app))[1]
    bars = [trace for trace in path["data"] if trace["type"] == "bar"]
    assert sorted(x for bar in bars for x in bar["x"] if x) == [70.0, 70.0]
    words = json.dumps(path["layout"]["annotations"])
    assert "Live 140" in words
    assert "all orders 280" in words


def test_a_strange_slice_to_compare_with_is_ignored(open_page: Open) -> None:
    """Neither a dimension nor a value that there is not."""
    for strange in ("market=XX", "nothing=MY", "market", "a=b=c", ",,"):
        app = open_page("metrics", {"metric": "orders", "vs": strange})
        assert not app.exception
        assert "against" in _said(app)
