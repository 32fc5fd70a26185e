"""Data: what this build was made of, what it could not know, and where a number comes from."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address
from dashboard.components.boundary import panel
from dashboard.components.empty_state import show_notes
from dashboard.components.trail_state import draw_trail_state
from dashboard.panels.data.delivery import delivered_section, off_section, set_aside_section
from dashboard.panels.data.lineage import lineage_section
from dashboard.view_models.data import SECTIONS

_DRAW = {
    "delivered": delivered_section,
    "set_aside": set_aside_section,
    "off": off_section,
    "lineage": lineage_section,
}


def page() -> None:
    """The whole page is one panel; only the open section reads anything."""
    data()


@panel
def data() -> None:
    """Which section, then it."""
    draw_trail_state()
    show_notes(address.refused("section", SECTIONS))
    value = st.query_params.get("section", "")
    section = address.segments(
        "Sections", "section", SECTIONS, value, drops=("of", "number", "step")
    )
    _DRAW[section]()
