"""What analysts write: cases, decisions, drafts and a tamper-evident audit trail.

It is the only store the dashboard writes to. The built database is replaced by
every build; this one is kept, and its decisions return to the next build as labels.
"""

from __future__ import annotations

from dashboard.casebook.book import Casebook, open_casebook
from dashboard.casebook.records import AuditEntry, BrokenLink, Case, Decision, DecisionDraft
from dashboard.casebook.states import (
    ADVERSE,
    NEUTRAL_ACTIONS,
    TRANSITIONS,
    CaseState,
    Verdict,
    next_states,
)

__all__ = [
    "ADVERSE",
    "NEUTRAL_ACTIONS",
    "TRANSITIONS",
    "AuditEntry",
    "BrokenLink",
    "Case",
    "CaseState",
    "Casebook",
    "Decision",
    "DecisionDraft",
    "Verdict",
    "next_states",
    "open_casebook",
]
