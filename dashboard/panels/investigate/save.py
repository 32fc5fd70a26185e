"""Saving a decision: once, about what stood on the screen, and without losing what was typed.

The callback runs before the panel draws, so that what the panel shows is what is stored. Every
field keeps the whole form as its author's draft when it changes: a reload loses nothing.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.patterns import reason_of_pattern
from dashboard.cases.records import Decision, DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.components.attention import decided, spent_on
from dashboard.components.blind_first import first_verdict, forget_first
from dashboard.components.choices import ticked
from dashboard.components.evidence_snapshot import snapshots_of, with_snapshot
from dashboard.errors import IncompleteDecision, RingfenceError
from dashboard.panels.investigate.facts import figures_of
from dashboard.store import build, data_version
from dashboard.view_models.decide import CONFIDENCES, VERDICTS, DecideView, evidence_for
from queries.vocabulary import NEW_PATTERN, NO_ACTION

if TYPE_CHECKING:
    from datetime import date

    from dashboard.cases.standing import AlertNow
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView, PriorityView

DOUBLE_CLICK_SECONDS = 2.0
"""A second click on Save within it, on a form that nobody touched, is no second decision."""
FORMS = "decide."
"""What the keys of every form of a decision begin with."""
PROBLEM, REFUSED = "problem", "refused"
"""What is kept of a save that failed: told once, or until what was missing is there."""
_LAST = f"{FORMS}last."
_INTENTION = f"{FORMS}intention"
_FIELDS = ("typology", "verdict", "confidence", "note", "pattern")
# Fields whose choices depend on the typology: their keys end in it.
_CHOICES = ("reasons", "action")
# Fields whose choices depend on the action.
_TERMS = ("scope", "days")


@dataclass(frozen=True)
class _Saved:
    """The last decision of this session about a subject; `at` in seconds of the process."""

    decision: Decision
    at: float


@dataclass(frozen=True)
class Subject:
    """What a decision is about, as it stood on the screen: a save never looks again.

    `version` is that of the case, `sitting` which form of this session it is, `intention` what
    its decision is recorded under, once however often it is sent.
    """

    head: HeaderView
    alert: AlertNow | None
    data_version: str
    data_day: date
    version: int
    sitting: int
    intention: str
    stake_usd: float


def subject_of(
    entity: EntityRef, head: HeaderView, priority: PriorityView, view: DecideView
) -> Subject:
    """What the form that is being drawn decides about."""
    of, intention = st.session_state.get(_INTENTION, ("", ""))
    if of != form_prefix(entity):
        of, intention = form_prefix(entity), uuid4().hex
        st.session_state[_INTENTION] = (of, intention)
    seen = (data_version(), build().as_of, view.version)
    return Subject(head, priority.alert, *seen, sitting(entity), intention, priority.stake_usd)


def save(entity: EntityRef, subject: Subject) -> None:
    """Record what the form holds, or keep it and say in words why not."""
    prefix, last = form_prefix(entity), st.session_state.get(f"{_LAST}{entity.key}")
    if last and _is_second_click(entity, subject, last):
        st.session_state[f"{prefix}saved"] = last.decision
        return
    try:
        draft = with_snapshot(
            draft_of(entity, subject),
            snapshots_of([entity.key]),
            facts=figures_of(entity, subject.head),
        )
        decision = open_casebook().decide(
            draft,
            viewer=viewer(),
            seen_version=subject.version,
            spent=spent_on(entity.key, first_verdict(entity.key)),
        )
        forget_first(entity.key)
    except RingfenceError as error:
        keep(entity)
        what = REFUSED if isinstance(error, IncompleteDecision) else PROBLEM
        st.session_state[f"{prefix}{what}"] = error
        return
    decided(entity.key)
    st.session_state[f"decided.{entity.key}"] = subject.sitting + 1
    st.session_state[f"{_LAST}{entity.key}"] = _Saved(decision, time.monotonic())
    st.session_state[f"{form_prefix(entity)}saved"] = decision


def _is_second_click(entity: EntityRef, subject: Subject, last: _Saved) -> bool:
    """Whether a double click sent the form that is saved, or the empty one drawn in its place."""
    if subject.sitting != sitting(entity):
        return True
    return time.monotonic() - last.at < DOUBLE_CLICK_SECONDS and _is_untouched(entity)


def _is_untouched(entity: EntityRef) -> bool:
    """Whether nothing was entered that a reload would lose."""
    prefix = form_prefix(entity)
    typology = st.session_state.get(f"{prefix}typology") or ""
    names = ("verdict", "note", "pattern", f"reasons.{typology}")
    attached = ticked(evidence_for(typology), f"{prefix}evidence.{typology}")
    return not attached and not any(st.session_state.get(f"{prefix}{name}") for name in names)


def draft_of(entity: EntityRef, subject: Subject) -> DecisionDraft:
    """The decision as the form holds it now, complete or not."""
    prefix, head, alert = form_prefix(entity), subject.head, subject.alert
    verdict = st.session_state.get(f"{prefix}verdict")
    confidence = st.session_state.get(f"{prefix}confidence")
    typology = st.session_state.get(f"{prefix}typology") or ""
    action = st.session_state.get(f"{prefix}action.{typology}") or NO_ACTION
    return DecisionDraft(
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        verdict=Verdict(verdict) if verdict in VERDICTS else None,
        idempotency_key=subject.intention,
        typology=typology,
        action=action,
        reason_codes=_reasons(prefix, typology),
        note=st.session_state.get(f"{prefix}note") or "",
        confidence=CONFIDENCES.get(confidence or ""),
        score=head.score,
        as_of=head.as_of,
        data_version=subject.data_version,
        data_day=subject.data_day,
        alert_typology=alert.typology if alert else None,
        alert_band=alert.band if alert else None,
        alert_opened_on=alert.opened_on if alert else None,
        evidence=ticked(evidence_for(typology), f"{prefix}evidence.{typology}"),
        scope=st.session_state.get(f"{prefix}scope.{action}") or "",
        days=st.session_state.get(f"{prefix}days.{action}"),
    )


def _reasons(prefix: str, typology: str) -> tuple[str, ...]:
    if typology == NEW_PATTERN:
        return reason_of_pattern(st.session_state.get(f"{prefix}pattern") or "")
    return tuple(st.session_state.get(f"{prefix}reasons.{typology}") or ())


def keep(entity: EntityRef) -> None:
    """Keep the form in the casebook as this viewer's draft; an empty one is no draft."""
    prefix = form_prefix(entity)
    typology = st.session_state.get(f"{prefix}typology") or ""
    names = (*_FIELDS, *(f"{name}.{typology}" for name in _CHOICES))
    action = st.session_state.get(f"{prefix}action.{typology}")
    names = (*names, *(f"{name}.{action}" for name in _TERMS if action))
    content = {name: st.session_state.get(f"{prefix}{name}") for name in names}
    attached = ticked(evidence_for(typology), f"{prefix}evidence.{typology}")
    content[f"evidence.{typology}"] = list(attached)
    # A casebook that is gone says so above the form; nothing else may stop whoever types.
    with suppress(RingfenceError):
        if _is_untouched(entity):
            open_casebook().drop_draft(entity.key, viewer=viewer())
        else:
            open_casebook().save_draft(entity.key, content, viewer=viewer())


def form_prefix(entity: EntityRef) -> str:
    """Widget keys of one sitting: a saved decision starts the next with an empty form."""
    return f"{FORMS}{entity.key}.{sitting(entity)}."


def sitting(entity: EntityRef) -> int:
    """How many decisions about an entity this session has saved."""
    return int(st.session_state.get(f"decided.{entity.key}", 0))
