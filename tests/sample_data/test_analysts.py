"""Simulated analysts err as people do, and every typology comes to light at its own pace."""

import numpy as np
import polars as pl
import pytest

from sample_data.kit.randomness import stream
from sample_data.kit.settings import DAY, HOUR
from sample_data.reviewing import analysts, discovery

COUNT = 240_000
# DOMAIN 3.3 states these medians, in days; the others are where DOMAIN 3.1 gives a range.
MEDIANS = {
    "T2": 1.0,
    "T8": 3.0,
    "T3": 5.0,
    "T5": 12.0,
    "T9": 14.0,
    "T1": 15.0,
    "T4": 28.0,
    "T6": 45.0,
    "T7": 55.0,
}
RANGES = {
    "T10": (7.0, 30.0),
    "T11": (0.1, 7.0),
    "T12": (1.0, 14.0),
    "T13": (1.0, 10.0),
    "T14": (0.5, 20.0),
}


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


def _rate(cases: pl.DataFrame, *chosen: pl.Expr) -> float:
    """Share of the chosen cases called bad."""
    return float(cases.filter(*chosen)["said_bad"].cast(pl.Float64).mean())  # type: ignore[arg-type]


BAD, TIRED, HARD = pl.col("is_bad"), pl.col("tired"), pl.col("is_hard")


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


def _delays(code: str) -> pl.DataFrame:
    """Two thousand cases of one typology, with `days` from behaviour to known label."""
    count = 2_000
    bad = pl.DataFrame(
        {
            "entity_type": ["merchant", "buyer"] * (count // 2),
            "entity": range(count),
            "typology": [f"{code}_SOMETHING"] * count,
            "started": np.arange(count) * HOUR,
        }
    )
    told = discovery.discovery_cases(stream(5, code), bad)
    return told.with_columns(days=(pl.col("known_at") - pl.col("event_at")) / DAY)


@pytest.mark.parametrize("code", MEDIANS)
def test_a_typology_is_known_after_its_median_delay(code: str) -> None:
    """The median delay is that of DOMAIN 3.3 within 6 %, and its spread is log-normal."""
    days = _delays(code)["days"].to_numpy()
    assert np.median(days) == pytest.approx(MEDIANS[code], rel=0.06)
    assert np.std(np.log(days)) == pytest.approx(discovery.DELAY_SIGMA, rel=0.08)


@pytest.mark.parametrize("code", RANGES)
def test_a_typology_without_a_median_stays_in_its_range(code: str) -> None:
    """Where the domain gives a range, the median lies inside it."""
    low, high = RANGES[code]
    median = _delays(code)["days"].median()
    assert isinstance(median, float)
    assert low < median < high


@pytest.mark.parametrize("code", [*MEDIANS, *RANGES])
def test_the_clocks_of_a_finding_are_in_order(code: str) -> None:
    """Behaviour, notice, verdict, label store; a bank and a carrier name whom they can."""
    told = _delays(code)
    for earlier, later in (
        ("event_at", "observed_at"),
        ("observed_at", "decided_at"),
        ("decided_at", "known_at"),
    ):
        assert (told[earlier] <= told[later]).all()
    for source, kinds in discovery.NAMEABLE.items():
        named = told.filter(pl.col("source") == source)["entity_type"]
        assert set(named) <= set(kinds)
