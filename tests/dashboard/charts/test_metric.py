"""A metric over time: slices, young days, what is compared, and plain text."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.charts import metric
from dashboard.charts.lines import DayAxis
from dashboard.charts.metric import Around
from dashboard.theme import DARK, LIGHT, Palette
from dashboard.view_models.calendar import CalendarMark
from tests.dashboard import tiny_database as tiny

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(5)]


def test_a_split_draws_the_largest_slices_only() -> None:
    """More lines than colours cannot be told apart."""
    rows = [{"day": DAYS[0], "slice": f"s{i}", "value": float(i)} for i in range(20)]
    figure = metric.metric_chart(pl.DataFrame(rows), LIGHT, unit="count")
    assert [line.name for line in figure.data] == [f"s{i}" for i in range(19, 12, -1)]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_no_line_carries_markup_from_data(palette: Palette) -> None:
    """Plotly turns `<a>` and `<img>` into elements, so none may arrive."""
    mark = CalendarMark(DAYS[1], DAYS[2], tiny.HOSTILE)
    split = pl.DataFrame({"day": DAYS, "slice": [tiny.HOSTILE] * 5, "value": [1.0] * 5})
    figure = metric.metric_chart(split, palette, unit="count", around=Around([mark]))
    assert "<img" not in figure.to_json()
    assert "\\u003cimg" not in figure.to_json()


def test_young_days_are_dotted_on_hatched_ground() -> None:
    """Old days keep their line; the young ones are a second, faint one with words beside."""
    split = pl.DataFrame({"day": DAYS, "slice": ["all"] * 5, "value": [1.0] * 5})
    clock = DayAxis("Day in UTC", DAYS[3])
    figure = metric.metric_chart(split, LIGHT, unit="percent", around=Around(clock=clock))
    hatched, old, young = figure.data
    assert (list(old.x), list(young.x)) == (DAYS[:3], DAYS[3:])
    assert (young.line.dash, young.showlegend) == ("dot", False)
    assert (list(hatched.x), hatched.marker.pattern.shape) == (DAYS[3:], "/")
    assert figure.layout.xaxis.title.text == "Day in UTC"
    assert len(metric.metric_chart(split, LIGHT, unit="percent").data) == 1


def test_the_days_compared_stand_on_tinted_ground() -> None:
    """Whole days: from midnight to midnight round the point of each."""
    split = pl.DataFrame({"day": DAYS, "slice": ["all"] * 5, "value": [1.0] * 5})
    around = Around(now=(DAYS[3], DAYS[4]), before=(DAYS[1], DAYS[2]))
    shapes = metric.metric_chart(split, LIGHT, unit="count", around=around).layout.shapes
    assert [(shape.x1 - shape.x0).days for shape in shapes] == [2, 2]
