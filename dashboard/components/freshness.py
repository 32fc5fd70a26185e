"""How fresh the data are, above every page: newest event, build, live lane, what is aside."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import live_lane
from dashboard.casebook.rows import now
from dashboard.components.boundary import boundary
from dashboard.errors import RingfenceError, TableMissing
from dashboard.store import build, read
from dashboard.text import md_escape
from dashboard.view_models.live import LaneStatus, freshness

if TYPE_CHECKING:
    from datetime import datetime

PLACE = "freshness"
"""Key of the container, by which the look of the page puts it above the page."""
_SHOWN = 5


def draw_freshness() -> None:
    """One quiet line; behind what is set aside, the reasons."""
    with boundary():
        said = freshness(_last_order_at(), build().as_of, _lane(), now())
        with st.container(key=PLACE, horizontal=True, vertical_alignment="center", gap="small"):
            if said.past:
                st.badge(said.past, icon=":material/history:", color="orange")
            st.caption(md_escape(said.sentence), width="content")
            if said.set_aside:
                _draw_problems(said.set_aside, "pages/live/set_aside", limit=_SHOWN)
            if said.waiting:
                _draw_problems(said.waiting, "pages/live/waiting")


def _draw_problems(title: str, name: str, **params: int) -> None:
    with suppress(TableMissing):
        problems = live_lane.read_live(name, **params)["problem"].head(_SHOWN)
        with st.popover(title):
            for problem in problems:
                st.caption(md_escape(problem))


def _last_order_at() -> datetime | None:
    try:
        last: datetime | None = read("pages/data/last_order")["last_order_at"][0]
    except TableMissing:
        return None
    return last


def _lane() -> LaneStatus | None:
    """What the lane says; None where none ever ran, or its record cannot be read."""
    if not live_lane.is_there():
        return None
    try:
        rows = live_lane.read_live("pages/live/status")
    except RingfenceError:
        return None
    if rows.is_empty():
        return None
    one = rows.row(0, named=True)
    return LaneStatus(
        one["newest_event_at"],
        one["last_batch_at"],
        live_lane.alive_at(),
        known_at=one["known_at"],
        batches_set_aside=one["batches_set_aside"] or 0,
        rows_set_aside=one["rows_set_aside"] or 0,
        rows_waiting=one["rows_waiting"] or 0,
    )
