"""A path of bars: from its base to its end, with whiskers, ranks and plain text."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.charts import waterfall
from dashboard.theme import DARK, LIGHT, Palette
from dashboard.view_models.bars import Ends, Step, path, ranked
from tests.dashboard import tiny_database as tiny

STEPS = [
    Step("wild", tiny.HOSTILE, 2.0, tiny.HOSTILE, 1.6, 2.3),
    Step("calm", "calm", -0.5, "1", -0.7, -0.4),
    Step("still", "still", 0.45, "2", 0.4, 0.5),
]

BARS = path(STEPS, Ends("Average entity", "This entity", -1.0), ranked(STEPS))


def test_the_waterfall_draws_the_margin_from_the_base() -> None:
    """Each bar begins where the one below ends; both ends are marked with their values."""
    figure = waterfall.waterfall(BARS, LIGHT)
    trace = figure.data[0]
    assert list(trace.x) == [0.45, -0.5, 2.0]
    assert list(trace.base) == pytest.approx([-1.0, -0.55, -1.05])
    texts = [note.text for note in figure.layout.annotations]
    assert texts[:2] == ["Average entity −1.00", "This entity 0.95"]
    assert texts[2:5] == ["+0.45", "−0.50", "+2.00"]
    assert list(trace.marker.color) == [LIGHT.raises, LIGHT.lowers, LIGHT.raises]


def test_whiskers_reach_what_other_models_made_of_a_bar() -> None:
    """Distances from the bar's own end, never below zero; without other models none are drawn."""
    whiskers = waterfall.waterfall(BARS, LIGHT).data[0].error_x
    assert list(whiskers.array) == pytest.approx([0.05, 0.1, 0.3])
    assert list(whiskers.arrayminus) == pytest.approx([0.05, 0.2, 0.4])
    alone = BARS.with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
    assert not waterfall.waterfall(alone, LIGHT).data[0].error_x.visible


def test_only_a_bar_that_is_told_apart_has_a_number() -> None:
    """The strongest is first; two that overlap share a bracket of three strokes instead."""
    figure = waterfall.waterfall(BARS, LIGHT)
    assert [note.text for note in figure.layout.annotations[5:]] == ["1"]
    assert len(figure.layout.shapes) == 2 + 3


def test_a_chosen_bar_stands_out() -> None:
    """The others keep their hue and step back."""
    colours = waterfall.waterfall(BARS, LIGHT, chosen="wild").data[0].marker.color
    assert colours[2] == LIGHT.raises
    assert colours[1].startswith("rgba")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_no_bar_carries_markup_from_data(palette: Palette) -> None:
    """Plotly turns `<a>` and `<img>` into elements, so none may arrive."""
    figure = waterfall.waterfall(BARS, palette)
    assert "<img" not in figure.to_json()
    assert "\\u003cimg" not in figure.to_json()


def test_the_bars_have_a_sentence() -> None:
    """Alt text states the takeaway, and survives an empty path."""
    assert "+2.00" in waterfall.waterfall_alt(BARS)
    assert waterfall.waterfall_alt(BARS.head(0)).endswith(".")


def test_an_empty_path_is_an_empty_figure() -> None:
    """No rows is a state, not an error."""
    assert len(waterfall.waterfall(BARS.head(0), LIGHT).data[0].y) == 0
