"""What moved the scores, in a sentence."""

from __future__ import annotations

from datetime import date

from dashboard.view_models.score_drift import sentence

WHOLE = {
    "as_of": date(2026, 9, 29),
    "reference_as_of": date(2026, 9, 1),
    "change": 0.2,
    "who_came": 0.05,
    "behaviour": 0.15,
    "alerts": 163,
    "alerts_gained": 4,
    "alerts_lost": 0,
    "review_hours": 1.4,
    "value_usd": 30.0,
}


def test_a_drift_that_decides_is_counted() -> None:
    """Alerts, hours and money of what drifted."""
    said = sentence(WHOLE)
    assert "Odds on average ×1.221, 1 Sep – 29 Sep: ×1.051 by who came, ×1.162 by how" in said
    assert "makes 4 of 163 alerts and hides 0: 1.4 hours of review" in said


def test_a_drift_that_decides_nothing_says_so() -> None:
    """No alert came or went; or nothing drifted at all."""
    assert "decides none of 163 alerts" in sentence({**WHOLE, "alerts_gained": 0})
    assert "No feature drifted" in sentence({**WHOLE, "alerts": None})
