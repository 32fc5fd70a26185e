"""Where cases stand today: the casebook beside the alerts of the served build.

Only the cases of whoever can stand in the queue are read, and only after a write: what the
queue costs does not grow with what was ever decided. A casebook that cannot be reached takes
nothing away but itself: `note_casebook` says so once, and the evidence stays.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.cases.standing import is_held
from dashboard.cases.states import CaseState
from dashboard.components.empty_state import show_problem
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import build, data_version, read
from dashboard.view_models.case_standings import SUBJECT, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.cases.records import Case
    from dashboard.cases.standing import Standing

WAITING = (CaseState.PROPOSED, CaseState.MONITORING)
"""The states of the cases that are looked for whether they have an alert or not."""


def case_standings() -> dict[str, Standing]:
    """By entity key, of whoever can stand in the queue; empty without a casebook."""
    try:
        return _standings(places.casebook_url(), open_casebook().head(), data_version())
    except CasebookUnavailable:
        return {}


def waiting_cases() -> tuple[dict[str, Case], dict[str, Standing]]:
    """The cases that wait for somebody or for a day, with an alert or without, and how they stand.

    Raises CasebookUnavailable.
    """
    cases = open_casebook().cases_in(WAITING)
    return cases, _held_against_alerts(cases)


def casebook_problem() -> CasebookUnavailable | None:
    """Why decisions can be neither read nor recorded now; None = they can."""
    try:
        open_casebook().head()
    except CasebookUnavailable as error:
        return error
    return None


def note_casebook() -> None:
    """One box where there is no casebook: what is missing from the page, and what is not."""
    problem = casebook_problem()
    if problem:
        show_problem(problem)
        st.caption(_EVIDENCE_STAYS)


_EVIDENCE_STAYS = (
    "Alerts and evidence are all here to read. What was decided before is not shown, and nothing "
    "can be decided until the casebook is back."
)


def subjects(keys: Iterable[str], markets: Iterable[str] = ()) -> pl.DataFrame:
    """Rows of `pages/queue/subjects`; none where the build has no alerts."""
    chosen = sorted(keys)
    try:
        return read("pages/queue/subjects", keys=chosen, markets=list(markets))
    except TableMissing:
        return pl.DataFrame(schema=SUBJECT)


@st.cache_resource(max_entries=8, show_spinner=False)
def _standings(url: str, head: str, version: str) -> dict[str, Standing]:
    """Shared by all sessions: another write, or another build, is another answer."""
    del head, version  # the cache key
    return _held_against_alerts(open_casebook(url).cases_of(_in_the_queue()))


def _held_against_alerts(cases: Mapping[str, Case]) -> dict[str, Standing]:
    """Only the answered ones have to be."""
    answered = (key for key, case in cases.items() if is_held(case))
    return standings(cases, subjects(answered), build().as_of)


def _in_the_queue() -> list[str]:
    keys: list[str] = []
    for name in ("pages/queue/alert_keys", "pages/queue/anomaly_keys"):
        with suppress(TableMissing):
            keys += read(name)["entity_key"].to_list()
    return keys
