"""All that the filters of the queue list, as one case to decide at once: who they are, or why not.

Nobody has read each of them, so that they are named and counted before anything is decided
(`casebook.rules.check_bulk`). They are read again at every drawing; a save sends what stood there.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.casebook.rules import MOST_AT_ONCE
from dashboard.cases.standing import Place
from dashboard.components.held_verdicts import held_keys
from dashboard.components.queue_address import FILTERS, query_params, status_of
from dashboard.components.standings import case_standings
from dashboard.state import QueueFilters
from dashboard.store import read
from dashboard.text import plural
from dashboard.view_models.queue_filters import filters_said


@dataclass(frozen=True)
class Matching:
    """Whom the filters list. `problem` and `remedy` are empty unless they cannot be decided."""

    keys: tuple[str, ...]
    title: str
    scope: str
    """How many cases they stand in, and who of these is left out."""
    problem: str = ""
    remedy: str = ""


def matching() -> Matching:
    """Whoever the address lists, at most as many as can be decided at once."""
    filters, status = QueueFilters.parse(st.query_params), status_of(st.query_params)
    said = filters_said(filters)
    title = f"All that match: {said}" if said else "All that match"
    if status != Place.OPEN:
        return _refused(title, "Only open cases are decided at once.", "Choose Open in the queue.")
    if not any(st.query_params.get(name) for name in FILTERS):
        return _refused(title, "No filter is set.", "Choose whom it is about in the queue.")
    params = query_params(filters, status, case_standings())
    rows = read("pages/queue/matching", **params, limit=MOST_AT_ONCE)
    held = {*held_keys()} & {*rows["entity_key"]}
    if len(held) == len(rows):
        return _refused(title, "Nobody who waits fits the filters.", "Somebody may have decided.")
    first = rows.row(0, named=True)
    if first["total_count"] > MOST_AT_ONCE:
        problem = (
            f"{first['total_count']:,} subjects fit the filters; at most {MOST_AT_ONCE:,} are "
            "decided at once."
        )
        return _refused(title, problem, "Narrow the filters in the queue.")
    beside = int(first["beside_count"])
    waits = f"; {plural(len(held), 'subject')} wait for your second look" if held else ""
    left = f"; {plural(beside, 'other')} of these cases do not fit and stay open" if beside else ""
    keys = tuple(key for key in rows["entity_key"] if key not in held)
    cases = plural(first["case_count"], "case")
    return Matching(keys, title, f"{plural(len(keys), 'subject')} of {cases}{left}{waits}.")


def _refused(title: str, problem: str, remedy: str) -> Matching:
    return Matching((), title, "", problem, remedy)
