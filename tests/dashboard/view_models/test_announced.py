"""What announced changes did, in sentences that say against what."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.view_models.announced import announced_changes
from queries.registry import kpis
from tests.dashboard import tiny_database as tiny

ROW: dict[str, Any] = {
    "event_id": "pol_1",
    "kind": "policy",
    "title": "Small claims",
    "market": "ID",
    "day": date(2026, 7, 6),
    "since": date(2026, 6, 8),
    "until": date(2026, 8, 2),
    "metric": "small_refund_rate",
    "n_before": 2100,
    "n_after": 2260,
    "before": 0.10,
    "after": 0.16,
    "expected": 0.09,
    "low": 0.06,
    "high": 0.12,
    "is_effect": True,
    "metrics": 13,
}


def _one(**row: Any) -> Any:
    (one,) = announced_changes(pl.DataFrame([{**ROW, **row}]), kpis())
    return one


def test_an_effect_is_what_goes_beyond_the_other_markets() -> None:
    """16 % where 9 % was to be expected, give or take 3."""
    one = _one()
    assert one.name == "Small claims (ID, 6 Jul)"
    assert "from 10.0% to 16.0%: +7.00 ± 3.00 pp beyond" in one.sentence
    assert "n = 2,260" in one.sentence
    assert one.tone == "bad"
    assert one.params == {
        "metric": "small_refund_rate",
        "market": "ID",
        "since": "2026-07-06",
        "until": "2026-08-02",
        "before_since": "2026-06-08",
        "before_until": "2026-07-05",
    }


def test_none_is_said_with_how_many_were_asked() -> None:
    """There is nothing to look at then."""
    one = _one(is_effect=False)
    assert one.sentence.startswith("None of 13 rates moved beyond chance")
    assert (one.tone, one.params) == ("none", {})


def test_a_rate_that_falls_is_good_where_less_is_better() -> None:
    """And a title is whatever somebody typed."""
    one = _one(after=0.05, title=tiny.HOSTILE)
    assert one.tone == "good"
    assert "\n" not in one.name
