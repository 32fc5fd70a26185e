"""Why this one: every term of the priority, so that the order can be argued with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.links import page_link
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.header import PriorityView

if TYPE_CHECKING:
    from dashboard.state import EntityRef


def priority_of(entity: EntityRef) -> PriorityView:
    """The priority's view model; no terms where the database has no alerts."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    try:
        return PriorityView.of(read("pages/investigate/priority_terms", **who))
    except TableMissing as missing:
        return PriorityView(problem=missing.message)


def draw_priority(view: PriorityView, *, is_anomaly: bool = False) -> None:
    """The card; an entity without an alert says so."""
    with st.container(border=True, gap="xsmall"):
        st.markdown("**Why this one**", help=_FORMULA)
        if not view.terms:
            st.caption(md_escape(view.problem or (_RESERVED if is_anomaly else _OPENED)))
            return
        st.table(
            {term.label: md_escape(term.value) for term in view.terms},
            border="horizontal",
            alt="Terms of the priority",
        )
        st.caption(md_escape(view.money))
        st.caption(md_escape(f"{view.typology_title}, {view.opened}"))
        if view.community_id:
            page_link(
                view.community_text,
                "community",
                {"community": view.community_id},
                icon=":material/hub:",
            )


_OPENED = "No open alert: it is here because somebody opened it."
_RESERVED = "Some places of the queue are kept for the unproven: no probability, hence no priority."
_FORMULA = (
    "Value of review = probability × finds × (loss ahead × recoverable + harm) − (1 − probability) "
    "× (1 − clears) × cost if wrong + (1 − probability) × clears × cost of holding. Priority = "
    "value / review time, plus what waiting adds."
)
