"""Verdicts given since the served build: what the next one will learn that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.components.scope import in_scope
from dashboard.errors import CasebookUnavailable
from dashboard.store import built_at, data_version

if TYPE_CHECKING:
    from datetime import datetime


def fresh_verdicts() -> dict[str, tuple[int, int]]:
    """Bad and good ones by entity type, in the markets seen; none without a casebook."""
    try:
        head, since = open_casebook().head(), built_at().replace(tzinfo=None)
        return _fresh(places.casebook_url(), head, data_version(), since)
    except CasebookUnavailable:
        return {}


@st.cache_data(max_entries=8, show_spinner=False)
def _fresh(url: str, head: str, version: str, since: datetime) -> dict[str, tuple[int, int]]:
    del head, version  # the cache key: another write or scope, another answer
    every = open_casebook(url).findings_since(since)
    keys = pl.format("{}:{}", "entity_type", "entity_id")
    seen = in_scope(every.select(keys.unique()).to_series().to_list())
    labels = every.filter(keys.is_in(list(seen)))
    counts: dict[str, tuple[int, int]] = {}
    for entity_type, label in labels.select("entity_type", "label").iter_rows():
        bad, good = counts.get(entity_type, (0, 0))
        counts[entity_type] = (bad + (label == "bad"), good + (label == "good"))
    return counts
