"""Signals that fire for a subject, each with the raw rows that made it fire a click away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import explainer
from dashboard.components import address
from dashboard.components.boundary import boundary
from dashboard.components.evidence import Measured, evidence_of_all
from dashboard.store import build
from dashboard.text import md_escape
from dashboard.view_models import words

if TYPE_CHECKING:
    import polars as pl

    from dashboard.state import EntityRef

PARAM = "signal"
"""Parameter of the address that holds the signal whose rows are open."""


def draw_fired(entity: EntityRef, fired: pl.DataFrame) -> None:
    """A line a signal, rows of `pages/investigate/signals`; below the open one its rows."""
    opened = st.query_params.get(PARAM, "")
    for typology, code, severity in fired.iter_rows():
        name = f"{typology}.{code}"
        _line(entity, (typology, code, severity), is_open=name == opened)
        if name == opened:
            with st.container(border=True, gap="small"), boundary():
                _rows_of(entity, typology, code)


def _line(entity: EntityRef, signal: tuple[str, str, float], *, is_open: bool) -> None:
    typology, code, severity = signal
    scheme, text = words.typology_title(typology), words.signal_text(typology, code)
    record = words.signal_record(typology, code)
    aside = " · ".join(part for part in (f"severity {severity:.1f}", record) if part)
    name = f"{typology}.{code}"
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
        with st.container(width="stretch", gap=None):
            st.markdown(f":gray-badge[{md_escape(scheme)}] {md_escape(text)}")
            st.caption(md_escape(aside))
        with st.container(width=74, horizontal_alignment="right"):
            st.button(
                "Close" if is_open else "Rows",
                key=f"signal.{entity.key}.{name}",
                type="tertiary",
                on_click=address.setter(**_first_pages(), signal="" if is_open else name),
            )


def _first_pages() -> dict[str, str]:
    """The pages that tables of rows are turned to, taken back: other rows begin at the first."""
    return {name: "" for name in st.query_params if name.startswith("rows")}


def _rows_of(entity: EntityRef, typology: str, code: str) -> None:
    """The rows of every feature that the condition reads."""
    features = words.signal_features(entity.entity_type, typology, code)
    today = build().as_of
    values = explainer.profile(entity, today)
    measured = [Measured(name, values.get(name)) for name in features]
    if not measured:
        st.caption("The packs of this build no longer hold this signal.")
    evidence_of_all(entity, measured, today)
