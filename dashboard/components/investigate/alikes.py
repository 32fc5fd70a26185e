"""Look-alikes of both outcomes and the nearest clean twin, each a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import explainer
from dashboard.components import scope
from dashboard.components.boundary import panel
from dashboard.components.links import page_link
from dashboard.components.queue_filters import kept_params
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.alikes import Alike, AlikesView

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef


def alikes_of(entity: EntityRef, as_of: date) -> AlikesView:
    """The view model of an entity's look-alikes."""
    found = explainer.alikes(entity, as_of)
    ids = found["entity_id"].to_list()
    names = read("pages/investigate/acquaintances", entity_type=entity.entity_type, entity_ids=ids)
    return AlikesView.of(entity.entity_type, found, scope.hide_names(names))


@panel
def alikes_panel(entity: EntityRef, as_of: date) -> None:
    """A compact table: outcome, name, how close, what separates."""
    view = alikes_of(entity, as_of)
    st.markdown("**Look-alikes**", help=_HELP)
    with st.container(gap=None):
        for row in view.rows:
            _row(entity, row)
    st.caption(md_escape(view.sentence))


def _row(entity: EntityRef, row: Alike) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width=96):
            st.markdown(f":{row.badge}-badge[{row.outcome}]")
        with st.container(width=230):
            page_link(md_escape(row.name), "investigate", {"entity": row.key, **kept_params()})
        with st.container(width=48):
            st.markdown(row.score)
        with st.container(width=76):
            st.markdown(row.distance)
        with st.container(width="stretch"):
            st.markdown(f"differs in {md_escape(row.apart)}")
        with st.container(width=74, horizontal_alignment="right"):
            compared = {"entity": entity.key, "tab": "compare", "against": row.key}
            page_link("Compare", "investigate", {**compared, **kept_params()})


_HELP = (
    "The entities nearest to this one by what moves its score: confirmed, cleared, and the nearest "
    "one that nobody ever suspected."
)
