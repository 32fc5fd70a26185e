"""How long this session has had a subject open, and which of its panels: told when it is decided.

A run of the page is a sign that somebody is there; what passes while another subject is open, or
while nothing is clicked for long, is not counted.
"""

from __future__ import annotations

import time

import streamlit as st

from dashboard.cases.attention import Attention, Spent

_OPEN = "attention.open"


def notice(subject: str, panel: str = "") -> None:
    """Something of `subject` was drawn, of which `panel` is open."""
    now, slot = time.monotonic(), _slot(subject)
    before = st.session_state.get(slot)
    if not isinstance(before, Attention):
        before = Attention(now)
    elif st.session_state.get(_OPEN) != subject:
        before = Attention(now, before.seconds, before.panels)
    st.session_state[slot] = before.seen(now, panel)
    st.session_state[_OPEN] = subject


def spent_on(subject: str, first_verdict: str | None = None) -> Spent | None:
    """What was spent on `subject` until now; None = this session never opened it."""
    before = st.session_state.get(_slot(subject))
    if not isinstance(before, Attention):
        return None
    now = before.seen(time.monotonic(), "")
    return Spent(now.seconds, now.panels, first_verdict)


def decided(subject: str) -> None:
    """The next decision about `subject` is timed from here on."""
    st.session_state.pop(_slot(subject), None)


def _slot(subject: str) -> str:
    return f"attention.{subject}"
