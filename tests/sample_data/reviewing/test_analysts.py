"""Simulated analysts err as people do."""

import polars as pl
import pytest

from sample_data.kit.randomness import stream
from sample_data.kit.settings import DAY, HOUR
from sample_data.reviewing import analysts

COUNT = 240_000
BAD, TIRED, HARD = pl.col("is_bad"), pl.col("tired"), pl.col("is_hard")


@pytest.fixture(scope="module")
def cases() -> pl.DataFrame:
    """Many cases around the clock: half of them bad, a third of the good ones odd."""
    rng = stream(3, "cases")
    at = rng.integers(0, 90 * DAY, COUNT)
    is_bad = rng.random(COUNT) < 0.5
    is_hard = ~is_bad & (rng.random(COUNT) < 0.33)
    analyst = analysts.on_duty(rng, at)
    return pl.DataFrame(
        {
            "analyst": analyst,
            "hour": at // HOUR % 24,
            "said_bad": analysts.calls_bad(rng, analyst, at, is_bad, is_hard),
            "is_bad": is_bad,
            "is_hard": is_hard,
            "tired": analysts.is_late_in_shift(at),
        }
    )


def _rate(cases: pl.DataFrame, *conditions: pl.Expr) -> float:
    """Share of the chosen cases called bad."""
    return float(cases.filter(*conditions)["said_bad"].cast(pl.Float64).mean())  # type: ignore[arg-type]


def test_each_analyst_errs_within_the_ranges_of_the_domain(cases: pl.DataFrame) -> None:
    """Twelve people, each with a sensitivity in 0.75-0.95 and a specificity in 0.88-0.98."""
    assert cases["analyst"].n_unique() == 12
    for is_bad, low, high, apart in ((True, 0.75, 0.95, 0.08), (False, 0.88, 0.98, 0.03)):
        mine, right = cases.filter(BAD.eq(is_bad)), pl.col("said_bad").eq(is_bad)
        each = mine.group_by("analyst").agg(right=right.mean())["right"].sort()
        assert low <= each[0] < each[-1] - apart
        assert each[-1] <= high


def test_tired_people_and_honest_oddities_make_more_errors(cases: pl.DataFrame) -> None:
    """Late in a shift more bad ones slip through; look-alikes are called bad more often."""
    assert _rate(cases, BAD, TIRED) < _rate(cases, BAD, ~TIRED) - 0.03
    assert _rate(cases, ~BAD, TIRED, ~HARD) > _rate(cases, ~BAD, ~TIRED, ~HARD) + 0.005
    assert _rate(cases, HARD) > _rate(cases, ~BAD, ~HARD) + 0.015
    assert 0.2 < cases["tired"].cast(pl.Float64).mean() < 0.3  # type: ignore[operator]


def test_four_people_are_on_duty_at_any_hour(cases: pl.DataFrame) -> None:
    """Each desk works its own eight hours."""
    each = cases.group_by("hour").agg(pl.col("analyst").unique().sort())
    assert set(each["analyst"].list.len()) == {4}
    assert each["analyst"].n_unique() == 3
