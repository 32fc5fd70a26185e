"""Where a number comes from: its chain of queries, and the SQL of the step that is open."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, look
from dashboard.components.empty_state import show_notes
from dashboard.text import md_escape
from dashboard.view_models.data import NUMBERS, LineageView, number_of, numbers

_DROPS = ("number", "step")


def lineage_section() -> None:
    """Pick a metric, a feature or a table; read its chain from the top."""
    show_notes(address.refused("of", NUMBERS))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=180):
            kind = address.select(
                "Number", "of", NUMBERS, st.query_params.get("of", ""), drops=_DROPS
            )
        choices = numbers(kind)
        with st.container(width=420):
            value = st.query_params.get("number", "")
            code = address.select("Which", "number", choices, value, drops=("step",))
    show_notes(address.refused("number", choices))
    view = LineageView.of(number_of(kind, code), st.query_params.get("step", ""))
    st.markdown(md_escape(view.sentence))
    if view.evidence:
        st.caption(md_escape(view.evidence))
    steps, sql = st.columns([0.5, 0.5], gap="medium")
    with steps:
        _steps(view, f"lineage-{kind}-{code}")
    with sql:
        _sql(view)


def _steps(view: LineageView, key: str) -> None:
    slot = f"{key}-open"
    look.table(
        view.table(),
        {
            "mark": look.text_column("", width=26),
            "table": look.text_column("Table", width=260),
            "open": look.button_column("", slot, _open, (slot, view)),
            "passes": look.text_column("Named", width=60, tip=_NAMED),
            "purpose": look.text_column("What it is", width=420),
        },
        alt=f"{len(view.steps)} tables below the number, nearest first",
        key=f"{key}-{view.shown.table}",
        most_rows=20,
    )


def _sql(view: LineageView) -> None:
    step = view.shown
    st.markdown(f"**{md_escape(step.table)}**")
    st.caption(md_escape(step.purpose))
    if step.sql:
        st.code(step.sql, language="sql", height=560, wrap_lines=False)


def _open(slot: str, view: LineageView) -> None:
    address.put({"step": view.steps[st.session_state[slot]["row"]].table})


_NAMED = "The table has a column of the number's own name: the number passes through it."
