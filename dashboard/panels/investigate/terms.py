"""Of the chosen action: whom it touches, how far it reaches and how long it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.cases.measures import measures
from dashboard.components.impact import draw_impact
from dashboard.panels.investigate.save import form_prefix, keep
from dashboard.text import md_escape
from dashboard.view_models.effects import beginning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.state import EntityRef


def draw_terms(
    entity: EntityRef, typology: str, label: Callable[[str], str], start: Mapping[str, Any]
) -> None:
    """Scope and days of the chosen action, when it begins, and whom acting touches."""
    prefix = form_prefix(entity)
    action = st.session_state.get(f"{prefix}action.{typology}") or ""
    measure = measures().get(action)
    if measure is None:
        return
    draw_impact([entity.key])
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if len(measure.scopes) > 1:
            chosen = start.get(f"scope.{action}")
            st.selectbox(
                label("Scope"),
                measure.scopes,
                index=measure.scopes.index(chosen) if chosen in measure.scopes else 0,
                format_func=str.capitalize,
                key=f"{prefix}scope.{action}",
                on_change=keep,
                args=(entity,),
            )
        if measure.most_days is not None:
            st.number_input(
                label("Days"),
                min_value=1,
                max_value=measure.most_days,
                value=start.get(f"days.{action}") or measure.days,
                key=f"{prefix}days.{action}",
                width=110,
                on_change=keep,
                args=(entity,),
            )
    st.caption(md_escape(beginning(measure)))
