"""Whether the audit trail holds, in a line: for those who may audit.

Looked at once for each end of the trail, so that a rerun costs nothing.
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from dashboard import places
from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.trail import Trail, examine
from dashboard.components.empty_state import show_problem
from dashboard.errors import CasebookUnavailable, RingfenceError
from dashboard.text import md_escape


def draw_trail_state() -> None:
    """The state of the chain; nothing for who may not audit every market, or without a book."""
    who = viewer()
    if who.markets or not who.may("audit"):
        return
    with suppress(CasebookUnavailable):
        head = open_casebook().head()
        try:
            found = _examined(places.casebook_url(), head)
        except CasebookUnavailable:
            raise
        except RingfenceError as error:
            show_problem(error)
            return
        badge = ":green-badge[Audit trail]" if found.holds else ":red-badge[Audit trail]"
        first, *others = found.sentences
        st.markdown(f"{badge} {md_escape(first)}", help=md_escape(" ".join(others)) or None)


@st.cache_resource(max_entries=8, show_spinner=False)
def _examined(url: str, head: str) -> Trail:
    del head  # the cache key: another end, another answer
    return examine(url)
