"""The ring of a subject, which stands before all else that is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, scope
from dashboard.components.assignments import moved
from dashboard.components.graph_panel import draw_members
from dashboard.components.links import page_link
from dashboard.components.nearby import read_nearby
from dashboard.components.reveal import DataSubject, draw_group_reveal
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.rings import ring_title

if TYPE_CHECKING:
    from dashboard.state import EntityRef

PARAM = "around"
"""Parameter of the address: whether all that is around it is shown instead."""


def ring_first(entity: EntityRef) -> bool:
    """Draw the ring of `entity`; False = it is in none, or what is around it was asked for."""
    try:
        rows = read_nearby("pages/rings/ring_of", entity.key)
    except TableMissing:
        return False
    if rows.is_empty():
        return False
    row = rows.row(0, named=True)
    case_id = str(row["ring_id"])
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        page_link(md_escape(ring_title(row)), "case", {"id": case_id}, icon=":material/group_work:")
        choices = {"ring": "Ring", "all": "All around it"}
        shown = address.segments("Shown", PARAM, choices, st.query_params.get(PARAM, ""))
    if shown != "ring":
        return False
    members = read("pages/case/members", case_id=case_id, keys=[], **moved())
    if entity.key not in members["node_key"]:
        st.caption("An analyst moved it to another case: these are the others.")
    about = DataSubject.one(entity.key).with_others(members["node_key"])
    hidden = scope.hide_names(members)
    draw_members(hidden, key=f"graph-ring-{entity.key}", about=about, centre=entity.key)
    draw_group_reveal(about, key="ring")
    return True
