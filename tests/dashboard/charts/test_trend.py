"""Lines over time: bands, calendar, slices, and plain text."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard.charts import trend
from dashboard.charts.lines import POINT_PIXELS
from dashboard.charts.metric import Around
from dashboard.charts.small_multiples import small_multiples
from dashboard.theme import LIGHT
from dashboard.view_models.calendar import CalendarMark
from dashboard.view_models.drift import METRICS
from dashboard.view_models.drift_panels import DriftPanel

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(5)]


def drift_days(peers: float | None) -> pl.DataFrame:
    """Five days of a metric, with or without peers."""
    bands = {name: [1.0] * 5 for name in ("own_mean", "own_low", "own_high")}
    around = {
        name: pl.Series(name, [peers] * 5, dtype=pl.Float64) for name in ("p10", "p50", "p90")
    }
    return pl.DataFrame({"day": DAYS, "value": [1.0, 2.0, 9.0, 2.0, 1.0], **bands, **around})


def test_a_metric_without_peers_has_no_peer_band() -> None:
    """An empty band would still claim its place in the legend."""
    alone = trend.drift_chart(drift_days(None), LIGHT, unit="count")
    among = trend.drift_chart(drift_days(1.0), LIGHT, unit="count")
    assert len(among.data) == len(alone.data) + 2


def test_marks_outside_the_days_are_not_drawn() -> None:
    """The axis is the data's, not the calendar's."""
    inside = CalendarMark(DAYS[1], DAYS[2], "sale")
    outside = CalendarMark(DAYS[0] - timedelta(days=30), DAYS[0] - timedelta(days=20), "x")
    figure = trend.drift_chart(
        drift_days(1.0), LIGHT, unit="count", around=Around([inside, outside])
    )
    events = [trace for trace in figure.data if trace.name == "Calendar"]
    assert len(events) == 1
    assert set(events[0].text) == {"sale", ""}


def test_events_at_the_same_time_stand_in_lanes() -> None:
    """Two events on one day are both visible."""
    marks = [CalendarMark(DAYS[1], DAYS[3], name) for name in ("a", "b")]
    figure = trend.drift_chart(drift_days(1.0), LIGHT, unit="count", around=Around(marks))
    events = next(trace for trace in figure.data if trace.name == "Calendar")
    lanes = dict(zip(events.text, events.y, strict=True))
    assert lanes["a"] != lanes["b"]


def test_a_line_has_a_sentence() -> None:
    """Alt text states the takeaway, and survives an empty frame."""
    assert "highest 9 on 2026-01-03" in trend.trend_alt(drift_days(1.0), "Orders")
    assert trend.trend_alt(drift_days(1.0).head(0), "Orders").endswith(".")


def test_a_day_between_days_without_a_value_is_a_point() -> None:
    """Nothing of a line would be seen of it, on either chart."""
    days = drift_days(None).with_columns(value=pl.Series([3.0, None, 5.0, 4.0, None]))
    chart = trend.drift_chart(days, LIGHT, unit="ratio")
    (own,) = (one for one in chart.data if one.name == "Value")
    assert list(own.marker.size) == [POINT_PIXELS, 0, 0, 0, 0]
    panel = DriftPanel(METRICS["creator"][0], days, (), None, "")
    (points,) = (one for one in small_multiples([panel], LIGHT, "").data if one.mode == "markers")
    assert list(points.y) == [3.0]
    whole = trend.drift_chart(drift_days(None), LIGHT, unit="ratio")
    assert {one.mode for one in whole.data} == {"lines"}
