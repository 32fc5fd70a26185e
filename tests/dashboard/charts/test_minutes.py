"""A room's minutes: five lanes over one clock."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from dashboard import theme
from dashboard.charts.minutes import LANES, minutes_alt, minutes_chart

MINUTES = pl.DataFrame({"minute": range(3), **{name: [0, 5, 1] for name in LANES}}).with_columns(
    is_surge=pl.col("minute") == 1
)


def test_every_count_has_a_lane_of_its_own() -> None:
    """Lanes do not overlap and share the clock."""
    figure = minutes_chart(MINUTES, theme.LIGHT)
    assert [trace.name for trace in figure.data] == list(LANES.values())
    assert len({trace.yaxis for trace in figure.data}) == len(LANES)
    spans = sorted(axis.domain for axis in figure.select_yaxes())
    assert all(low[1] < high[0] for low, high in pairwise(spans))
    assert spans[0][0] >= 0.0
    assert spans[-1][1] <= 1.0


def test_the_lanes_are_told_in_a_sentence() -> None:
    """A reader who cannot see them knows the height and minute of each."""
    assert "orders up to 5 at minute 1" in minutes_alt(MINUTES)
    assert minutes_alt(MINUTES.clear()) == "No minutes."


def test_a_surge_is_shaded_through_every_lane() -> None:
    """Four minutes from where it begins, and it is told."""
    [band] = minutes_chart(MINUTES, theme.LIGHT).layout.shapes
    assert (band.x0, band.x1, band.y0, band.y1) == (0.5, 4.5, 0, 1)
    assert minutes_alt(MINUTES).endswith("Entries surge from minute 1.")
    assert not minutes_chart(MINUTES.with_columns(is_surge=False), theme.LIGHT).layout.shapes
