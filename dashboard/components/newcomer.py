"""Whether this viewer is new here: by what they did themselves, never by what others did."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.errors import RingfenceError

TOUR = "tour"
"""Subject under which the casebook keeps that somebody has seen the tour."""
_KNOWN = "newcomer.known"


def is_newcomer() -> bool:
    """Whether they have neither decided anything nor seen the tour; False without a casebook.

    Once they have, their session asks no more.
    """
    if st.session_state.get(_KNOWN):
        return False
    try:
        book, who = open_casebook(), viewer()
        is_known = book.has_decided(who.name) or book.draft(TOUR, viewer=who) is not None
    except RingfenceError:
        return False
    st.session_state[_KNOWN] = is_known
    return not is_known


def note_tour_seen() -> None:
    """Remember that this viewer has seen the tour, for later sessions too."""
    if st.session_state.get(_KNOWN):
        return
    st.session_state[_KNOWN] = True
    # Whoever may not write is asked again in the next session.
    with suppress(RingfenceError):
        open_casebook().save_draft(TOUR, {"seen": True}, viewer=viewer())
