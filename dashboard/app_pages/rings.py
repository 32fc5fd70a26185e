"""Rings: suspects who act together, first by what acting on them saves; each is a case."""

from __future__ import annotations

import streamlit as st

from dashboard.components.empty_state import show_notes
from dashboard.components.links import go
from dashboard.panels.rings import ring_list
from dashboard.state import RingState


def page() -> None:
    """The list of all; the ring of the address is a case, and that is its page."""
    state = RingState.parse(st.query_params)
    show_notes(state.problems)
    if state.ring:
        go("case", {"id": state.ring})
    ring_list()
