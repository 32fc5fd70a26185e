"""The decision form and what was decided before, as values.

Choices come from the typology pack, so a new pack brings its own reason codes
and actions. What a verdict requires is checked by the casebook, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.cases.measures import measures
from dashboard.cases.patterns import pattern_of
from dashboard.cases.standing import of_build, standing
from dashboard.cases.states import ADVERSE, Verdict
from dashboard.cases.teaching import label_of, needs_approval
from dashboard.view_models import words
from dashboard.view_models.clocks import decision_day
from queries.vocabulary import ACTIONS, ALWAYS_OFFERED, NEW_PATTERN, fits_subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import AuditEntry, Case, Decision
    from dashboard.cases.standing import AlertNow, Standing
    from dashboard.errors import Gap

VERDICTS = {verdict.value: words.sentence_case(verdict) for verdict in Verdict}
CONFIDENCES = {"Low": 0.55, "Medium": 0.75, "High": 0.95}


@dataclass(frozen=True)
class PastDecision:
    """One recorded decision in words."""

    headline: str
    who: str
    reasons: tuple[str, ...]
    note: str
    pattern: str = ""
    """The sentence that names what is new about it; empty = a pack knows it."""
    decision_id: str = ""


@dataclass(frozen=True)
class Now:
    """What the served build says of the subject: the data's day, its alert, its last verdict."""

    today: date
    alert: AlertNow | None
    judged: str = ""


@dataclass(frozen=True)
class DecideView:
    """What the form offers and what the casebook already holds."""

    status: str
    version: int
    assignee: str
    typologies: tuple[str, ...]
    suggested: str
    decisions: tuple[PastDecision, ...]
    audit: tuple[str, ...]
    news: str = ""
    """What is new since it was judged, and how it was judged; empty = nothing."""

    @classmethod
    def of(
        cls,
        entity_type: str,
        suggested: str,
        case: Case | None,
        decisions: Sequence[Decision],
        history: Sequence[AuditEntry],
        now: Now | None = None,
    ) -> DecideView:
        """The view of one case (None = nobody opened one yet), as things stand `now`."""
        codes = typologies_for(entity_type)
        stands = standing(case, now.alert, now.today) if case and now else None
        return cls(
            status=words.standing_status(stands) if stands else _status(case),
            version=case.version if case else 0,
            assignee=text.plain(case.assignee) if case and case.assignee else "",
            typologies=codes,
            suggested=suggested if suggested in codes else "",
            decisions=tuple(past_decision(decision) for decision in decisions),
            audit=tuple(_audit_line(entry) for entry in reversed(history)),
            news=_news(stands, now, decisions),
        )


def _status(case: Case | None) -> str:
    return words.case_status(case.state if case else None)


def _news(stands: Standing | None, now: Now | None, decisions: Sequence[Decision]) -> str:
    """Why it is here again, then the verdict that stood: ours, or what was delivered."""
    alert = now.alert if now else None
    fresh = stands.reopening if stands else of_build(alert) if alert else None
    if fresh is None or now is None:
        return ""
    before = _before(decisions[0]) if decisions else now.judged
    return ". ".join(part for part in (words.reopening_text(fresh), before) if part) + "."


def _before(decision: Decision) -> str:
    verdict = VERDICTS[decision.verdict].lower()
    return f"Before: {verdict} on {decision_day(decision)} by {text.plain(decision.decided_by)}"


def initial_fields(draft: Mapping[str, Any], view: DecideView, entity_type: str) -> dict[str, Any]:
    """What a fresh form starts with: a kept `draft` as far as it still fits, else the suggestion.

    Keys are field names; reasons, evidence and action end in `.` and the typology, scope and days
    in `.` and the action.
    """
    code = str(draft.get("typology", view.suggested) or "")
    typology = code if code in view.typologies else ""
    action, reasons = draft.get(f"action.{typology}"), draft.get(f"reasons.{typology}") or ()
    confidence = draft.get("confidence")
    fields = {
        "typology": typology,
        "verdict": draft.get("verdict") if draft.get("verdict") in VERDICTS else None,
        "confidence": confidence if confidence in CONFIDENCES else "Medium",
        "note": str(draft.get("note") or ""),
        "pattern": str(draft.get("pattern") or ""),
        f"reasons.{typology}": [code for code in reasons if code in reasons_for(typology)],
        f"evidence.{typology}": [
            step
            for step in draft.get(f"evidence.{typology}") or ()
            if step in evidence_for(typology)
        ],
    }
    if action in actions_for(typology, entity_type):
        fields |= {f"action.{typology}": action, **_terms(draft, str(action))}
    return fields


def _terms(draft: Mapping[str, Any], action: str) -> dict[str, Any]:
    """How far and how long an action reaches in a kept draft, as far as it still fits."""
    measure = measures().get(action)
    scope, days = draft.get(f"scope.{action}"), draft.get(f"days.{action}")
    is_days = isinstance(days, int) and measure and 1 <= days <= (measure.most_days or 0)
    return {
        **({f"scope.{action}": scope} if measure and scope in measure.scopes else {}),
        **({f"days.{action}": days} if is_days else {}),
    }


