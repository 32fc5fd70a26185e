"""Decide: what is new, the fields, what was decided before, and its audit.

A save sends the version of the case it was drawn with, so that of two analysts
deciding at once one wins and the other is told. The fields are drawn by `form.py`, kept and
saved by `save.py` beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import Decision
from dashboard.components.boundary import panel
from dashboard.components.earlier import draw_earlier, earlier_of
from dashboard.components.empty_state import show_problem
from dashboard.components.in_force import draw_in_force
from dashboard.components.links import has_page, page_link
from dashboard.components.nearby import nearby
from dashboard.components.proposals import draw_proposals
from dashboard.components.standings import note_casebook
from dashboard.components.steps import draw_steps
from dashboard.errors import CasebookUnavailable, RingfenceError
from dashboard.panels.investigate.form import draw_form
from dashboard.panels.investigate.record import draw_record
from dashboard.panels.investigate.save import PROBLEM, form_prefix, subject_of
from dashboard.store import build
from dashboard.text import md_escape
from dashboard.view_models.decide import DecideView, Now, teaches

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView, PriorityView


@panel
def decide_panel(entity: EntityRef, head: HeaderView, priority: PriorityView) -> None:
    """The form, then the record; without a casebook what is missing, and nothing else."""
    try:
        view = _view(entity, head, priority)
    except CasebookUnavailable:
        note_casebook()
        return
    waits = draw_proposals(
        pl.DataFrame({"node_key": [entity.key], "label": [""]}), form_prefix(entity)
    )
    with st.container(border=True, gap="small"):
        owner = f", {md_escape(view.assignee)}" if view.assignee else ""
        st.markdown(f"**Decide** :gray-badge[{md_escape(view.status)}{owner}]")
        _news(entity, view, head.score)
        _outcome(entity)
        draw_steps([entity.key], form_prefix(entity))
        if viewer().may("decide"):
            with _place_of_form(is_second=waits):
                draw_form(entity, subject_of(entity, head, priority, view), view)
            st.caption(f"Today is {build().as_of}: a decision carries this day and the clock's.")
            if has_page("work"):
                page_link("My work", "work")
        else:
            st.caption("Your role may look, not decide.")
    draw_in_force({entity.key: ""})
    draw_record(view)


def _place_of_form(*, is_second: bool) -> DeltaGenerator:
    """Where the form stands: out of the way of whoever has a proposal to answer first."""
    return st.expander("Decide otherwise") if is_second else st.container(gap="small")


def _view(entity: EntityRef, head: HeaderView, priority: PriorityView) -> DecideView:
    book, who = open_casebook(), (entity.entity_type, entity.entity_id)
    return DecideView.of(
        entity.entity_type,
        head.typology,
        book.case_of(*who),
        book.decisions(*who),
        book.history(*who),
        Now(build().as_of, priority.alert, priority.judged),
    )


def _news(entity: EntityRef, view: DecideView, probability: float | None) -> None:
    """Why somebody who was judged is here again, and all about the earlier verdict."""
    if not view.news:
        return
    st.info(md_escape(view.news))
    earlier = earlier_of(entity.key, nearby(entity.key))
    if earlier is not None:
        draw_earlier(entity.key, earlier, slot="decide", probability=probability)


def _outcome(entity: EntityRef) -> None:
    prefix = form_prefix(entity)
    problem = st.session_state.pop(f"{prefix}{PROBLEM}", None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    saved = st.session_state.pop(f"{prefix}saved", None)
    if isinstance(saved, Decision):
        st.success("Decision recorded and audited.")
        st.caption(md_escape(teaches(saved)))
        st.button("Take it back", key=f"{prefix}undo", on_click=_undo, args=(entity, saved))


def _undo(entity: EntityRef, saved: Decision) -> None:
    try:
        open_casebook().undo([saved], viewer=viewer())
    except RingfenceError as error:
        st.session_state[f"{form_prefix(entity)}{PROBLEM}"] = error
