"""Notes on days of a metric: what somebody who knows wrote, for everybody who looks later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.day_notes import LONGEST, is_seen
from dashboard.cases.records import DayNote
from dashboard.components.empty_state import show_notes
from dashboard.components.standings import casebook_problem
from dashboard.errors import RingfenceError
from dashboard.text import md_escape, written
from dashboard.view_models.calendar import CalendarMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.panels.metrics.selection import Selection

_PROBLEM = "metrics.note_problem"


def notes_of(selection: Selection) -> tuple[DayNote, ...]:
    """The notes on the days shown: of this metric or of all, in the markets shown or in all."""
    if casebook_problem():
        return ()
    shown = selection.shown
    every = open_casebook().notes_between(shown.since, shown.until)
    markets = selection.markets
    return tuple(
        note
        for note in every
        if note.metric in ("", selection.kpi.code)
        and (not note.market or not markets or note.market in markets)
        and is_seen(note, viewer())
    )


def marks_of_notes(notes: Sequence[DayNote]) -> tuple[CalendarMark, ...]:
    """The notes as marks under the line."""
    return tuple(
        CalendarMark(note.day, note.day, f"{_QUOTE}{written(note.text)}") for note in notes
    )


_QUOTE = "Note: "


def draw_notes(selection: Selection, notes: Sequence[DayNote]) -> None:
    """Every note with who wrote it, and a line to write another."""
    if not viewer().may("decide") or casebook_problem():
        return
    box = st.popover("Notes", icon=":material/edit_note:", key="metrics.notes", on_change="rerun")
    if not box.open:
        return
    with box:
        problem = st.session_state.pop(_PROBLEM, "")
        show_notes([problem] if problem else [])
        for note in notes:
            _note(note)
        with st.form("metrics.note", border=False, clear_on_submit=True):
            first, last = selection.clocks.first_whole_day, selection.clocks.last_whole_day
            now = selection.compared.now.since
            st.date_input("Day", now, min_value=first, max_value=last, key="metrics.note_day")
            st.text_input("What happened", key="metrics.note_text", max_chars=LONGEST)
            st.checkbox("On every metric", key="metrics.note_all")
            st.form_submit_button("Write it down", on_click=_write, args=(selection,))


def _note(note: DayNote) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        market = f" · {note.market}" if note.market else ""
        whose = f"{note.day:%-d %b}{market}, {note.written_by}"
        st.markdown(f"{md_escape(written(note.text))} :gray[{md_escape(whose)}]", width="stretch")
        st.button(
            "",
            key=f"metrics.note.{note.note_id}",
            icon=":material/delete:",
            type="tertiary",
            help="Take this note back",
            on_click=_saved,
            args=(DayNote(note.day, "", note.metric, note.market, replaces=note.note_id),),
        )


def _write(selection: Selection) -> None:
    state, allowed = st.session_state, tuple(viewer().markets)
    markets = selection.slices.get("market", ()) or allowed
    metric = "" if state["metrics.note_all"] else selection.kpi.code
    market = markets[0] if len(markets) == 1 else ""
    _saved(DayNote(state["metrics.note_day"], str(state["metrics.note_text"]), metric, market))


def _saved(note: DayNote) -> None:
    try:
        open_casebook().write_note(note, viewer=viewer())
    except RingfenceError as error:
        st.session_state[_PROBLEM] = f"{error}"
