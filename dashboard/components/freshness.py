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
from dashboard.text import md_escape, plural
from dashboard.view_models.live import LaneStatus, freshness

if TYPE_CHECKING:
    from datetime import datetime

LOOK_SECONDS = 20
PLACE = "freshness"
"""Key of the container, by which the look of the page puts it above the page."""
_SHOWN = 5


@st.fragment(run_every=LOOK_SECONDS)
def draw_freshness() -> None:
    """One quiet line; behind what is set aside, the reasons."""
    with boundary():
        said = freshness(_last_order_at(), build().as_of, _lane(), now())
        with st.container(key=PLACE, horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(md_escape(said.sentence), width="content")
            if said.set_aside:
                _draw_set_aside(said.set_aside)


def _draw_set_aside(count: int) -> None:
    with suppress(TableMissing), st.popover(f"{plural(count, 'batch', 'batches')} set aside"):
        for problem in live_lane.read_live("pages/live/set_aside", limit=_SHOWN)["problem"]:
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
        one["batches_set_aside"] or 0,
        live_lane.alive_at(),
    )
