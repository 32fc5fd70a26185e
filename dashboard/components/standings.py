"""Where cases stand today: the casebook beside the alerts of the served build.

Only the cases of whoever can stand in the queue are read, and only after a write: what the
queue costs does not grow with what was ever decided. A casebook that cannot be reached takes
nothing away but itself: `note_casebook` says so once, and the evidence stays.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.casebook.lookups import Waits
from dashboard.casebook.rows import now
from dashboard.cases.standing import Place, Standing, is_held
from dashboard.cases.states import CaseState
from dashboard.components.empty_state import show_problem
from dashboard.components.held_verdicts import held_keys, without_held_verdicts
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import build, data_version, read
from dashboard.view_models.case_standings import SUBJECT, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dashboard.cases.records import Case

_WAITS = {Place.PROPOSED: CaseState.PROPOSED, Place.MONITORING: CaseState.MONITORING}
"""The state of the cases that are listed whether they have an alert or not."""


@dataclass(frozen=True)
class WaitingPage:
    """A page of the cases on one list, the next review first."""

    cases: dict[str, Case]
    statuses: dict[str, Standing]
    subjects: pl.DataFrame
    """Their rows of `pages/queue/subjects`; none of whoever is not in the build."""
    total: int


def case_standings() -> dict[str, Standing]:
    """By entity key, of whoever can stand in the queue; empty without a casebook.

    Whoever is held back from the viewer stands there as new.
    """
    try:
        hour = now().replace(minute=0, second=0, microsecond=0)
        version = open_casebook().head(), data_version()
        return _standings(places.casebook_url(), version, hour, held_keys())
    except CasebookUnavailable:
        return {}


def waiting_page(place: Place, markets: list[str], *, limit: int, offset: int) -> WaitingPage:
    """A part of the cases that wait for somebody or for a day, with an alert or without.

    It costs a page, whatever waits, unless only some `markets` are seen: these are facts of the
    build, so the keys of all that wait are held against it. Raises CasebookUnavailable.
    """
    book, waits = open_casebook(), _waits(place)
    if markets:
        keys = book.waiting_keys(waits)
        seen = set(subjects(keys, markets)["entity_key"])
        shown = [key for key in keys if key in seen]
        found = book.cases_of(shown[offset : offset + limit])
        cases = {key: found[key] for key in shown[offset : offset + limit] if key in found}
        total = len(shown)
    else:
        cases = book.waiting(waits, limit=limit, offset=offset)
        total = book.waiting_count(waits)
    rows = subjects(cases, markets)
    return WaitingPage(cases, standings(cases, rows, build().as_of, now()), rows, total)


def _waits(place: Place) -> Waits:
    """Whose case stands on that list: of the watched not those whom the open queue shows again."""
    if place is not Place.MONITORING:
        return Waits(_WAITS[place])
    back = (key for key, one in case_standings().items() if one.state is CaseState.REOPENED)
    return Waits(_WAITS[place], tuple(sorted(back)))


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
        rows = read("pages/queue/subjects", keys=chosen, markets=list(markets))
        return without_held_verdicts(rows)
    except TableMissing:
        return pl.DataFrame(schema=SUBJECT)


@st.cache_resource(max_entries=8, show_spinner=False)
def _standings(
    url: str, version: tuple[str, str], hour: datetime, held: tuple[str, ...]
) -> dict[str, Standing]:
    """Shared by all sessions from whom the same is held back.

    Another write, another build or another hour is another answer.
    """
    del version  # the cache key
    stands = _held_against_alerts(open_casebook(url).cases_of(_in_the_queue()), hour)
    return stands | dict.fromkeys(held, Standing(Place.OPEN, CaseState.NEW))


def _held_against_alerts(cases: Mapping[str, Case], now: datetime) -> dict[str, Standing]:
    """Only the answered ones have to be."""
    answered = (key for key, case in cases.items() if is_held(case))
    return standings(cases, subjects(answered), build().as_of, now)


def _in_the_queue() -> list[str]:
    keys: list[str] = []
    for name in ("pages/queue/alert_keys", "pages/queue/anomaly_keys"):
        with suppress(TableMissing):
            keys += read(name)["entity_key"].to_list()
    return keys
