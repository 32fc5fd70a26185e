"""One inbox as a table: the earliest due first, each line a click from its case."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.casebook.inbox import Box
from dashboard.casebook.rows import now
from dashboard.components import address, look, triage
from dashboard.components.empty_state import empty_state, show_problem
from dashboard.components.held_verdicts import without_held_verdicts
from dashboard.components.links import go
from dashboard.components.reveal import draw_masked_names
from dashboard.components.standings import subjects as subjects_of
from dashboard.errors import RingfenceError
from dashboard.panels.inbox.reading import (
    PAGE_ROWS,
    asked_state,
    box_page,
    exposures,
    last_decisions,
    titles_of,
    unassigned,
    waiting_appeals,
)
from dashboard.store import build, data_version, read
from dashboard.text import md_escape
from dashboard.view_models.inbox import (
    NOBODY,
    UNASSIGNED,
    Beside,
    alert_rows,
    case_rows,
    state_labels,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from dashboard.cases.states import CaseState
    from dashboard.view_models.inbox import Clock

_PROBLEM = "inbox.problem"
_WALL = "By the wall's clock, UTC. It stands still while a case waits for somebody outside."
_APPEAL = "In days of the data, until the day by which the platform answers an appeal."
_DATA = "In days of the data, from the day on which the alert opened: nobody has opened a case yet."


def draw_box(box: Box) -> None:
    """The cases of one inbox, narrowed to a state where the address says so."""
    page, state = address.number("page"), asked_state()
    found = box_page(box, state, page)
    if len(found.counts) > 1:
        _states(found.counts, state)
    if not found.cases:
        empty_state(NOBODY[box], "Whatever comes in stands here, the earliest due first.")
        return
    keys = [case.entity_key for case in found.cases]
    made = last_decisions(found.cases)
    handed = waiting_appeals(made) if box is Box.APPEALS else {}
    beside = Beside(subjects_of(keys), exposures(keys), made, handed, build().as_of)
    rows, clocks = case_rows(found.cases, beside, now())
    key = f"inbox-{box}-{data_version()}-{hash(tuple(keys))}"
    rows = rows.drop(_unsaid(box, found.counts))
    tip = _APPEAL if box is Box.APPEALS else _WALL
    _table(rows, clocks, key, partial(_open, f"{key}-open", keys, box), tip)
    total = found.counts.get(state, 0) if state else sum(found.counts.values())
    address.pages("page", ceil(total / PAGE_ROWS), page)


def _unsaid(box: Box, counts: dict[CaseState, int]) -> list[str]:
    """Columns that would say the same in every line, or nothing."""
    owner = ["owner"] if box in {Box.MINE, Box.HANDED, Box.RETURNED} else []
    state = ["state"] if len(counts) <= 1 else []
    answered = [] if box in {Box.APPROVE, Box.APPEALS, Box.RETURNED} else ["action"]
    return [*owner, *state, *answered, *([] if box is Box.TEAMS else ["with"])]


def _states(counts: dict[CaseState, int], state: CaseState | None) -> None:
    """The filter by state, as wide as what it holds."""
    narrow, _ = st.columns([0.2, 0.8])
    with narrow:
        labels = state_labels(counts)
        address.select("State", "state", labels, state or "", drops=("page",), is_bare=True)


def draw_unassigned() -> None:
    """The open cases that nobody has, the most valuable first."""
    every, page = unassigned(), address.number("page")
    rows = every.slice((page - 1) * PAGE_ROWS, PAGE_ROWS)
    if rows.is_empty():
        empty_state(NOBODY[UNASSIGNED], "New alerts come with the next build.")
        return
    firsts = [keys[0] for keys in rows["member_keys"]]
    alerts = without_held_verdicts(read("pages/queue/alerts", keys=sorted(firsts)))
    shown, clocks = alert_rows(rows, titles_of(rows), alerts, build().as_of)
    key = f"inbox-unassigned-{data_version()}-{hash(tuple(rows['case_id']))}"
    cases = list(zip(rows["case_id"], rows["member_keys"], strict=True))
    _table(shown, clocks, key, partial(_claim_line, f"{key}-open", cases), _DATA)
    address.pages("page", ceil(len(every) / PAGE_ROWS), page)


def draw_next() -> None:
    """The most valuable case that nobody has, claimed and opened in one click."""
    st.button(
        "Next unassigned",
        key="inbox.next",
        shortcut="N",
        type="primary",
        help="Claims the most valuable case that nobody has, and opens it",
        on_click=_next,
    )
    problem = st.session_state.pop(_PROBLEM, None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)


def _next() -> None:
    """Whatever was claimed since the page was drawn is not next any more."""
    rows = unassigned()
    if len(rows):
        _claim(rows["case_id"][0], list(rows["member_keys"][0]))


def _claim_line(slot: str, cases: Sequence[tuple[str, Sequence[str]]]) -> None:
    case_id, keys = cases[st.session_state[slot]["row"]]
    _claim(case_id, list(keys))


def _claim(case_id: str, keys: list[str]) -> None:
    try:
        triage.assign_to_me(keys)
    except RingfenceError as error:
        st.session_state[_PROBLEM] = error
        return
    if case_id.startswith(("rng_", "hnd_")):
        go("case", {"id": case_id})
    else:
        go("investigate", {"entity": keys[0]})


def _open(slot: str, keys: Sequence[str], box: Box) -> None:
    tab = {"tab": "appeal"} if box is Box.APPEALS else {}
    go("investigate", {"entity": keys[st.session_state[slot]["row"]], **tab})


def _table(
    rows: pl.DataFrame, clocks: Sequence[Clock], key: str, on_click: Any, clock_tip: str
) -> None:
    colours = {clock.said: clock.colour for clock in clocks if clock.said}
    due = look.badge_column("Due", list(colours), list(colours.values()), width=104)
    columns = {
        "name": look.text_column("Subject", width=200),
        "open": look.button_column("", f"{key}-open", on_click, (), width=64),
        "what": look.text_column("What", width=150),
        "band": look.band_column(),
        "severity": look.text_column("Severity", width=78),
        "exposure": look.money_column("At risk", width=76, tip="Money that can still be lost"),
        "action": look.text_column("Action", width=150),
        "state": look.text_column("State", width=172),
        "owner": look.text_column("Owner", width=96),
        "with": look.text_column("With", width=210),
        "clock": due,
        "age": look.number_column("Days", width=56, tip="Since it was opened"),
        "reason": look.text_column("Said last", width=320),
    }
    own = {name: column for name, column in columns.items() if name in rows.columns}
    look.table(rows, own, alt=f"{len(rows)} cases, the earliest due first", key=key)
    st.caption(md_escape(clock_tip))
    draw_masked_names(rows["name"])
