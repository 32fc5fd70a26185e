"""A score is a probability: of those at ten per cent, one in ten is bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from benchmarks.quality import CALIBRATED, audit, calibration_error
from pipeline.learning.cross_validation import LATER
from tests.laws.asking import rows

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.build import Report


@pytest.fixture(scope="module")
def scored(small_world: Path, built: Report) -> pl.DataFrame:
    """Scores of whom nobody had judged, with the truth about them."""
    return audit(small_world, built.database).scored


def test_scores_are_as_often_right_as_they_say(
    con: duckdb.DuckDBPyConnection, scored: pl.DataFrame
) -> None:
    """Against the truth, two percentage points on average, bin by bin.

    Of every type whose line was learnt from later verdicts. Here shops and creators have too
    few of those and too few random checks: their base rate is what the settings imagine,
    2.5 %, and this dense world has 13 and 9 %. `benchmarks quality` holds every type to it.
    """
    later = f"select entity_type from scores.models where calibrated_on = '{LATER}'"
    kinds = rows(con, later)["entity_type"].to_list()
    assert {"product", "buyer"} <= set(kinds)
    for kind in kinds:
        own = scored.filter(pl.col("entity_type") == kind)
        error = calibration_error(own["score"].to_numpy(), own["is_bad"].to_numpy())
        assert error <= CALIBRATED, kind


def test_a_wrong_scale_would_be_noticed(scored: pl.DataFrame) -> None:
    """The same buyers with their chances doubled are miscalibrated: the law above can fail."""
    own = scored.filter(pl.col("entity_type") == "buyer")
    doubled = (2.0 * own["score"].to_numpy()).clip(max=1.0)
    assert calibration_error(doubled, own["is_bad"].to_numpy()) > CALIBRATED
