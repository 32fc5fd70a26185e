"""Drift: which columns of the orders are unlike before, where, since when and beside what."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, scope
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.panels.drift.column import draw_column
from dashboard.panels.drift.columns import columns_of, draw_columns
from dashboard.panels.drift.moved import draw_moved
from dashboard.panels.drift.scores import draw_scores
from dashboard.panels.drift.selection import draw_filters
from dashboard.store import read


def page() -> None:
    """The whole page is one panel: its filters concern all of it."""
    drift()


@panel
def drift() -> None:
    """The filters, what moved in words, the chosen column, every one, then the scores."""
    choices = read("pages/drift/choices", markets=scope.markets([]))
    if choices.is_empty():
        reason = needs("orders", otherwise="Build from data with 30 days of orders.")
        empty_state("No day of orders was counted.", reason)
        return
    selection = draw_filters(choices)
    moved = draw_moved(selection)
    rows = columns_of(selection)
    if rows.is_empty():
        empty_state("Nothing to compare.", "One of the two windows has no settled orders.")
        return
    names = rows["column_name"].to_list()
    show_notes(address.refused("column", names))
    asked = st.query_params.get("column", "")
    chosen = next((one for one in (asked, moved) if one in names), names[0])
    draw_column(selection, chosen)
    draw_columns(selection, rows, chosen)
    draw_scores()
