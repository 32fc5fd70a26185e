"""Scores: what moved their mean, and which alerts a drifted feature makes or hides."""

from __future__ import annotations

import streamlit as st

from dashboard import theme
from dashboard.access import viewer
from dashboard.components import address, look
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.score_drift import MOST, part_table, sentence

_FACTOR = (
    "What the feature multiplied the odds of everybody by, on average; the two beside it multiply"
)


def draw_scores() -> None:
    """A model at a time; nothing where none was trained, or for whoever sees a part only."""
    if viewer().markets:
        return
    try:
        moved = {
            code: rows
            for code in theme.ENTITY_LABELS
            if (rows := read("pages/drift/score_parts", entity_type=code, limit=MOST)).height
        }
    except TableMissing:
        return
    if not moved:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown("**Scores**", width="content")
        labels = {code: theme.ENTITY_LABELS[code] for code in moved}
        code = address.segments("Model", "model", labels, st.query_params.get("model", ""))
    rows = moved[code]
    st.markdown(md_escape(sentence(rows.row(0, named=True))))
    look.table(
        part_table(code, rows),
        {
            "label": look.text_column("Feature", width=300),
            "change": look.text_column("Times the odds", is_number=True, tip=_FACTOR),
            "who_came": look.text_column("Who came", is_number=True, tip="Other peer groups"),
            "behaviour": look.text_column("How they behave", is_number=True),
            "psi": look.number_column("PSI", "%.3f"),
            "alerts_gained": look.number_column(
                "Alerts made", tip="By its drift, at the bar of high"
            ),
            "alerts_lost": look.number_column("Alerts hidden"),
            "review_hours": look.text_column("Hours", is_number=True),
            "value_usd": look.text_column("Savings", is_number=True),
        },
        alt="Features by how much they moved the mean score",
        key=f"drift-scores-{data_version()}-{code}",
    )
