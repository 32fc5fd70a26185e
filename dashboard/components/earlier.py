"""What was said of some subjects before, from the build and the casebook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.cases.teaching import label_of
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import read
from dashboard.view_models.earlier_verdicts import LABEL, earlier_by_key, verdict_day

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboard.cases.records import Decision


def earlier_of(keys: Collection[str]) -> dict[str, str]:
    """The sentence about the earlier verdicts of each entity that has any, by key.

    Two reads for all of `keys`; without a casebook, or without verdicts, the other half.
    """
    labels, decisions = pl.DataFrame(schema=LABEL), dict[str, "list[Decision]"]()
    with suppress(TableMissing):
        labels = read("pages/investigate/earlier_verdicts", keys=sorted(keys))
    with suppress(CasebookUnavailable):
        decisions = open_casebook().decisions_of(keys)
    return earlier_by_key(labels, decisions)


def casebook_verdicts(keys: Collection[str]) -> dict[str, Decision]:
    """The last decision of the casebook on each of `keys` that has any, by key."""
    if not keys:
        return {}
    try:
        return _last(places.casebook_url(), open_casebook().head(), tuple(sorted(keys)))
    except CasebookUnavailable:
        return {}


def dated_labels(keys: Collection[str]) -> dict[str, str]:
    """What these decisions say by key, as in "2026-09-29 bad"; without what says neither."""
    made = casebook_verdicts(keys)
    labels = {key: label_of(one) for key, one in made.items()}
    return {key: f"{verdict_day(made[key])} {label}" for key, label in labels.items() if label}


@st.cache_resource(max_entries=8, show_spinner=False)
def _last(url: str, head: str, keys: tuple[str, ...]) -> dict[str, Decision]:
    """Shared by all sessions: another write is another answer."""
    del head  # the cache key
    return {key: made[-1] for key, made in open_casebook(url).decisions_of(keys).items()}
