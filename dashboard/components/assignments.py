"""Who was moved to which case by an analyst, as the queries of cases take it.

Read once per write of the casebook; without one nobody was moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.errors import CasebookUnavailable

if TYPE_CHECKING:
    from dashboard.cases.records import Assignment


def moved() -> dict[str, list[str]]:
    """`moved_keys` and `moved_cases`, in one order: parameters of the queries of cases."""
    assigned = assignments()
    keys = sorted(assigned)
    return {"moved_keys": keys, "moved_cases": [assigned[key].group_id for key in keys]}


def case_titles() -> dict[str, str]:
    """Names of the cases that somebody made by hand, by id."""
    return {one.group_id: one.title for one in assignments().values() if one.title}


def assignments() -> dict[str, Assignment]:
    """Where each subject that was ever moved is now, by key; empty without a casebook."""
    try:
        return _assigned(places.casebook_url(), open_casebook().head())
    except CasebookUnavailable:
        return {}


@st.cache_resource(max_entries=8, show_spinner=False)
def _assigned(url: str, head: str) -> dict[str, Assignment]:
    """Shared by all sessions: another write is another answer."""
    del head  # the cache key
    return open_casebook(url).assigned()
