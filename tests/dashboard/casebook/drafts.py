"""Who decides in these tests, and complete decisions for them to take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.access import Viewer
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import ADVERSE, Verdict
from dashboard.view_models.decide import evidence_for

ANN, BOB = Viewer("ann"), Viewer("bob")
LEA, LEO = Viewer("lea", "approver"), Viewer("leo", "approver")
ADVERSE_DRAFT = DecisionDraft(
    "merchant", "mer_1", Verdict.CONFIRMED, "key-1", "T1_BRUSHING", "SETTLEMENT_DEFER",
    ("T1.R02_INSTANT_PRAISE",), "Forty buyers on two devices.", 0.9, 0.97, date(2026, 1, 1), "v1",
    evidence=tuple(evidence_for("T1_BRUSHING")),
)  # fmt: skip


def draft(verdict: Verdict, number: int = 1, **changes: Any) -> DecisionDraft:
    """A complete draft of `verdict` about merchant `number`, with its own key."""
    base = replace(
        ADVERSE_DRAFT,
        verdict=verdict,
        entity_id=f"mer_{number}",
        idempotency_key=f"{verdict}{number}",
    )
    neutral = {} if verdict in ADVERSE else {"action": "NO_ACTION"}
    return replace(base, **{**neutral, **changes})
