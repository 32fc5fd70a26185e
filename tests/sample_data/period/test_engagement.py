"""Minutes add up to their session, and none is impossible."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_minutes_add_up_to_their_session(dense: Sample, minutes: pl.DataFrame) -> None:
    """Joins are the views, comments and clicks the session's, the fullest minute is its peak."""
    sums = minutes.group_by("live_session_id").agg(
        pl.col("joins", "comments", "product_clicks").sum(), pl.col("viewers").max(), pl.len()
    )
    both = dense.table("live_sessions").join(sums, on="live_session_id", suffix="_m")
    assert both.height == dense.table("live_sessions").height == sums.height
    pairs = {
        "views": "joins",
        "comments": "comments_m",
        "product_clicks": "product_clicks_m",
        "peak_concurrent": "viewers",
    }
    for column, minute_column in pairs.items():
        assert (both[column] == both[minute_column]).all(), column
    lasts = (both["ended_at"] - both["started_at"]).dt.total_seconds()
    assert (both["len"] == (lasts + 59) // 60).all()


def test_orders_of_a_minute_are_the_real_ones(dense: Sample, minutes: pl.DataFrame) -> None:
    """Counting the order table by session and minute gives the same numbers."""
    starts = dense.table("live_sessions").select("live_session_id", "started_at")
    real = (
        dense.table("orders")
        .join(starts, on="live_session_id")
        .with_columns(minute=(pl.col("created_at") - pl.col("started_at")).dt.total_minutes())
        .group_by("live_session_id", "minute")
        .agg(real=pl.len().cast(pl.Int64))
    )
    both = minutes.join(real, on=("live_session_id", "minute"), how="left")
    assert (both["orders"] == both["real"].fill_null(0)).all()
    assert both["orders"].sum() == real["real"].sum() > 0


def test_no_minute_is_impossible(minutes: pl.DataFrame) -> None:
    """Nothing is negative, nobody is in a room without having come, no order without a click."""
    counts = minutes.select("viewers", "joins", "comments", "product_clicks", "orders")
    assert min(counts.min().row(0)) >= 0
    entries = pl.col("joins").cum_sum().over("live_session_id")
    assert minutes.filter(pl.col("viewers") > entries).is_empty()
    assert minutes.filter(pl.col("orders") > pl.col("product_clicks")).is_empty()
