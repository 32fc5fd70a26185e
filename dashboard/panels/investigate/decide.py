"""Decide: verdict, typology, action, reasons, note; what was decided before, and its audit.

The form sends the version of the case it was drawn with, so that of two analysts
deciding at once one wins and the other is told. A decision is saved in the
callback, before the panel draws, so that what the panel shows is what is stored.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rules import check_fresh
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.components.boundary import panel
from dashboard.components.empty_state import show_problem
from dashboard.components.links import page_link
from dashboard.components.queue_address import kept_params
from dashboard.errors import RingfenceError
from dashboard.store import build, data_version
from dashboard.text import md_escape
from dashboard.view_models import words
from dashboard.view_models.decide import (
    CONFIDENCES,
    VERDICTS,
    DecideView,
    Now,
    PastDecision,
    actions_for,
    clause_for,
    evidence_for,
    initial_fields,
    reasons_for,
    subject_texts,
)
from queries.vocabulary import NO_ACTION

if TYPE_CHECKING:
    from dashboard.cases.standing import AlertNow
    from dashboard.cases.states import CaseState
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView, PriorityView

NOTE_LENGTH = 2_000
_VICTIM = "Who holds this is the victim: a confirmed case protects it, nothing is taken from it."
# Fields whose choices depend on the typology: their keys end in it.
_CHOICES = ("reasons", "action")


@panel
def decide_panel(entity: EntityRef, head: HeaderView, priority: PriorityView) -> None:
    """The form, then the record."""
    view = _view(entity, head, priority)
    with st.container(border=True, gap="small"):
        owner = f", {md_escape(view.assignee)}" if view.assignee else ""
        st.markdown(f"**Decide** :gray-badge[{md_escape(view.status)}{owner}]")
        _news(entity, view)
        _outcome(entity)
        if view.answers and viewer().may("approve"):
            _answers(entity, view)
        if viewer().may("decide"):
            _form(entity, _Subject(head, priority.alert), view)
            st.caption(f"Today is {build().as_of}: a decision carries this day and the clock's.")
        else:
            st.caption("Your role may look, not decide.")
    _record(view)


@dataclass(frozen=True)
class _Subject:
    """What a decision is about: the head of the page, and the alert it answers."""

    head: HeaderView
    alert: AlertNow | None


def _view(entity: EntityRef, head: HeaderView, priority: PriorityView) -> DecideView:
    book, who = open_casebook(), (entity.entity_type, entity.entity_id)
    return DecideView.of(
        entity.entity_type,
        priority.typology or head.typology,
        book.case_of(*who),
        book.decisions(*who),
        book.history(*who),
        Now(build().as_of, priority.alert, priority.judged),
    )


def _news(entity: EntityRef, view: DecideView) -> None:
    """Why somebody who was judged is here again, with the way to the earlier verdict."""
    if view.news:
        st.info(md_escape(view.news))
        link = {"entity": entity.key, "tab": "timeline", **kept_params()}
        page_link("The earlier verdict", "investigate", link, icon=":material/history:")


def _answers(entity: EntityRef, view: DecideView) -> None:
    """What a lead may say to a proposal, and the steps that carry it out."""
    with st.container(horizontal=True, gap="small"):
        for state, label in view.answers:
            st.button(
                label,
                key=f"{_prefix(entity)}{state}",
                on_click=_answer,
                args=(entity, state, view.version),
            )


def _answer(entity: EntityRef, to: CaseState, version: int) -> None:
    prefix, book = _prefix(entity), open_casebook()
    try:
        case = book.case_of(entity.entity_type, entity.entity_id)
        check_fresh(case, version)
        if case:
            book.move(case, to, viewer=viewer(), data_day=build().as_of)
    except RingfenceError as error:
        st.session_state[f"{prefix}problem"] = error


def _form(entity: EntityRef, subject: _Subject, view: DecideView) -> None:
    prefix = _prefix(entity)
    _fill(entity, view)
    # Reasons and actions depend on the typology, so it stands outside the form.
    typology = st.selectbox(
        "Typology",
        ["", *view.typologies],
        format_func=lambda code: words.typology_title(code) if code else "None of the known ones",
        key=f"{prefix}typology",
    )
    if words.is_victim(typology):
        st.caption(_VICTIM)
    reasons = reasons_for(typology or "")
    with st.form(f"{prefix}form", border=False, enter_to_submit=False):
        st.segmented_control(
            "Verdict", list(VERDICTS), format_func=VERDICTS.__getitem__, key=f"{prefix}verdict",
            wrap=True,
        )  # fmt: skip
        st.multiselect(
            "Reasons",
            list(reasons),
            format_func=lambda code: reasons.get(code, code),
            key=f"{prefix}reasons.{typology}",
            placeholder="What the evidence shows",
        )
        st.selectbox(
            "Action",
            actions_for(typology or ""),
            format_func=words.sentence_case,
            key=f"{prefix}action.{typology}",
        )
        st.segmented_control("Confidence", list(CONFIDENCES), key=f"{prefix}confidence")
        st.text_area(
            "Note", key=f"{prefix}note", max_chars=NOTE_LENGTH, height=92,
            placeholder="What you saw, in a sentence: an appeal is judged on it",
        )  # fmt: skip
        st.form_submit_button(
            "Save decision",
            key=f"{prefix}save",
            type="primary",
            width="stretch",
            shortcut="Mod+Enter",
            on_click=_save,
            args=(entity, subject, view.version),
        )
    if typology:
        _pack_texts(typology, entity.entity_type)


def _pack_texts(typology: str, entity_type: str) -> None:
    """What an action of this kind needs, and what the subject would read for each reason."""
    with st.expander("Evidence an action needs", key="decide.evidence"):
        st.markdown("\n".join(f"- {md_escape(step)}" for step in evidence_for(typology)))
        st.caption(md_escape(f"Policy: {clause_for(typology)}"))
    with st.expander("What the subject would read", key="decide.subject"):
        sentences = subject_texts(typology, entity_type)
        st.markdown("\n".join(f"- {md_escape(sentence)}" for sentence in sentences))


def _fill(entity: EntityRef, view: DecideView) -> None:
    """A form drawn for the first time: what this viewer left unfinished, or the suggestion."""
    prefix = _prefix(entity)
    if f"{prefix}typology" in st.session_state:
        return
    draft = open_casebook().draft(entity.key, viewer=viewer())
    for name, value in initial_fields(draft or {}, view).items():
        st.session_state[f"{prefix}{name}"] = value
    if draft:
        st.caption("You left this unfinished; here is what you had.")


def _keep(entity: EntityRef) -> None:
    """Keep a refused form in the casebook: a reload must not lose the note."""
    prefix = _prefix(entity)
    typology = st.session_state.get(f"{prefix}typology") or ""
    names = ("typology", "verdict", "confidence", "note", *(f"{n}.{typology}" for n in _CHOICES))
    content = {name: st.session_state.get(f"{prefix}{name}") for name in names}
    # What was wrong with the form is on the page already; a casebook that is gone as well.
    with suppress(RingfenceError):
        open_casebook().save_draft(entity.key, content, viewer=viewer())


def _save(entity: EntityRef, subject: _Subject, version: int) -> None:
    prefix = _prefix(entity)
    try:
        open_casebook().decide(_draft(entity, subject), viewer=viewer(), seen_version=version)
    except RingfenceError as error:
        st.session_state[f"{prefix}problem"] = error
        _keep(entity)
        return
    done = f"decided.{entity.key}"
    st.session_state[done] = st.session_state.get(done, 0) + 1
    st.session_state[f"{_prefix(entity)}saved"] = True


def _draft(entity: EntityRef, subject: _Subject) -> DecisionDraft:
    prefix, head, alert = _prefix(entity), subject.head, subject.alert
    confidence = st.session_state.get(f"{prefix}confidence")
    typology = st.session_state.get(f"{prefix}typology") or ""
    return DecisionDraft(
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        verdict=_verdict(st.session_state.get(f"{prefix}verdict")),
        idempotency_key=st.session_state.setdefault(f"{prefix}intention", uuid4().hex),
        typology=typology,
        action=st.session_state.get(f"{prefix}action.{typology}") or NO_ACTION,
        reason_codes=tuple(st.session_state.get(f"{prefix}reasons.{typology}") or ()),
        note=st.session_state.get(f"{prefix}note") or "",
        confidence=CONFIDENCES.get(confidence or ""),
        score=head.score,
        as_of=head.as_of,
        data_version=data_version(),
        data_day=build().as_of,
        alert_typology=alert.typology if alert else None,
        alert_band=alert.band if alert else None,
        alert_opened_on=alert.opened_on if alert else None,
    )


def _verdict(chosen: Any) -> Verdict:
    if chosen in VERDICTS:
        return Verdict(chosen)
    raise RingfenceError("There is no verdict yet.", "Choose one, then save again.")


def _outcome(entity: EntityRef) -> None:
    prefix = _prefix(entity)
    problem = st.session_state.pop(f"{prefix}problem", None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    if st.session_state.pop(f"{prefix}saved", False):
        st.success("Decision recorded and audited.")


def _record(view: DecideView) -> None:
    if view.decisions:
        with st.container(border=True, gap="small"):
            st.markdown("**Decisions**")
            for decision in view.decisions:
                _past(decision)
    if view.audit:
        with st.expander(f"Audit trail, {len(view.audit)} entries", key="decide.audit"):
            for line in view.audit:
                st.caption(md_escape(line))


def _past(decision: PastDecision) -> None:
    with st.container(gap=None):
        st.markdown(md_escape(decision.headline))
        st.caption(md_escape(decision.who))
        for reason in decision.reasons:
            st.caption(md_escape(reason))
        if decision.note:
            st.text(decision.note)


def _prefix(entity: EntityRef) -> str:
    """Widget keys of one sitting: a saved decision starts the next with an empty form."""
    return f"decide.{entity.key}.{st.session_state.get(f'decided.{entity.key}', 0)}."
