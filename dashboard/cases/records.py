"""A case, its decisions and its audit entries. All frozen, all UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from queries.vocabulary import NO_ACTION

if TYPE_CHECKING:
    from datetime import date, datetime

    from dashboard.cases.states import CaseState, Verdict


@dataclass(frozen=True)
class DecisionDraft:
    """A decision before it is recorded.

    `idempotency_key` names one intention (make one when the form is drawn): the
    same key twice records once. `score`, `as_of` and `data_version` are what the
    analyst was looking at. `confidence` is 0..1.
    """

    entity_type: str
    entity_id: str
    verdict: Verdict
    idempotency_key: str
    typology: str = ""
    action: str = NO_ACTION
    reason_codes: tuple[str, ...] = ()
    note: str = ""
    confidence: float | None = None
    score: float | None = None
    as_of: date | None = None
    data_version: str = ""


@dataclass(frozen=True)
class Decision:
    """A recorded decision; never changed afterwards."""

    decision_id: str
    case_id: str
    entity_type: str
    entity_id: str
    verdict: Verdict
    typology: str
    action: str
    reason_codes: tuple[str, ...]
    note: str
    confidence: float | None
    score: float | None
    as_of: date | None
    data_version: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Case:
    """The one case of an entity. `version` counts its changes."""

    case_id: str
    entity_type: str
    entity_id: str
    state: CaseState
    assignee: str
    version: int
    opened_at: datetime
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class AuditEntry:
    """One link of the audit trail. `before`/`after` are canonical JSON."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the trail and the records disagree."""

    seq: int
    problem: str
