"""A bank's code takes days and its verdict months."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_verdicts_take_months_and_codes_days(sample: Sample) -> None:
    """The bank's code comes within a week, its verdict after weeks; the newest are open."""
    rows = sample.table("disputes")
    code = (rows["observed_at"] - rows["event_at"]).dt.total_hours()
    assert code.max() <= 24 * 7  # type: ignore[operator]
    assert code.median() < 25  # type: ignore[operator]
    verdict = (rows["decided_at"] - rows["observed_at"]).dt.total_days().drop_nulls()
    assert 20 < verdict.median() < 75  # type: ignore[operator]
    assert (rows["outcome"].is_null() == rows["decided_at"].is_null()).all()
    recent = rows.filter(pl.col("event_at") > sample.end - pl.duration(days=20))
    assert recent["decided_at"].null_count() > recent.height // 2


def test_honest_disputes_are_as_common_as_they_should_be(sample: Sample) -> None:
    """Below one order in a hundred."""
    orders = sample.table("orders").height
    assert 0.002 < sample.table("disputes").height / orders < 0.012
