"""Families lead from the average to the score."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.view_models.bars import Ends
from dashboard.view_models.families import family_bars


def test_families_lead_from_the_average_to_the_score_exactly() -> None:
    """Base + points = score, however they are ordered."""
    points = pl.DataFrame({"family": ["refunds", "money"], "points": [-0.1, 0.4]})
    bars = family_bars(points, Ends("Average", "This one", 0.1))
    assert bars["end"][-1] == pytest.approx(0.4)
    assert bars["label"].to_list() == ["Average", "Refunds", "Money flow", "This one"]
    assert bars["contribution"].to_list()[1:-1] == [-0.1, 0.4]
