"""Whoever waits, read in words, and where somebody stands in the queue."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.casebook.read_cache import cached_read
from dashboard.components.earlier import casebook_verdicts
from dashboard.components.held_verdicts import without_held_verdicts
from dashboard.components.queue_address import query_params, status_of
from dashboard.components.standings import case_standings
from dashboard.errors import TableMissing
from dashboard.state import QueueFilters
from dashboard.store import has_table, read
from dashboard.view_models.queue import by_key
from dashboard.view_models.queue_place import Place
from dashboard.view_models.waiting import signals_said, unexplained, with_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from dashboard.view_models.waiting import Member

EVERY_CASE = 100_000


def waiting(
    keys: Iterable[str], oddities: Mapping[str, list[str]] | None = None
) -> dict[str, Member]:
    """Those of `keys` that have an alert, by key, the most urgent first.

    `oddities` says by key what is unusual about the unproven.
    """
    keys = sorted(keys)
    alerts = without_held_verdicts(read("pages/queue/alerts", keys=keys))
    sentences = dict(oddities or {})
    unsaid = unexplained(alerts)
    if unsaid and has_table("scores.signals"):
        sentences |= signals_said(read("pages/queue/signals", keys=unsaid))
    stands = case_standings()
    made = casebook_verdicts([key for key in keys if key in stands])
    return by_key(with_words(alerts, sentences, _handed_over()), stands, made)


def place_of(entity_key: str) -> Place | None:
    """Where an entity stands in the queue of the address; None = it is not in it.

    It keeps its place when it is decided, so that there is a next one.
    """
    # Of whoever waits the queue is the same for all of them, and read once; it is another only
    # for whoever would not be in it.
    for kept in ("", entity_key):
        try:
            place = Place.of(_every_case(kept), entity_key)
        except TableMissing:
            return None
        if place is not None:
            return place
    return None


def waiting_line() -> list[str]:
    """Everybody in the queue of the address as `type:id`, in its order; empty without alerts."""
    try:
        cases = _every_case("")
    except TableMissing:
        return []
    return list(chain.from_iterable(cases["member_keys"].to_list()))


@cached_read
def _every_case(kept: str) -> pl.DataFrame:
    """The queue of the address, with `kept` in it even if it is decided."""
    filters = QueueFilters.parse(st.query_params)
    params = query_params(filters, status_of(st.query_params), case_standings(), kept=kept)
    return read("pages/queue/open_cases", **params, sort=filters.sort, limit=EVERY_CASE, offset=0)


def _handed_over() -> list[str]:
    """Entity types whose scores somebody else made."""
    if not has_table("scores.models"):
        return []
    models = read("pages/model/models").filter(calibrated_on="handed over")
    return models["entity_type"].to_list()
