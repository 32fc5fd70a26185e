"""Every typology comes to light at its own pace."""

import numpy as np
import polars as pl
import pytest

from sample_data.kit.randomness import stream
from sample_data.kit.settings import DAY, HOUR
from sample_data.reviewing import discovery

RANGES = {
    "T10": (7.0, 30.0),
    "T11": (0.1, 7.0),
    "T12": (1.0, 14.0),
    "T13": (1.0, 10.0),
    "T14": (0.5, 20.0),
}


# docs/domain.md §3.3 states these medians, in days; the others are where §3.1 gives a range.
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
    found_cases = discovery.discovery_cases(stream(5, code), bad)
    return found_cases.with_columns(days=(pl.col("known_at") - pl.col("event_at")) / DAY)


@pytest.mark.parametrize("code", MEDIANS)
def test_a_typology_is_known_after_its_median_delay(code: str) -> None:
    """The median delay is that of §3.3 within 6 %, and its spread is log-normal."""
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
    cases = _delays(code)
    for earlier, later in (
        ("event_at", "observed_at"),
        ("observed_at", "decided_at"),
        ("decided_at", "known_at"),
    ):
        assert (cases[earlier] <= cases[later]).all()
    for source, entity_types in discovery.NAMEABLE.items():
        nameable = cases.filter(pl.col("source") == source)["entity_type"]
        assert set(nameable) <= set(entity_types)
