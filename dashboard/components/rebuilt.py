"""The line that says that other data are there than those on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import store
from dashboard.components.boundary import boundary
from dashboard.view_models.clocks import rebuilt_sentence

if TYPE_CHECKING:
    from datetime import datetime


def announce_rebuilt() -> None:
    """A quiet line on top of the page once its data were rebuilt, with the way to the new ones.

    To look costs one `stat` of the file.
    """
    with boundary():
        rebuilt_at = store.rebuilt_at()
        if rebuilt_at is not None:
            _announcement(rebuilt_at)


def _announcement(rebuilt_at: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/update: {rebuilt_sentence(rebuilt_at, store.built_at())}")
        if st.button("Show the new ones", key="rebuilt.show", type="tertiary"):
            store.show_newest()
            st.rerun()
