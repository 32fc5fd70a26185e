"""Why this one: every term of the priority, so that the order can be argued with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.links import page_link
from dashboard.components.nearby import read_nearby
from dashboard.errors import TableMissing
from dashboard.text import md_escape
from dashboard.view_models.header import PriorityView

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.harm import HarmLine


def priority_of(entity: EntityRef) -> PriorityView:
    """The priority's view model; no terms where the database has no alerts."""
    try:
        terms = read_nearby("pages/investigate/priority_terms", entity.key)
        return PriorityView.of(terms, read_nearby("pages/investigate/harms", entity.key))
    except TableMissing as missing:
        return PriorityView(problem=missing.message)


def draw_priority(view: PriorityView, *, is_anomaly: bool = False) -> None:
    """The card; an entity without an alert says so."""
    with st.container(border=True, gap="xsmall"):
        st.markdown("**Why this one**", help=_FORMULA)
        if not view.terms:
            st.caption(md_escape(view.problem or (_RESERVED if is_anomaly else _OPENED)))
            return
        _terms(view)
        st.caption(md_escape(view.money))
        if view.harms:
            _harms(view.harms)
        st.caption(md_escape(f"{view.typology_title}, {view.opened}"))
        if view.community_id:
            page_link(
                view.community_text,
                "community",
                {"community": view.community_id},
                icon=":material/hub:",
            )


def _terms(view: PriorityView) -> None:
    """Not `st.table`: it would be the one thing of a first view that needs Arrow, 76 KB of it."""
    lines = [f"| {md_escape(term.label)} | {md_escape(term.value)} |" for term in view.terms]
    with st.container(key="priority_terms"):
        st.markdown("\n".join(["| Term | Value |", "| :-- | :-- |", *lines]))


def _harms(lines: tuple[HarmLine, ...]) -> None:
    """What is harmed beyond money, each at its price, with the range nobody can narrow."""
    st.markdown("**Harm beyond money**", help=_HARM)
    for line in lines:
        worth = f"**{md_escape(line.worth)}** ({md_escape(line.span)})"
        st.caption(f"{md_escape(line.what)}: {worth}", help=md_escape(line.source))


_HARM = (
    "Counted over 30 days, each event shared by the suspects it has, at a price its pack states "
    "with a range and a source. What an action undoes counts as it stands; the rest as it would "
    "go on. The range of the value is that of these prices."
)
_OPENED = "No open alert: it is here because somebody opened it."
_RESERVED = "Some places of the queue are kept for the unproven: no probability, hence no priority."
_FORMULA = (
    "Value of review = probability × finds × (loss ahead × recoverable + harm) − (1 − probability) "
    "× (1 − clears) × cost if wrong + (1 − probability) × clears × cost of holding. Priority = "
    "value / review time, plus what waiting adds."
)
