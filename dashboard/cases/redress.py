"""What whoever is sanctioned is told, what they answer, and what becomes of it. Frozen, UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.cases.keyed import Keyed
from dashboard.cases.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from dashboard.cases.records import AuditEntry, Decision


@dataclass(frozen=True)
class Statement:
    """A statement of reasons as it was made; `content` as `view_models.statement` writes it."""

    statement_id: str
    decision_id: str
    content: Mapping[str, Any]
    made_by: str
    made_at: datetime
    audit_seq: int


@dataclass(frozen=True)
class Appeal:
    """An objection to a decision, in the words of whoever it concerns. Days are of the data."""

    appeal_id: str
    decision_id: str
    case_id: str
    text: str
    received_on: date
    due_on: date
    received_by: str
    received_at: datetime
    audit_seq: int


@dataclass(frozen=True)
class AppealOutcome:
    """What became of an appeal: UPHELD (the decision stands) or OVERTURNED."""

    appeal_id: str
    decision_id: str
    outcome: str
    note: str
    data_day: date | None
    decided_by: str
    decided_at: datetime
    audit_seq: int

    @property
    def is_overturned(self) -> bool:
        """Whether the decision was taken back."""
        return self.outcome == CaseState.OVERTURNED

    @property
    def day(self) -> date:
        """The day of the data, the wall's where it was not kept."""
        return self.data_day or self.decided_at.date()


@dataclass(frozen=True)
class NewAppeal:
    """An appeal to be recorded against a decision, received on a day of the data."""

    decision_id: str
    text: str
    received_on: date


@dataclass(frozen=True)
class Judgement:
    """What somebody says to an appeal on a day of the data."""

    appeal_id: str
    outcome: CaseState
    note: str
    data_day: date


@dataclass(frozen=True)
class Redress:
    """One decision that took something: what was told, and what was answered."""

    statement: Statement
    appeal: Appeal | None = None
    outcome: AppealOutcome | None = None

    @property
    def appeal_until(self) -> str:
        """The last day on which an appeal is in time, ISO."""
        return str(self.statement.content["record"]["appeal_until"])

    @property
    def is_late(self) -> bool:
        """Whether the appeal came after its window."""
        return self.appeal is not None and self.appeal.received_on.isoformat() > self.appeal_until


@dataclass(frozen=True)
class WaitingAppeal(Keyed):
    """An appeal that nobody has judged, with whom it is about."""

    appeal: Appeal
    entity_type: str
    entity_id: str
    is_late: bool


@dataclass(frozen=True)
class CaseRecord:
    """All that is kept of one decision, as of the entry number `until` of the audit trail."""

    decision: Decision
    until: int
    snapshot: Mapping[str, Any]
    """What was seen; empty where nothing was kept or it was erased."""
    effects: tuple[Mapping[str, Any], ...]
    """Rows of `effects`, in the order they were made."""
    statements: tuple[Statement, ...]
    redress: Redress | None
    entries: tuple[AuditEntry, ...]
