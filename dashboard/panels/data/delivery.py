"""What a build took: tables delivered, rows set aside, and what is off for lack of facts."""

from __future__ import annotations

import streamlit as st

from dashboard.components import look
from dashboard.components.empty_state import empty_state
from dashboard.currency import shown
from dashboard.errors import TableMissing
from dashboard.store import build, built_at, data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.data import DeliveryView, OffView, SetAsideView


def delivered_section() -> None:
    """Every raw table with its rows and days; those without rows last."""
    view = DeliveryView.of(
        read("pages/data/delivered"), build().as_of, built_at(), _handed_over_types()
    )
    st.markdown(f"**{md_escape(view.headline)}**")
    st.caption(md_escape(" ".join(part for part in (view.caption, shown().sentence()) if part)))
    look.table(
        view.table,
        {
            "name": look.text_column("Table", width=140),
            "rows": look.number_column("Rows", width=90),
            "first": _instant("First", "Of the column beside"),
            "last": _instant("Last", "Of the column beside"),
            "behind": look.number_column("Days behind", width=90, tip=_BEHIND),
            "clock": look.text_column("Clock", width=110),
            "purpose": look.text_column("What it is", width=520),
        },
        alt="Raw tables of this build",
        key=f"data-delivered-{data_version()}",
        most_rows=31,
    )


def set_aside_section() -> None:
    """Rows that broke a rule, by table and reason."""
    try:
        rows = read("pages/data/set_aside")
    except TableMissing:
        empty_state("This build does not say what was set aside.", "Build again to see it.")
        return
    view = SetAsideView.of(rows)
    st.markdown(md_escape(view.sentence))
    if view.table.is_empty():
        return
    look.table(
        view.table,
        {
            "name": look.text_column("Table", width=140),
            "column": look.text_column("Column", width=150),
            "reason": look.text_column("Why", width=420),
            "rows": look.number_column("Rows", width=80),
            "examples": look.text_column("For example", width=360),
        },
        alt="Rows set aside, by table and reason",
        key=f"data-aside-{data_version()}",
    )


def off_section() -> None:
    """Features, signals and packs that nothing delivered would tell."""
    try:
        rows = read("pages/data/unavailable")
    except TableMissing:
        empty_state("This build does not say what is off.", "Build again to see it.")
        return
    view = OffView.of(rows)
    st.markdown(md_escape(view.sentence))
    if view.table.is_empty():
        return
    look.table(
        view.table,
        {
            "what": look.text_column("Off", width=380),
            "kind": look.text_column("Kind", width=80),
            "entity": look.text_column("Of", width=100),
            "reason": look.text_column("Why", width=380),
            "missing": look.text_column("It needs", width=320),
        },
        alt="What is off, by reason",
        key=f"data-off-{data_version()}",
    )


def _handed_over_types() -> list[str]:
    if not has_table("scores.models"):
        return []
    models = read("pages/model/models").filter(calibrated_on="handed over")
    return models["entity_type"].to_list()


def _instant(label: str, tip: str) -> object:
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", width=130, help=tip)


_BEHIND = (
    "Whole days between its last row and the day of the build; empty where it keeps up. Tables of "
    "things that seldom change may lie far behind."
)
