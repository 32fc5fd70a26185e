"""Who else has this subject open: so that two people do not look into the same case unawares."""

from __future__ import annotations

import time
from contextlib import suppress

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.errors import RingfenceError
from dashboard.text import joined, md_escape, plain

_LAST = "presence.last"
AGAIN_SECONDS = 120.0
"""A subject that stays open is noted so often at most: no write for every rerun."""


def draw_presence(subject: str) -> None:
    """Note that the viewer has it open, and say who else has; a casebook that is gone says nothing.

    One small write a view, none for what is drawn again.
    """
    with suppress(RingfenceError):
        book, who = open_casebook(), viewer()
        last, at = st.session_state.get(_LAST, ("", 0.0))
        if last != f"{who.name} {subject}" or time.monotonic() - at > AGAIN_SECONDS:
            book.look(subject, viewer=who)
            st.session_state[_LAST] = (f"{who.name} {subject}", time.monotonic())
        names = [plain(name) for name in book.who_looks(subject, viewer=who)]
        if names:
            verb = "has" if len(names) == 1 else "have"
            st.caption(f":material/visibility: {md_escape(joined(names))} {verb} it open")
