"""Rings: suspects who act together, first by what acting on them saves, and one in full."""

from __future__ import annotations

import streamlit as st

from dashboard.components import scope
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.links import page_link
from dashboard.panels.rings import (
    draw_ring_head,
    ring_evidence,
    ring_list,
    ring_members,
    ring_picture,
)
from dashboard.state import RingState
from dashboard.store import read
from dashboard.view_models.rings import RingView


def page() -> None:
    """The ring of the address, or the list of all."""
    state = RingState.parse(st.query_params)
    show_notes(state.problems)
    if not state.ring:
        ring_list()
        return
    rows = read(
        "pages/rings/rings", ring_id=state.ring, markets=[], sort="value", limit=1, offset=0
    )
    page_link("All rings", "rings", icon=":material/arrow_back:")
    if rows.is_empty():
        empty_state(
            f"There is no ring {state.ring} in this database.",
            "Rings change from build to build. Choose one from the list.",
        )
        ring_list()
        return
    scope.require_market(rows["market"][0])
    money, benign = (
        read(f"pages/rings/{name}", ring_id=state.ring) for name in ("money", "benign")
    )
    view = RingView.of(rows, money, benign)
    draw_ring_head(view)
    ring_picture(state.ring, view.member_count)
    left, right = st.columns([0.64, 0.36], gap="medium")
    with left:
        ring_members(state.ring)
    with right:
        ring_evidence(state.ring)
