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
    assert texts[:2] == ["Average entity ×1.00", "This entity ×7.0"]
    assert texts[2:5] == ["×1.57", "÷1.65", "×7.4"]
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
    assert "×7.4" in waterfall.waterfall_alt(BARS)
    assert waterfall.waterfall_alt(BARS.head(0)).endswith(".")


def test_an_empty_path_is_an_empty_figure() -> None:
    """No rows is a state, not an error."""
    assert len(waterfall.waterfall(BARS.head(0), LIGHT).data[0].y) == 0


def test_the_axis_counts_times_the_odds_of_the_average() -> None:
    """At the base it says one; each tick stands where bars of that factor end; few are drawn."""
    figure = waterfall.waterfall(BARS, LIGHT)
    axis = figure.layout.xaxis
    places = dict(zip(axis.ticktext, axis.tickvals, strict=True))
    assert places["×1"] == pytest.approx(-1.0)
    assert places["×2"] == pytest.approx(-1.0 + 0.693147, abs=1e-5)
    assert axis.range[0] <= min(axis.tickvals) < max(axis.tickvals) <= axis.range[1]
    far = path([Step("a", "a", 9.0)], Ends("Average entity", "This entity", -4.0))
    ticks = waterfall.waterfall(far, LIGHT).layout.xaxis.ticktext
    assert "×1" in ticks
    assert 3 <= len(ticks) <= 7


def test_factors_multiply_to_the_last_one() -> None:
    """Each bar's number times the others is the number at the end, as far as they are rounded."""
    said = [note.text for note in waterfall.waterfall(BARS, LIGHT).layout.annotations]
    product = 1.0
    for factor in said[2:5]:
        size = float(factor[1:])
        product = product * size if factor[0] == "×" else product / size
    assert float(said[1].removeprefix("This entity ×")) == pytest.approx(product, rel=0.02)


def test_points_are_said_as_points() -> None:
    """Families and metrics add up: nothing is multiplied."""
    figure = waterfall.waterfall(BARS, LIGHT, unit=waterfall.POINTS)
    assert figure.layout.annotations[2].text == "+0.450"
    assert figure.layout.annotations[1].text == "This entity 0.950"
