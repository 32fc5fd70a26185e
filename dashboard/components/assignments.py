"""Who was moved to which case by an analyst, as the queries of cases take it.

Read once per write of the casebook; without one nobody was moved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import places
from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.components.scope import in_scope
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
    """Where each subject seen that was ever moved is now, by key; empty without a casebook.

    The name of a case is shown to whoever sees all whom it holds: it may speak of any of them.
    """
    try:
        every = _assigned(places.casebook_url(), open_casebook().head())
    except CasebookUnavailable:
        return {}
    if not viewer().markets:
        return every
    seen = in_scope(every)
    partly = {one.group_id for key, one in every.items() if key not in seen}
    return {
        key: replace(one, title="", note="") if one.group_id in partly else one
        for key, one in every.items()
        if key in seen
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def _assigned(url: str, head: str) -> dict[str, Assignment]:
    """Shared by all sessions: another write is another answer."""
    del head  # the cache key
    return open_casebook(url).assigned()
