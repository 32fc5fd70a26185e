"""A case, its decisions and its audit entries. All frozen, all UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.cases.keyed import Keyed
from queries.vocabulary import NO_ACTION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from typing import Any

    from dashboard.cases.acts import CaseAct
    from dashboard.cases.states import CaseState, Verdict


@dataclass(frozen=True)
class DecisionDraft(Keyed):
    """A decision before it is recorded.

    `idempotency_key` names one intention (make one when the form is drawn): the
    same key twice records once. `score`, `as_of` and `data_version` are what the
    analyst was looking at, the `alert_` fields the alert that brought them here (all None
    where none did). `data_day` is the day the data stand at: the second clock beside the
    wall's. `review_on` is in days of the data; None = the usual wait of its outcome.
    `snapshot` is what stood on the screen, as plain values: it is stored under its hash.
    `confidence` is 0..1. `reason_codes` are those of its typology's pack; of a new pattern
    they are one sentence (`cases.patterns`). `verdict` is None while nobody has chosen one.
    `evidence` are the steps of the playbook whose evidence is attached, `scope` and `days` how
    far and how long the action reaches (empty, None = as `measures.toml` says).
    """

    entity_type: str
    entity_id: str
    verdict: Verdict | None
    idempotency_key: str
    typology: str = ""
    action: str = NO_ACTION
    reason_codes: tuple[str, ...] = ()
    note: str = ""
    confidence: float | None = None
    score: float | None = None
    as_of: date | None = None
    data_version: str = ""
    data_day: date | None = None
    review_on: date | None = None
    alert_typology: str | None = None
    alert_band: str | None = None
    alert_opened_on: date | None = None
    model_version: str | None = None
    snapshot: Mapping[str, Any] | None = None
    evidence: tuple[str, ...] = ()
    scope: str = ""
    days: int | None = None


@dataclass(frozen=True)
class Decision(Keyed):
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
    audit_seq: int = 0
    """Its place in the audit trail: the order in which things were decided."""
    data_day: date | None = None
    review_on: date | None = None
    alert_typology: str | None = None
    alert_band: str | None = None
    alert_opened_on: date | None = None
    reopens: str | None = None
    """The earlier decision about the same subject that this one takes up again."""
    batch_id: str | None = None
    """Names the decisions that were taken at once; None = it was taken alone."""
    model_version: str | None = None
    snapshot_id: str | None = None
    """SHA-256 of the evidence that it was taken on."""
    evidence: str | None = None
    """What of the playbook's evidence was attached, as canonical JSON."""
    legal_basis: str | None = None
    scope: str | None = None
    """How far its action reaches, in words; None = as far as `measures.toml` says."""
    days: int | None = None
    """How long its action lasts; None = as long as that file says."""
    overturned_on: date | None = None
    """Day of the data on which an appeal took it back; None = it stands."""


@dataclass(frozen=True)
class Answer:
    """What became of the proposal of a case: APPROVED, RETURNED or ENFORCED, and by whose word."""

    case_id: str
    state: CaseState
    at: datetime
    data_day: date | None
    audit_seq: int
    actor: str = ""


@dataclass(frozen=True)
class SeenAlert:
    """The alert of a subject as somebody saw it: what is new since then brings it back."""

    entity_key: str
    typology: str | None
    band: str | None


@dataclass(frozen=True)
class NextStep:
    """An act on a case other than a decision, with what it says; which needs what: `acts.RULES`.

    `data_day` is today's of the data. `assignee` None leaves it as it is; `review_on` is the day
    of the data until which the case is put off, `due_at` when a team or whoever was asked has to
    answer (UTC).
    """

    act: CaseAct
    data_day: date | None = None
    assignee: str | None = None
    review_on: date | None = None
    reason: str = ""
    team: str = ""
    contact: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Case(Keyed):
    """The one case of an entity. `version` counts its changes.

    `data_day` is the day of the data of its last change, `alert_typology` and `alert_band`
    the alert its last decision answered; `review_on` when to look again.
    """

    case_id: str
    entity_type: str
    entity_id: str
    state: CaseState
    assignee: str
    version: int
    opened_at: datetime
    changed_at: datetime
    changed_by: str
    data_day: date | None = None
    review_on: date | None = None
    alert_typology: str | None = None
    alert_band: str | None = None
    team: str | None = None
    """Whom it was handed to."""
    contact: str | None = None
    due_at: datetime | None = None
    """When its next step is due, UTC: an answer's by agreement, else by its severity."""
    severity: str | None = None
    reason: str | None = None
    """Why it was put off, handed over or sent back, in the words of whoever did."""


@dataclass(frozen=True)
class Assignment:
    """The case that somebody moved a subject to: a ring's id, its own key, or one made by hand.

    `title` names a case made by hand; it is empty otherwise.
    """

    group_id: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class LinkVerdict:
    """What somebody said of the link between two subjects: CONFIRMED or REJECTED."""

    src: str
    dst: str
    verdict: str
    note: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class AuditEntry:
    """One link of the audit trail. `before`/`after` are canonical JSON.

    `salt` is sealed with it, None in entries of format 5 and earlier and where texts were erased.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    previous_hash: str
    hash: str
    salt: str | None = None


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the trail and the records disagree."""

    seq: int
    problem: str


@dataclass(frozen=True)
class DayNote:
    """A note on a day of a metric, for everybody. Empty `metric` or `market` = every one."""

    day: date
    text: str
    metric: str = ""
    market: str = ""
    replaces: str | None = None
    """The one whose place it takes; with an empty text it takes that one back."""
    written_by: str = ""
    note_id: str = ""


@dataclass(frozen=True)
class ModelProposal:
    """That another model should score an entity type; `recipe` is one of `RECIPES`."""

    entity_type: str
    recipe: str
    model_version: str
    """Of the challenger that the proposer looked at."""
    note: str
    proposed_by: str = ""
    proposed_at: datetime | None = None
    seq: int = 0
    """Its number in the audit trail."""


@dataclass(frozen=True)
class ModelStanding:
    """What people have agreed on about the model of an entity type."""

    recipe: str
    """What the next build uses."""
    proposal: ModelProposal | None
    """What waits for a second person."""
    answer: AuditEntry | None
    """The last promotion or refusal."""
