"""Movements in sentences: causes before culprits, and nothing named that was not measured."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.view_models.findings import findings_of, ring_standing
from queries.registry import kpis
from tests.dashboard import tiny_database as tiny

ROW: dict[str, Any] = {
    "movement_id": "mov_1",
    "metric": "refund_rate",
    "kind": "shift",
    "first_day": date(2026, 7, 6),
    "last_day": date(2026, 7, 12),
    "noticed_on": date(2026, 8, 2),
    "dimension_a": "market",
    "value_a": "ID",
    "dimension_b": None,
    "value_b": None,
    "n": 1204.0,
    "actual": 0.08,
    "expected": 0.05,
    "low": 0.04,
    "high": 0.06,
    "direction": "bad",
}
CAUSE = {"movement_id": "mov_1", "cause": "policy", "title": "Small claims", "share": 0.9}
BEHIND = {
    "movement_id": "mov_1",
    "entity_type": "merchant",
    "entity_id": "mer_1",
    "ring_id": None,
    "name": tiny.HOSTILE,
    "share": 0.2,
}


def found(*, causes: list[dict[str, Any]], behind: list[dict[str, Any]], **row: Any) -> Any:
    """The one finding of a row."""
    empty_causes = pl.DataFrame(schema=dict.fromkeys(CAUSE, pl.String))
    empty_behind = pl.DataFrame(schema=dict.fromkeys(BEHIND, pl.String))
    (one,) = findings_of(
        pl.DataFrame([{**ROW, **row}]),
        pl.DataFrame(causes) if causes else empty_causes,
        pl.DataFrame(behind) if behind else empty_behind,
        kpis(),
        {"merchant:mer_1": "Decided"},
        {"rng_0123456789": "Pool of 23"},
    )
    return one


def test_a_movement_is_a_sentence_with_its_expectation() -> None:
    """What, where, how much, since when, against what, of how many."""
    one = found(causes=[], behind=[])
    label = kpis()["refund_rate"].label
    assert one.sentence == (
        f"{label} in ID rose to 8.0% from 6 Jul to 12 Jul, expected 4.0% to 6.0% (n = 1,204)."
    )
    assert one.params["market"] == "ID"
    assert one.is_of({"market": ["ID"]})
    assert not one.is_of({"market": ["ID"], "channel": ["live"]})
    assert not one.is_of({})
    assert one.subject == ""


def test_a_policy_is_named_before_anybody() -> None:
    """With the share it explains; a small share is not said as the reason."""
    assert found(causes=[CAUSE], behind=[]).cause == (
        "Explained by the policy change Small claims: 90% of it."
    )
    small = found(causes=[{**CAUSE, "share": 0.2}], behind=[])
    assert small.cause.endswith("the rest is unexplained.")
    none = found(causes=[{**CAUSE, "cause": "unexplained", "share": 1.0}], behind=[])
    assert none.cause == "Nothing in the calendar explains it."


def test_a_ring_says_how_far_it_is_decided() -> None:
    """Members somebody has answered, of all."""
    members = pl.DataFrame({"ring_id": ["a", "a", "b"], "entity_key": ["m:1", "m:2", "m:3"]})
    assert ring_standing(members, {"m:2"}) == {"a": "1 of 2 decided.", "b": "No decision yet."}


def test_who_is_behind_it_has_a_case() -> None:
    """A name is text, and what is done about it is said."""
    one = found(causes=[], behind=[BEHIND])
    assert one.subject == "merchant:mer_1"
    assert one.doing == "Decided"
    assert "\u202e" not in one.who
    of_ring = {**BEHIND, "ring_id": "rng_0123456789"}
    ring = {**of_ring, "entity_type": "ring", "entity_id": "rng_0123456789", "name": None}
    both = found(causes=[], behind=[of_ring, ring])
    assert both.subject == "rng_0123456789"
    assert both.who == "Behind it: Pool of 23 (20%) of the change."
