"""Verdicts given since the served build: what the next one will learn that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.errors import CasebookUnavailable
from dashboard.store import built_at

if TYPE_CHECKING:
    from datetime import datetime


def fresh_verdicts() -> dict[str, tuple[int, int]]:
    """Bad and good ones by entity type; none without a casebook."""
    try:
        head = open_casebook().head()
        return _fresh(places.casebook_url(), head, built_at().replace(tzinfo=None))
    except CasebookUnavailable:
        return {}


@st.cache_data(max_entries=8, show_spinner=False)
def _fresh(url: str, head: str, since: datetime) -> dict[str, tuple[int, int]]:
    del head  # the cache key: another write, another answer
    labels = open_casebook(url).findings_since(since)
    counts: dict[str, tuple[int, int]] = {}
    for entity_type, label in labels.select("entity_type", "label").iter_rows():
        bad, good = counts.get(entity_type, (0, 0))
        counts[entity_type] = (bad + (label == "bad"), good + (label == "good"))
    return counts
