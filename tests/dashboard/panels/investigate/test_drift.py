"""Drift of one subject: all metrics on a sheet, one large, and the rows of the days chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.dashboard.harness import board_words, plain_words
from tests.dashboard.tiny_entities import DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

DRIFT = {"entity": "merchant:mer_1", "tab": "drift"}


def _figures(app: AppTest) -> list[dict]:
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def test_every_metric_has_a_picture(open_page: Open) -> None:
    """Nine of a shop, each with its name and its line; the chosen one is large below."""
    app = open_page("investigate", {**DRIFT, "measure": "gmv_usd"})
    assert not app.exception
    sheet = next(one for one in _figures(app) if "xaxis9" in one["layout"])
    lines = [trace for trace in sheet["data"] if trace.get("name") == "value"]
    assert len(lines) == 9
    titles = [one["text"] for one in sheet["layout"]["annotations"]]
    assert any(title.startswith("GMV: ") for title in titles)


def test_days_are_held_against_those_before_with_their_rows(open_page: Open) -> None:
    """A link from a click on a day shows its level and its rows."""
    day = f"{DAYS[-1]}"
    app = open_page("investigate", {**DRIFT, "measure": "orders", "day_from": day, "day_to": day})
    assert not app.exception
    said = plain_words(app)
    assert f"Orders, {DAYS[-1]:%-d %b}" in said
    assert "in the 1 day before" in said
    assert "1 order; every one counts" in board_words(app)


def test_strange_days_are_ignored(open_page: Open) -> None:
    """Upside down, outside the data, or no days at all."""
    for since, until in (("2026-05-01", "2026-04-01"), ("1999-01-01", "2099-01-01"), ("x", "")):
        app = open_page("investigate", {**DRIFT, "day_from": since, "day_to": until})
        assert not app.exception
        assert "day before" not in plain_words(app)
