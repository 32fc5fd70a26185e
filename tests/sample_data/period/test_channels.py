"""Each channel brings its orders in its own way."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_a_live_session_is_a_spike(sample: Sample) -> None:
    """Orders of a shop during a paid session come many times faster than at other times."""
    live = sample.orders.filter(pl.col("channel") == "live")
    hour = live.group_by("creator_id", pl.col("created_at").dt.truncate("1h")).len()
    peak = hour.group_by("creator_id").agg(most=pl.col("len").max(), total=pl.col("len").sum())
    busy = peak.filter(pl.col("total") >= 50)
    usual = busy["total"] / (sample.world.settings.days * 24)
    assert float((busy["most"] / usual).median()) > 40  # type: ignore[arg-type]
