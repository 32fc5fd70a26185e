"""What an inbox shows: the casebook's cases beside the build's names and money, for a page each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.inbox import Box, Slice, boxes_of
from dashboard.cases.sla import AT_WORK, WAITING
from dashboard.cases.states import CaseState
from dashboard.components import scope
from dashboard.components.assignments import case_titles
from dashboard.components.queue_address import query_params
from dashboard.components.standings import case_standings, subjects
from dashboard.errors import TableMissing
from dashboard.state import QueueFilters
from dashboard.store import read
from dashboard.text import plain
from dashboard.view_models.inbox import UNASSIGNED
from dashboard.view_models.queue import ring_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.cases.records import Case, Decision
    from dashboard.cases.redress import Appeal

PAGE_ROWS = 20
_EVERYTHING = 1_000_000


@dataclass(frozen=True)
class BoxPage:
    """A page of an inbox, and how many cases of each state the whole of it has."""

    cases: list[Case]
    counts: dict[CaseState, int]


def box_page(box: Box, state: CaseState | None, page: int) -> BoxPage:
    """It costs the page, whatever the book holds, unless only some markets are seen."""
    part = Slice(box, state, PAGE_ROWS, (page - 1) * PAGE_ROWS)
    book, who = open_casebook(), viewer()
    if not who.markets:
        return BoxPage(book.inbox_page(part, viewer=who), book.inbox_counts(box, viewer=who))
    every = _seen_keys(box)
    chosen = [key for key, own in every if state is None or own == state]
    shown = chosen[part.offset : part.offset + PAGE_ROWS]
    cases = book.cases_of(shown)
    return BoxPage(
        [cases[key] for key in shown if key in cases], dict(Counter(own for _, own in every))
    )


def box_counts() -> dict[str, int]:
    """How many cases each inbox of the viewer holds, by its code; the unassigned last."""
    who = viewer()
    counts = {box.value: _count(box) for box in boxes_of(who)}
    if who.may("decide") or who.may("assign"):
        counts[UNASSIGNED] = len(unassigned())
    return counts


def _count(box: Box) -> int:
    if viewer().markets:
        return len(_seen_keys(box))
    return sum(open_casebook().inbox_counts(box, viewer=viewer()).values())


def _seen_keys(box: Box) -> list[tuple[str, CaseState]]:
    """Key and state of the cases of an inbox whose subjects are in the viewer's markets."""
    every = open_casebook().inbox_keys(Slice(box, None, _EVERYTHING), viewer=viewer())
    inside = set(subjects((key for key, _ in every), scope.markets([]))["entity_key"])
    return [(key, state) for key, state in every if key in inside]


def exposures(keys: Sequence[str]) -> dict[str, float | None]:
    """USD that can still be lost, by key; of whoever has no alert nothing is said."""
    try:
        rows = read("pages/queue/alerts", keys=sorted(keys))
    except TableMissing:
        return {}
    return {
        f"{one['entity_type']}:{one['entity_id']}": one["exposure_usd"] for one in rows.to_dicts()
    }


def last_decisions(cases: Sequence[Case]) -> dict[str, Decision]:
    """The last decision, by key, of the cases in which it is answered."""
    keys = [case.entity_key for case in cases if case.state not in AT_WORK | WAITING]
    return {key: made[-1] for key, made in open_casebook().decisions_of(keys).items()}


def waiting_appeals(made: Mapping[str, Decision]) -> dict[str, Appeal]:
    """The appeal against each of some decisions that nobody has judged, by key."""
    told = open_casebook().redress_of([one.decision_id for one in made.values()])
    return {
        key: redress.appeal
        for key, one in made.items()
        if (redress := told.get(one.decision_id)) and redress.appeal and not redress.outcome
    }


def unassigned() -> pl.DataFrame:
    """The open cases that nobody has, the most valuable first; none without alerts."""
    filters = QueueFilters()
    params = query_params(filters, "open", case_standings())
    try:
        rows = read(
            "pages/queue/open_cases", **params, sort=filters.sort, limit=_EVERYTHING, offset=0
        )
    except TableMissing:
        return pl.DataFrame(schema={"case_id": pl.String, "member_keys": pl.List(pl.String)})
    return rows.filter(pl.col("assigned_count") == 0)


def titles_of(cases: pl.DataFrame) -> dict[str, str]:
    """Names of the cases that are no subject's own."""
    rings = sorted(case_id for case_id in cases["case_id"] if case_id.startswith("rng_"))
    named = ring_titles(read("pages/queue/ring_titles", ring_ids=rings)) if rings else {}
    return named | {case_id: plain(title) for case_id, title in case_titles().items()}


def asked_state() -> CaseState | None:
    """The state that the address narrows an inbox to; None = every one."""
    asked = st.query_params.get("state", "")
    return CaseState(asked) if asked in set(CaseState) else None
