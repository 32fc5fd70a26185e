"""Model: how good the scores are on matured labels, and whether they still hold."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.components import address
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.unavailable import draw_unavailable
from dashboard.components.verdicts import fresh_verdicts
from dashboard.panels.model.card import draw_card, draw_drift_link, model_view
from dashboard.panels.model.challenger import draw_challenger
from dashboard.panels.model.late_labels import draw_late_labels
from dashboard.store import read
from dashboard.view_models.unscored import unscored


def page() -> None:
    """The whole page is one panel: it has one choice, which model."""
    models()


@panel
def models() -> None:
    """Which model, then its card."""
    # A kind of which this marketplace has nobody needs no card.
    unscored_types = read("pages/queue/unscored")["entity_type"].to_list()
    has_card = pl.col("model_version").is_not_null() | pl.col("entity_type").is_in(unscored_types)
    rows = read("pages/model/models").filter(has_card)
    if rows.is_empty():
        empty_state("No model was trained.", "Training needs matured labels; add some and build.")
        return
    modelled = rows["entity_type"].to_list()
    labels = {code: label for code, label in theme.ENTITY_LABELS.items() if code in modelled}
    show_notes(address.refused("entity_type", labels))
    code = st.query_params.get("entity_type", "")
    entity_type = address.segments("Model", "entity_type", labels, code)
    row = next(row for row in rows.iter_rows(named=True) if row["entity_type"] == entity_type)
    if row["model_version"] is None:
        fresh = fresh_verdicts().get(entity_type, (0, 0))
        sentence = unscored(entity_type, row["positives"], row["negatives"], fresh)
        empty_state(f"{labels[entity_type]}s have no model.", sentence)
    else:
        with boundary():
            draw_card(model_view(row))
        draw_late_labels(entity_type)
        draw_challenger(entity_type)
    draw_drift_link(entity_type)
    draw_unavailable(entity_type)
