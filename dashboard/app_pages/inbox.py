"""Inbox: what waits for me, by the part I have in it, the earliest due first."""

from __future__ import annotations

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook.inbox import Box
from dashboard.components import address
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.standings import casebook_problem, note_casebook
from dashboard.panels.inbox.boxes import draw_box, draw_next, draw_unassigned
from dashboard.panels.inbox.live import draw_live_line
from dashboard.panels.inbox.reading import box_counts
from dashboard.view_models.inbox import UNASSIGNED, box_labels

_DROPS = ("page", "state")


def page() -> None:
    """The whole page is one panel: every click reruns it and nothing around it."""
    inbox()


@panel
def inbox() -> None:
    """Which inboxes there are is by role."""
    if casebook_problem() is not None:
        note_casebook()
        return
    counts = box_counts()
    if not counts:
        empty_state("Your role has no inbox.", "Cases and figures are on the other pages.")
        return
    show_notes(address.refused("box", counts))
    asked = st.query_params.get("box", "")
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        chosen = address.segments("Inbox", "box", box_labels(counts), asked, drops=_DROPS)
        if viewer().may("decide"):
            draw_next()
    draw_live_line()
    if chosen == UNASSIGNED:
        draw_unassigned()
    else:
        draw_box(Box(chosen))
