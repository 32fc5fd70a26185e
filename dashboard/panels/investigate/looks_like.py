"""Looks like: what a team's own model, the picture or the title takes for nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look, scope
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.looks_like import MOST, LooksLikeView

if TYPE_CHECKING:
    from dashboard.state import EntityRef

LISTING = "product"


def draw_looks_like(entity: EntityRef) -> None:
    """A compact table, nearest first; of a video too, which has no page of its own."""
    try:
        rows = read(
            "pages/investigate/looks_like",
            entity_type=entity.entity_type,
            entity_id=entity.entity_id,
            limit=MOST,
        )
    except TableMissing:
        return
    view = LooksLikeView.of(scope.hide_names(rows))
    st.markdown("**Looks like**", help=_HELP)
    st.caption(md_escape(view.sentence))
    if view.table.is_empty():
        return
    key = f"looks-like-{data_version()}-{entity.key}"
    slot = f"{key}-open"
    twins = {
        "by_picture": st.column_config.CheckboxColumn("Same picture", width=92),
        "likeness": look.number_column("Titles alike", look.PERCENT, width=84),
    }
    look.table(
        view.table,
        {
            "name": look.text_column("Subject", width=250),
            "open": look.button_column("", slot, _open, (slot, view)),
            "cosine": look.number_column("Cosine", look.SCORE, width=70),
            **(twins if entity.entity_type == LISTING else {}),
            "model": look.text_column("Model", width=180),
        },
        alt=f"{view.table.height} that look like it, nearest first",
        key=key,
        most_rows=10,
    )


def _open(slot: str, view: LooksLikeView) -> None:
    there = view.addresses[st.session_state[slot]["row"]]
    go("investigate", {**there, **kept_params()})


_HELP = (
    "Nearest by the vectors that were delivered (entity_embedding), compared within one model "
    "and version only; of a listing also those with the same picture or nearly the same title."
)
