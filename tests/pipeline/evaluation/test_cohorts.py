"""Each week has its own verdicts, as many days of them as any other, or no figure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.evaluation.cohorts import PLACES, cohorts, ring_draws
from pipeline.evaluation.lot_checks import lot_checks
from pipeline.settings.build import Settings
from pipeline.settings.models import EvaluationSettings

SETTINGS = EvaluationSettings()
WEEK = date(2026, 5, 5)
OLD_ENOUGH = WEEK + timedelta(days=SETTINGS.followed_days)


def places(*rows: tuple[str, float, int, bool, bool]) -> pl.DataFrame:
    """Who, place, days until the verdict, whether bad, whether reviewed: at WEEK."""
    midnight = datetime.combine(WEEK, datetime.min.time())
    return pl.DataFrame(
        [
            ("buyer", who, WEEK, midnight + timedelta(days=days), is_bad, reviewed, False, True,
             place, None, 1.0 - place, number)
            for number, (who, place, days, is_bad, reviewed) in enumerate(rows)
        ],
        schema=PLACES,
        orient="row",
    )  # fmt: skip


PEOPLE = places(
    ("a", 0.01, 3, True, True),
    ("b", 0.02, 28, False, True),
    ("c", 0.03, 29, False, True),
    ("d", 0.04, 5, True, False),
    ("e", 0.40, 6, True, True),
    ("f", 0.05, 7, True, True),
)


def test_a_week_counts_what_came_in_its_days_and_whom_somebody_reviewed() -> None:
    """C came too late for it, d is a bank's word and no review, e stood far below."""
    (row,) = cohorts(PEOPLE, OLD_ENOUGH, SETTINGS).iter_rows(named=True)
    assert row["is_mature"]
    assert (row["judged"], row["bad"]) == (3, 2)
    assert row["precision"] == pytest.approx(2 / 3)
    assert (row["known_bad"], row["reached"]) == (4, 3)
    assert row["recall"] == pytest.approx(3 / 4)
    assert row["expected"] == pytest.approx((0.99 + 0.98 + 0.95) / 3)
    for name in ("precision", "recall"):
        assert 0.0 <= row[f"{name}_low"] < row[name] < row[f"{name}_high"] <= 1.0


def test_a_week_without_all_its_days_has_counts_and_no_figure() -> None:
    """One day short is young."""
    young = OLD_ENOUGH - timedelta(days=1)
    (row,) = cohorts(PEOPLE, young, SETTINGS).iter_rows(named=True)
    assert not row["is_mature"]
    assert (row["judged"], row["bad"]) == (3, 2)
    assert {row[f"{name}{end}"] for name in ("precision", "recall") for end in ("", "_low")} == {
        None
    }


def test_a_ring_is_drawn_as_a_whole() -> None:
    """Twenty of one ring leave as much open as one of them."""
    random, alone = np.random.default_rng(1), np.arange(20)
    chosen = alone % 2 == 0
    apart = ring_draws(chosen, alone, random, 4_000)
    rings = ring_draws(chosen, alone % 2, random, 4_000)
    assert apart.mean() == pytest.approx(0.5, abs=0.02)
    assert rings.std() > 2.0 * apart.std()


def test_intervals_of_independent_rows_cover_the_share() -> None:
    """Nine in ten of them over all shares, as promised, within three standard errors."""
    random, size, rounds = np.random.default_rng(8), 30, 600
    inside = 0
    for _ in range(rounds):
        share = random.random()
        draws = ring_draws(random.random(size) < share, np.arange(size), random, 400)
        low, high = np.quantile(draws, (0.05, 0.95))
        inside += int(low <= share <= high)
    assert inside / rounds == pytest.approx(0.9, abs=3.0 * (0.09 / rounds) ** 0.5)


def test_random_checks_are_counted_where_they_stood() -> None:
    """The last snapshot before the draw says where; the interval allows for wrong finds."""
    drawn = places(
        ("a", 0.01, 3, True, True), ("b", 0.50, 3, True, True), ("c", 0.60, 3, False, True)
    ).with_columns(is_by_lot=pl.lit(value=True))
    earlier = drawn.filter(pl.col("entity_id") == "a").with_columns(
        pl.col("as_of") - timedelta(days=7), place=pl.lit(0.9)
    )
    rows = lot_checks(pl.concat([drawn, earlier, PEOPLE]), Settings())
    first, below = rows.sort("is_in_first", descending=True).iter_rows(named=True)
    assert (first["checks"], first["finds"]) == (1, 1)
    assert (below["checks"], below["finds"]) == (2, 1)
    assert below["low"] < below["rate"] < below["high"]
    assert below["rate"] < 0.5
