"""The name of the browser's tab: who is looked at, on which page, of what."""

from __future__ import annotations

import streamlit as st

from dashboard.text import plain

PRODUCT = "Ringfence"
LONGEST = 40
"""Signs of a name: tabs are narrow, and what comes last is cut."""


def name_tab(page: str, subject: str = "") -> None:
    """`Luna Baby · Investigate · Ringfence`; a subject's name may be anything."""
    st.set_page_config(tab_title(page, subject))


def tab_title(page: str, subject: str = "") -> str:
    """The words of `name_tab`: one line, nothing invisible, cut."""
    who = [plain(subject, length=LONGEST)] if subject else []
    return " · ".join((*who, page, PRODUCT))
