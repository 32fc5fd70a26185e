"""Live alerts of one subject, in its head: what the lane said, and what a build said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import live_lane
from dashboard.errors import TableMissing
from dashboard.text import md_escape
from dashboard.view_models.live import history_lines

if TYPE_CHECKING:
    import polars as pl

    from dashboard.state import EntityRef


def draw_live_history(entity: EntityRef) -> bool:
    """A line for each; False where it never had one."""
    rows = _history(entity)
    lines = () if rows is None else history_lines(rows)
    for line in lines:
        st.caption(f":material/bolt: {md_escape(line)}")
    return bool(lines)


def _history(entity: EntityRef) -> pl.DataFrame | None:
    """None where no lane runs, or the viewer's markets have no part of it."""
    if not live_lane.is_there():
        return None
    try:
        return live_lane.read_live(
            "pages/live/history", entity_type=entity.entity_type, entity_id=entity.entity_id
        )
    except TableMissing:
        return None
