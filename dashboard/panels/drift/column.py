"""One column: its two distributions over each other, and its distance day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.drift import by_day, distribution
from dashboard.components import look
from dashboard.components.empty_state import empty_state
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.calendar import CalendarMark, marks_of
from dashboard.view_models.data_drift import COLUMNS, bin_labels

if TYPE_CHECKING:
    import polars as pl

    from dashboard.panels.drift.selection import Selection


def draw_column(selection: Selection, name: str) -> None:
    """Both charts side by side."""
    left, right = st.columns(2, gap="medium")
    label = COLUMNS[name].label
    with left:
        st.markdown(f"**{md_escape(label)}**")
        rows = read("pages/drift/distribution", column_name=name, **selection.windows)
        look.chart(
            distribution(rows, bin_labels(name, rows), selection.names, look.palette()),
            alt=f"{label} in both windows",
            key=f"drift-distribution-{name}",
        )
    with right:
        st.markdown("**Day by day**")
        days = read("pages/drift/days", slice=selection.market).filter(column_name=name)
        if days.is_empty():
            empty_state("No day was compared.", "A day needs 14 days before it and 30 clusters.")
            return
        look.chart(
            by_day(days, look.palette(), marks=_calendar(selection, days)),
            alt=f"{label}, PSI by day over its noise",
            key=f"drift-days-{name}",
        )


def _calendar(selection: Selection, days: pl.DataFrame) -> tuple[CalendarMark, ...]:
    ends = {"since": days["day"].min(), "until": days["day"].max()}
    try:
        return marks_of(read("pages/metrics/calendar", markets=selection.markets, **ends))
    except TableMissing:
        return ()
