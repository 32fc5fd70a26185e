"""Nothing to show, said well: what is absent, why, and the way on.

An empty panel that explains itself is a state of the product; a blank one looks
like a fault. Everything here is a sentence and, where there is one, a remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.text import md_escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.errors import RingfenceError


def empty_state(title: str, hint: str = "", *, icon: str = ":material/inbox:") -> None:
    """A quiet box: `title` says what is absent, `hint` what to do; both are escaped."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{icon} **{md_escape(title)}**")
        if hint:
            st.caption(md_escape(hint))


def show_problem(error: RingfenceError) -> None:
    """An error of ours as a sentence and its remedy; never a trace."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/error: **{md_escape(error.message)}**")
        st.caption(md_escape(error.remedy))


def show_notes(notes: Iterable[str]) -> None:
    """What the page ignored in its link, one quiet line each."""
    for note in notes:
        st.caption(f":material/info: {md_escape(note)}")
