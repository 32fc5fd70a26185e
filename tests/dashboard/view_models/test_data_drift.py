"""Windows stay inside the data, alarms become episodes, bins have words."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

import queries
from dashboard.view_models.data_drift import (
    COLUMNS,
    bin_labels,
    summary,
    told,
    windows,
)
from dashboard.view_models.periods import Period

FIRST, LAST = date(2026, 6, 2), date(2026, 9, 28)


def alarm(day: date, **more: object) -> dict[str, object]:
    """A row of `pages/drift/alarms`."""
    return {
        "column_name": "payment_seconds",
        "day": day,
        "kind": "number",
        "low": 40.0,
        "high": 60.0,
        "level": None,
        "share_before": 0.38,
        "share": 0.70,
        "effect": 0.65,
        "q_value": 0.001,
        "event": "One-tap wallet launches",
        **more,
    }


def test_every_watched_column_has_words() -> None:
    """The list of the page is the list of the store."""
    assert all(f"'{name}'" in queries.get("drift/columns").sql for name in COLUMNS)
    declared = {one.name for one in queries.get("drift/order_values").returns}
    assert set(COLUMNS) == declared - {
        *("order_id", "market", "day", "cluster_id", "cluster_share"),
    }


def test_alarms_within_a_week_are_one_episode() -> None:
    """Its figures are those of the strongest day, its event that of the first."""
    days = [date(2026, 8, 10), date(2026, 8, 12), date(2026, 9, 20)]
    rows = pl.DataFrame([alarm(day, event=None if day.month > 8 else "Wallet") for day in days])
    later, first = told(rows, "ID")
    assert first.sentence == (
        "Order to payment in ID: from 38% to 70% at most 60 s, 10 Aug – 12 Aug; Wallet."
    )
    assert later.sentence.endswith("on 20 Sep.")
    assert "in ID" not in told(rows, "all")[0].sentence
    period = Period(FIRST, LAST)
    assert "1 column moved" in summary(told(rows, "ID"), period)
    assert "No column" in summary((), period)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "missing"}, "from 38% to 70% missing"),
        ({"kind": "unseen"}, "in values never seen before"),
        ({"kind": "level", "level": "tap\u202e"}, "tap[U+202E]"),
        ({"kind": "high tail"}, "above 40 s"),
    ],
)
def test_every_kind_of_share_has_words(change: dict[str, object], words: str) -> None:
    """What went missing, what is new, one level, the tail."""
    (one,) = told(pl.DataFrame([alarm(FIRST, **change)], infer_schema_length=None), "ID")
    assert words in one.sentence


def test_windows_stay_inside_the_data() -> None:
    """Two weeks against the four before; whatever a link asks for is cut to what is held."""
    now, before = windows(FIRST, LAST, {})
    assert (now.length, before.length) == (14, 28)
    assert before.until == now.since - timedelta(days=1)
    now, before = windows(FIRST, LAST, {"since": "2020-01-01", "until": "2099-01-01"})
    assert (now.since, now.until) == (FIRST, LAST)
    assert FIRST <= before.since <= before.until <= LAST
    assert windows(FIRST, LAST, {"since": "x", "until": "y"}) == windows(FIRST, LAST, {})


def test_bins_have_words() -> None:
    """Edges in the unit of the column."""
    infinity = float("inf")
    rows = pl.DataFrame(
        {
            "kind": ["missing", "number", "number"],
            "low": [None, -infinity, 60.0],
            "high": [None, 60.0, infinity],
            "level": pl.Series([None] * 3, dtype=pl.String),
        }
    )
    assert bin_labels("payment_seconds", rows) == ["missing", "≤ 60 s", "> 60 s"]
