"""Honest staff work odd hours and export orders too."""

import polars as pl

from sample_data.typologies import info_leak
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import inside, mean, members

T12 = info_leak.NAME


def test_staff_work_odd_hours_and_export_honestly_too(sample: Sample) -> None:
    """Overtime, weekend shifts and exports are no proof."""
    people = members(sample, T12, "staff", "actor").select("staff_id")
    honest = sample.table("staff_access").join(people, on="staff_id", how="anti")
    assert inside(mean(honest, ~pl.col("is_working_hours")), (0.01, 0.12))
    assert inside(mean(honest, pl.col("action") == "export"), (0.01, 0.08))
    assert mean(honest, pl.col("happened_at").dt.weekday() >= 6) > 0.1
