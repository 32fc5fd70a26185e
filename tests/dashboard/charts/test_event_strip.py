"""The strip as a figure: one lane above the other, a number carried by every mark."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard import theme
from dashboard.charts.event_strip import LARGEST, SMALLEST, strip_alt, strip_chart
from dashboard.view_models.event_strip import COLUMNS, LANES, SalientSequence, Step, StripView
from tests.dashboard.tiny_entities import at

NOON = at(date(2026, 4, 2))
LANES_SHOWN = tuple((code, LANES[code]) for code in ("account", "order", "refund"))
MARKS = pl.DataFrame(
    [
        {"key": "a", "lane": "account", "happened_at": NOON, "text": "<b>", "is_strange": True},
        {"key": "b", "lane": "refund", "happened_at": NOON, "text": "R", "amount_usd": 100.0},
        {"key": "c", "lane": "refund", "happened_at": NOON, "text": "R", "amount_usd": 25.0},
        {"key": "d", "lane": "order", "happened_at": NOON, "text": "D", "is_day": True},
    ],
    schema=COLUMNS,
).with_columns(
    pl.col("is_day", "is_strange").fill_null(value=False), pl.col("event_count").fill_null(1)
)
SEQUENCE = SalientSequence(
    (Step("account", NOON, "new device"), Step("account", NOON, "x"), Step("order", NOON, "y")),
    NOON,
    NOON + timedelta(hours=2),
    "Told",
)
VIEW = StripView(LANES_SHOWN, MARKS, "", SEQUENCE)
WINDOW = (NOON, NOON + timedelta(days=3))


def test_marks_carry_the_number_of_their_row() -> None:
    """Days as bars, the rest as points; what is clicked is found by what it carries."""
    bars, points, _ = strip_chart(VIEW, theme.LIGHT, WINDOW).data
    assert list(bars.customdata) == [3]
    assert list(points.customdata) == [0, 1, 2]
    assert points.hovertext[0].startswith("2026-04-02 12:00<br>&lt;b&gt;")


def test_area_grows_with_the_money_of_its_lane() -> None:
    """A quarter of the money is half as far from the smallest; without money it is smallest."""
    _, points, _ = strip_chart(VIEW, theme.LIGHT, WINDOW).data
    half = SMALLEST + (LARGEST - SMALLEST) / 2
    assert list(points.marker.size) == [SMALLEST, LARGEST, half]
    assert points.marker.symbol[0] == "diamond"


def test_the_first_lane_is_on_top_and_numbers_do_not_lie_upon_each_other() -> None:
    """Steps of one moment in one lane share a number."""
    figure = strip_chart(VIEW, theme.LIGHT, WINDOW)
    assert list(figure.layout.yaxis.tickvals) == [2, 1, 0]
    assert list(figure.data[2].text) == ["1–2", "3"]
    [band] = figure.layout.shapes
    assert (band.x0, band.x1) == ("2026-04-02 12:00:00", "2026-04-02 14:00:00")


def test_only_time_is_zoomed() -> None:
    """A drag zooms in on days; lanes stay."""
    layout = strip_chart(VIEW, theme.LIGHT, WINDOW).layout
    assert layout.dragmode == "zoom"
    assert (layout.xaxis.fixedrange, layout.yaxis.fixedrange) == (False, True)


def test_the_strip_is_told_in_a_sentence() -> None:
    """How many events each lane holds, and the sequence."""
    assert strip_alt(VIEW) == "Events by lane: account 1, orders 1, refunds 2. Told."
