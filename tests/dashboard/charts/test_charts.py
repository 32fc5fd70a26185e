"""Figures from tidy frames: traces, escaping, and a sentence for each."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.charts import quality, trend, waterfall
from dashboard.theme import DARK, LIGHT
from dashboard.view_models.bars import Ends, Step, path, ranked
from dashboard.view_models.drift import CalendarMark
from tests.dashboard import tiny_database as tiny

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(5)]
STEPS = [
    Step("wild", tiny.HOSTILE, 2.0, tiny.HOSTILE, 1.6, 2.3),
    Step("calm", "calm", -0.5, "1", -0.7, -0.4),
    Step("still", "still", 0.45, "2", 0.4, 0.5),
]
BARS = path(STEPS, Ends("Average entity", "This entity", -1.0), ranked(STEPS))


def drift_days(peers: float | None) -> pl.DataFrame:
    """Five days of a metric, with or without peers."""
    bands = {name: [1.0] * 5 for name in ("own_mean", "own_low", "own_high")}
    around = {
        name: pl.Series(name, [peers] * 5, dtype=pl.Float64) for name in ("p25", "p50", "p75")
    }
    return pl.DataFrame({"day": DAYS, "value": [1.0, 2.0, 9.0, 2.0, 1.0], **bands, **around})


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
def test_no_figure_carries_markup_from_data(palette: object) -> None:
    """Plotly turns `<a>` and `<img>` into elements, so none may arrive."""
    mark = CalendarMark(DAYS[1], DAYS[2], tiny.HOSTILE, "campaign")
    split = pl.DataFrame({"day": DAYS, "slice": [tiny.HOSTILE] * 5, "value": [1.0] * 5})
    figures = [
        waterfall.waterfall(BARS, palette),  # type: ignore[arg-type]
        trend.split_chart(split, palette, unit="count", marks=[mark]),  # type: ignore[arg-type]
    ]
    for figure in figures:
        assert "<img" not in figure.to_json()
        assert "\\u003cimg" not in figure.to_json()


def test_a_metric_without_peers_has_no_peer_band() -> None:
    """An empty band would still claim its place in the legend."""
    alone = trend.drift_chart(drift_days(None), LIGHT, unit="count")
    among = trend.drift_chart(drift_days(1.0), LIGHT, unit="count")
    assert len(among.data) == len(alone.data) + 2


def test_marks_outside_the_days_are_not_drawn() -> None:
    """The axis is the data's, not the calendar's."""
    inside = CalendarMark(DAYS[1], DAYS[2], "sale", "campaign")
    outside = CalendarMark(DAYS[0] - timedelta(days=30), DAYS[0] - timedelta(days=20), "x", "y")
    figure = trend.drift_chart(drift_days(1.0), LIGHT, unit="count", marks=[inside, outside])
    events = [trace for trace in figure.data if trace.name == "Calendar"]
    assert len(events) == 1
    assert set(events[0].text) == {"sale", ""}


def test_events_at_the_same_time_stand_in_lanes() -> None:
    """Two events on one day are both visible."""
    marks = [CalendarMark(DAYS[1], DAYS[3], name, "campaign") for name in ("a", "b")]
    figure = trend.drift_chart(drift_days(1.0), LIGHT, unit="count", marks=marks)
    lanes = dict(zip(figure.data[-1].text, figure.data[-1].y, strict=True))
    assert lanes["a"] != lanes["b"]


def test_a_split_draws_the_largest_slices_only() -> None:
    """More lines than colours cannot be told apart."""
    rows = [{"day": DAYS[0], "slice": f"s{i}", "value": float(i)} for i in range(20)]
    figure = trend.split_chart(pl.DataFrame(rows), LIGHT, unit="count")
    assert [line.name for line in figure.data] == [f"s{i}" for i in range(19, 12, -1)]


def test_figures_are_transparent_so_that_both_themes_work() -> None:
    """No white box on a dark page."""
    bins = pl.DataFrame({"predicted": [0.1], "observed": [0.2], "entities": [40]})
    figure = quality.calibration(bins, DARK)
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_every_chart_has_a_sentence() -> None:
    """Alt text states the takeaway, and survives empty frames."""
    curve = pl.DataFrame({"threshold": [0.5], "recall": [0.5], "precision": [0.8]})
    bins = pl.DataFrame({"predicted": [0.1], "observed": [0.3], "entities": [40]})
    assert "+2.00" in waterfall.waterfall_alt(BARS)
    assert "highest 9 on 2026-01-03" in trend.trend_alt(drift_days(1.0), "Orders")
    assert quality.precision_recall_alt(curve, "Buyer") == (
        "Buyer model: at 50% recall, precision is 80%."
    )
    assert "20.0%" in quality.calibration_alt(bins, "Buyer")
    for empty in (
        waterfall.waterfall_alt(BARS.head(0)),
        trend.trend_alt(drift_days(1.0).head(0), "Orders"),
        quality.precision_recall_alt(curve.head(0), "Buyer"),
        quality.calibration_alt(bins.head(0), "Buyer"),
    ):
        assert empty.endswith(".")


def test_empty_frames_draw_empty_figures() -> None:
    """No rows is a state, not an error."""
    assert len(waterfall.waterfall(BARS.head(0), LIGHT).data[0].y) == 0
    assert quality.importance(
        pl.DataFrame(schema={"label": pl.String, "mean_abs_contribution": pl.Float64}), LIGHT
    )
