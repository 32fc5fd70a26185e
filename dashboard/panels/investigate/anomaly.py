"""The statement about an unproven entity, where others have a band and a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address
from dashboard.text import md_escape
from dashboard.view_models.anomaly import STATEMENT, TOGETHER, Oddity

if TYPE_CHECKING:
    from dashboard.view_models.header import HeaderView


def draw_anomaly(head: HeaderView) -> None:
    """In what it stands apart, each with its rows; nothing for whoever is not in the lane."""
    view = head.anomaly
    if view is None:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{md_escape(STATEMENT)}**")
        for odd in view.oddities:
            _oddity(odd)
        if not view.oddities:
            st.markdown(f"{md_escape(TOGETHER)}.")
        st.caption(
            "Deviations are measured against its peer group. They say that it is unusual, not "
            "that it is bad: there is no probability until somebody has judged such cases."
        )


def _oddity(odd: Oddity) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width=300):
            st.markdown(md_escape(odd.label))
        with st.container(width="stretch"):
            st.markdown(md_escape(odd.sentence))
        with st.container(width=74, horizontal_alignment="right"):
            st.button(
                "Evidence",
                key=f"odd.{odd.feature}",
                type="tertiary",
                disabled=not odd.has_evidence,
                on_click=address.setter(feature=odd.feature, rows=""),
            )
