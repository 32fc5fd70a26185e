"""A rate of few a day is drawn by week, and says so."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.view_models.weekly import is_weekly, weekly, weekly_note
from queries.registry import kpis

PRECISION, ORDERS = kpis()["enforcement_precision"], kpis()["orders"]


def rows(n: int) -> pl.DataFrame:
    """Ten days of two slices with a gap in one of them; half of `n` counts, in the second all."""
    made = [
        {
            "day": date(2026, 3, 1) + timedelta(days=i),
            "slice": name,
            "numerator": n * share,
            "denominator": float(n),
            "n": n,
            "value": None,
        }
        for i in range(10)
        for name, share in (("a", 0.5), ("b", 1.0))
        if (name, i) != ("b", 4)
    ]
    return pl.DataFrame(made, schema_overrides={"value": pl.Float64})


def test_only_a_rate_of_few_is_drawn_by_week() -> None:
    """Thirty a day stand alone, and a sum always does."""
    assert is_weekly(PRECISION, rows(6))
    assert not is_weekly(PRECISION, rows(30))
    assert not is_weekly(ORDERS, rows(6))
    assert "week" in weekly_note(PRECISION, rows(6))
    assert weekly_note(PRECISION, rows(30)) == ""


def test_a_point_is_the_week_up_to_its_day() -> None:
    """Of its own slice, by days and not by rows; weeks of fewer than thirty have none."""
    made = weekly(rows(6))
    values = {
        (name, day.day): value for name, day, value in made.select("slice", "day", "value").rows()
    }
    assert values["a", 4] is None
    assert values["a", 5] == pytest.approx(0.5)
    assert values["b", 4] is None
    assert values["b", 6] == pytest.approx(1.0)
