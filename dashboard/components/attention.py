"""How long this session has had a subject open, and which of its panels: told when it is decided.

A run of the page is a sign that somebody is there; what passes while another subject is open, or
while nothing is clicked for long, is not counted.
"""

from __future__ import annotations

import time

import streamlit as st

from dashboard.cases.attention import Attention, Spent

_OPEN, _SPENT = "attention.open", "attention.spent"


def notice(subject: str, panel: str = "") -> None:
    """Something of `subject` was drawn, of which `panel` is open."""
    now, spent = time.monotonic(), _spent()
    before = spent.get(subject)
    if before is None:
        before = Attention(now)
    elif st.session_state.get(_OPEN) != subject:
        before = Attention(now, before.seconds, before.panels)
    spent[subject] = before.seen(now, panel)
    st.session_state[_OPEN] = subject


def spent_on(subject: str, first_verdict: str | None = None) -> Spent | None:
    """What was spent on `subject` until now; None = this session never opened it."""
    before = _spent().get(subject)
    if before is None:
        return None
    now = before.seen(time.monotonic(), "")
    return Spent(now.seconds, now.panels, first_verdict)


def decided(subject: str) -> None:
    """The next decision about `subject` is timed from here on."""
    _spent().pop(subject, None)


def _spent() -> dict[str, Attention]:
    """By subject, in one place: Streamlit goes through every place of a session for each field."""
    spent: dict[str, Attention] = st.session_state.setdefault(_SPENT, {})
    return spent
