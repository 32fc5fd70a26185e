"""What a page is called: in the browser's tab with who is looked at, and above the page."""

from __future__ import annotations

import streamlit as st

from dashboard.text import plain

PRODUCT = "Ringfence"
LONGEST = 40
"""Signs of a name: tabs are narrow, and what comes last is cut."""


PLACE = "page_heading"
"""Key of the container, by which the look of the page puts it beside how fresh the data are."""


def head_page(page: str) -> None:
    """The heading of the page, by which a screen reader finds where it begins."""
    with st.container(key=PLACE):
        st.title(page, anchor=False)


def name_tab(page: str, subject: str = "") -> None:
    """`Luna Baby · Investigate · Ringfence`; a subject's name may be anything."""
    st.set_page_config(tab_title(page, subject))


def tab_title(page: str, subject: str = "") -> str:
    """The words of `name_tab`: one line, nothing invisible, cut."""
    who = [plain(subject, length=LONGEST)] if subject else []
    return " · ".join((*who, page, PRODUCT))
