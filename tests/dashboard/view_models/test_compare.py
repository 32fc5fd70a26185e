"""A comparison shows what changed and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.explanations.records import ScoreChange
from dashboard.view_models.compare import CompareView, pick_day

DAYS = [date(2026, 4, 1) + timedelta(days=7 * i) for i in range(8)]


def change(families: pl.DataFrame, features: pl.DataFrame) -> ScoreChange:
    """From a score of 0.2 to one of 0.5."""
    return ScoreChange(0.2, 0.5, -1.0, 0.5, families, features)


def test_a_comparison_shows_only_what_changed() -> None:
    """A family without a point has no bar; both levels end where the score does."""
    families = pl.DataFrame({"family": ["refunds", "money"], "points": [0.3, 0.0]})
    features = pl.DataFrame(
        {"feature": ["refund_rate_30d"], "contribution": [1.5], "first": [0.1], "last": [None]},
        schema_overrides={"last": pl.Float64},
    )
    view = CompareView.of("merchant", change(families, features), ("then", "now"))
    assert view.family_bars["label"].to_list() == ["then", "Refunds", "now"]
    assert view.family_bars["end"][-1] == pytest.approx(0.5)
    assert view.bars["end"][-1] == pytest.approx(0.5)
    assert view.table.row(0) == ("Refund requests per 100 orders, 30 days", "10.0", "–", "×4.5")
    assert view.sentence.startswith("One finding differs")
    assert "0.200 to 0.500 (+0.300)" in view.sentence


def test_nothing_changed_is_said() -> None:
    """No feature, no chart."""
    none = pl.DataFrame(schema={"feature": pl.String, "contribution": pl.Float64,
                                "first": pl.Float64, "last": pl.Float64})  # fmt: skip
    families = pl.DataFrame(schema={"family": pl.String, "points": pl.Float64})
    view = CompareView.of("merchant", change(families, none), ("then", "now"))
    assert view.sentence == "Nothing that the model looks at differs."


@pytest.mark.parametrize(
    ("day", "picked"),
    [(DAYS[2], DAYS[2]), (date(2020, 1, 1), DAYS[3]), (None, DAYS[3])],
)
def test_a_day_without_a_score_becomes_the_one_a_month_before(
    day: date | None, picked: date
) -> None:
    """A link outlives its snapshots."""
    assert pick_day(DAYS, day, timedelta(days=28)) == picked
    assert pick_day(DAYS[:2], None, timedelta(days=28)) == DAYS[0]