def field_label(name: str, gaps: Sequence[Gap]) -> str:
    """The name of a field as markdown, with what it lacks.

    In the name itself, so that it is read aloud with it and moves nothing when it goes.
    """
    short = next((gap.short for gap in gaps if gap.field == name.lower()), "")
    return f"{name} :red[· {text.md_escape(short)}]" if short else name


def lacking(gaps: Sequence[Gap]) -> str:
    """All that a refused decision lacks, in one sentence a thing."""
    said = " ".join(gap.problem for gap in gaps)
    remedy = gaps[0].remedy if len(gaps) == 1 else "Each is marked at its field."
    return f"Not saved yet. {said} {remedy}"


def teaches(decision: Decision) -> str:
    """When a decision that was just saved teaches the models."""
    label = label_of(decision)
    if label is None:
        return "It teaches nothing: it is no finding about the subject."
    if needs_approval(decision):
        return "It teaches from the first build after a second person has approved it."
    return f"It teaches as {label} from the next training: ringfence build --train."


def typologies_for(entity_type: str) -> tuple[str, ...]:
    """The packs that can concern an entity type, in file order, then what none describes."""
    packs = words.known_packs().items()
    return (*(code for code, pack in packs if entity_type in pack.entity_types), NEW_PATTERN)


def actions_for(typology: str, entity_type: str) -> tuple[str, ...]:
    """What may follow from any decision, then what the pack allows and can be done to such a one.

    Of a new pattern no pack says what is proportionate: all is offered, the neutral ones first, and
    whoever approves it decides.
    """
    pack = words.known_packs().get(typology)
    own = pack.actions if pack else ()
    every = ACTIONS if typology == NEW_PATTERN else dict.fromkeys((*ALWAYS_OFFERED, *own))
    return tuple(action for action in every if fits_subject(action, entity_type))


def reasons_for(typology: str, audience: str = "analyst") -> dict[str, str]:
    """The reason codes of a pack in the words for the analyst, the manager or the subject."""
    pack = words.known_packs().get(typology)
    codes = pack.reason_codes if pack else {}
    return {code: str(getattr(reason, audience)) for code, reason in codes.items()}


def subject_texts(typology: str, entity_type: str) -> tuple[str, ...]:
    """What somebody of `entity_type` would read, in file order: the sentences alone.

    Reasons that only signals of other types raise are left out, for they speak of what
    this one has not got; reasons that no signal raises are for people and are offered.
    """
    pack = words.known_packs().get(typology)
    if pack is None:
        return ()
    raised = {signal.reason for signal in pack.signals}
    own = {signal.reason for signal in pack.signals if signal.entity_type == entity_type}
    sentences = (
        str(reason.subject)
        for code, reason in pack.reason_codes.items()
        if code in own or code not in raised
    )
    return tuple(dict.fromkeys(sentences))


def evidence_for(typology: str) -> dict[str, str]:
    """The playbook's mandatory steps, each with what counts as its evidence."""
    pack = words.known_packs().get(typology)
    return {one.step: one.evidence for one in (pack.playbook if pack else ()) if one.is_mandatory}


def clause_for(typology: str) -> str:
    """The policy clause a decision of this kind rests on; empty without a pack."""
    pack = words.known_packs().get(typology)
    return pack.policy_clause if pack else ""


def past_decision(decision: Decision) -> PastDecision:
    """One recorded decision in words."""
    verdict = VERDICTS[decision.verdict]
    typology = f", {words.typology_title(decision.typology).lower()}" if decision.typology else ""
    reasons, pattern = reasons_for(decision.typology), pattern_of(decision)
    return PastDecision(
        headline=f"{verdict}{typology}: {words.sentence_case(decision.action).lower()}",
        who=_who(decision),
        reasons=(pattern,)
        if pattern
        else tuple(f"{code}: {reasons.get(code, code)}" for code in decision.reason_codes),
        note=text.written(decision.note),
        pattern=pattern if decision.verdict in ADVERSE else "",
        decision_id=decision.decision_id,
    )


def _who(decision: Decision) -> str:
    parts = [f"{text.plain(decision.decided_by)}, {decision.decided_at:%Y-%m-%d %H:%M} UTC"]
    if decision.data_day is not None:
        parts.append(f"on {decision.data_day} of the data")
    if decision.confidence is not None:
        parts.append(f"confidence {decision.confidence:.0%}")
    if decision.score is not None:
        parts.append(f"probability {decision.score:.3f} as of {decision.as_of}")
    if decision.review_on is not None:
        parts.append(f"look again on {decision.review_on}")
    if decision.reopens:
        parts.append("takes up the decision before it again")
    if decision.overturned_on:
        parts.append(f"taken back on appeal on {decision.overturned_on}")
    return ", ".join(parts)


def _audit_line(entry: AuditEntry) -> str:
    action = words.sentence_case(entry.action)
    return (
        f"{entry.seq}. {entry.at:%Y-%m-%d %H:%M:%S} {action} by "
        f"{text.plain(entry.actor)}, seal {entry.hash[:10]}"
    )
