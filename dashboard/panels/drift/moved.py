"""What moved in the days looked at, in words, with the event that was announced for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.data_drift import MOST_TOLD, Told, summary, told

if TYPE_CHECKING:
    from dashboard.panels.drift.selection import Selection


def draw_moved(selection: Selection) -> str:
    """A sentence, then a line for each of the latest; the rest one click away.

    Returns the column that moved last; empty where none did.
    """
    rows = read(
        "pages/drift/alarms",
        slice=selection.market,
        since=selection.now.since,
        until=selection.now.until,
    )
    found = told(rows, selection.market)
    st.markdown(md_escape(summary(found, selection.now)))
    with st.container(gap=None):
        for one in found[:MOST_TOLD]:
            _draw(one)
    if found[MOST_TOLD:]:
        box = st.expander(f"{len(found) - MOST_TOLD} more", key="drift.more", on_change="rerun")
        if box.open:
            with box, st.container(gap=None):
                for one in found[MOST_TOLD:]:
                    _draw(one)
    return found[0].column if found else ""


def _draw(one: Told) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":red[●] {md_escape(one.sentence)}", width="content")
        st.button(
            "Look",
            type="tertiary",
            key=f"drift.look.{one.column}.{one.day}",
            help="Both distributions and every day of this column",
            on_click=address.setter(column=one.column),
        )
