"""What the keys do with the marked case, as buttons that say so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook.rules import LONGEST_REASON
from dashboard.cases.standing import Place
from dashboard.components import address, triage
from dashboard.components.empty_state import show_notes, show_problem
from dashboard.components.links import go
from dashboard.components.queue_address import FILTERS, MARK, kept_params, status_of
from dashboard.errors import RingfenceError
from dashboard.panels.queue.opening import open_case
from dashboard.state import MATCH
from dashboard.text import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.view_models.queue import CaseRow, QueueView

_PROBLEM = "queue.problem"
_KEYS = {
    "J": "next case",
    "K": "previous case",
    "O": "open it",
    "A": "assign it to me",
    "Z": "snooze it for some days of the data, or until something is new",
    "M": "look at all that match the filters, to decide on them at once",
    "/ or Ctrl K": "find anybody by name or id, any case, any ring",
    "?": "these keys",
}


def draw_keys(view: QueueView, row: CaseRow) -> None:
    """Previous, next, open, assign, snooze, and what the keys are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _step("Previous", "K", view.previous)
        _step("Next", "J", view.next)
        st.button(
            "Open", key="queue.open", shortcut="O", type="primary", on_click=open_case, args=(row,)
        )
        if viewer().may("decide"):
            _assign(row)
            if st.button("Snooze", key="queue.snooze", shortcut="Z", help=_SNOOZE):
                _snooze(row)
            _all_that_match()
        if st.button("Keys :gray[?]", key="queue.keys", type="tertiary"):
            _keys()
    problem = st.session_state.pop(_PROBLEM, "")
    show_notes([problem] if problem else [])


def _step(label: str, key: str, target: tuple[str, int] | None) -> None:
    case_id, page = target or ("", 1)
    st.button(
        label,
        key=f"queue.{label.lower()}",
        shortcut=key,
        on_click=address.setter(page=str(page) if page > 1 else "", **{MARK: case_id}),
        disabled=target is None,
    )


def _assign(row: CaseRow) -> None:
    st.button(
        "Assign to me",
        key="queue.assign",
        shortcut="A",
        on_click=_told,
        args=(partial(triage.assign_to_me, row.member_keys),),
    )


def _all_that_match() -> None:
    """The way to one form about all that the filters list; there is none without a filter."""
    params = kept_params()
    if status_of(params) == Place.OPEN and any(params.get(name) for name in FILTERS):
        st.button(
            "All that match",
            key="queue.match",
            shortcut="M",
            help="Whom deciding on all of them would touch, before anything is decided",
            on_click=go,
            args=("case", {**params, MATCH: "all"}),
        )


_SNOOZE = "It leaves the open cases for some days of the data, or until something is new"


@st.dialog("Snooze", icon=":material/snooze:")
def _snooze(row: CaseRow) -> None:
    st.markdown(f"{_SNOOZE}. A snooze is no verdict.")
    reason = st.text_input(
        "Why",
        key="queue.snooze.why",
        max_chars=LONGEST_REASON,
        placeholder="What you wait for: the record and the inbox say it",
    )
    with st.container(horizontal=True, gap="small"):
        for days in triage.SNOOZE_DAYS:
            if st.button(plural(days, "day"), key=f"queue.snooze.{days}", shortcut=str(days)):
                _close_after(partial(triage.snooze, row.member_keys, days, reason or ""))
        if status_of(st.query_params) == Place.SNOOZED and st.button(
            "Back to the open cases", key="queue.wake"
        ):
            _close_after(partial(triage.wake, row.member_keys))


def _close_after(act: Callable[[], None]) -> None:
    """Do it and close; what is refused is said where it was entered."""
    try:
        act()
    except RingfenceError as error:
        show_problem(error)
        return
    st.rerun()


@st.dialog("Keys", icon=":material/keyboard:")
def _keys() -> None:
    for key, meaning in _KEYS.items():
        st.markdown(f"`{key}`: {meaning}")


def _told(act: Callable[[], None]) -> None:
    """Do it; what is not allowed is a sentence on the page."""
    try:
        act()
    except RingfenceError as error:
        st.session_state[_PROBLEM] = f"{error.message} {error.remedy}"
