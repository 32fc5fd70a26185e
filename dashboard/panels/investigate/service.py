"""Service quality, apart from risk: a compact table that moves no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import explainer
from dashboard.components import look
from dashboard.components.boundary import panel
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.service import index_sentence, service_lines

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef

SERVED_BY = ("merchant", "product")
"""Who sends parcels or is one: the others serve nobody."""


@panel
def service_panel(entity: EntityRef, peer_group: str, as_of: date) -> None:
    """Each number about service beside its peers' median; nothing for other kinds."""
    if entity.entity_type not in SERVED_BY:
        return
    name = f"pages/investigate/{entity.entity_type}_typical"
    usual = read(name, peer_group=peer_group, as_of=as_of)
    typical = dict(usual.select("feature", "median").iter_rows())
    lines = service_lines(entity.entity_type, explainer.profile(entity, as_of), typical)
    if not lines:
        return
    st.markdown("**Service quality**, not part of the risk score")
    st.caption(md_escape(_index(entity)))
    rows = pl.DataFrame(
        {
            "label": [line.label for line in lines],
            "value": [line.value for line in lines],
            "peer": [line.peer for line in lines],
        }
    )
    look.table(
        rows,
        {
            "label": look.text_column("Measure", width=300),
            "value": look.text_column("Here", width=330, is_number=True),
            "peer": look.text_column(
                "Typical peer",
                width=110,
                tip=f"Median of {md_escape(peer_group)}, any age",
                is_number=True,
            ),
        },
        alt=f"Service quality, {len(lines)} measures",
        key=f"service-{data_version()}-{entity.key}",
        most_rows=12,
    )


def _index(entity: EntityRef) -> str:
    """One sentence about all of it, in a build that has the index."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    try:
        rows = read("pages/investigate/service_index", **who)
    except TableMissing:
        return ""
    return index_sentence(rows) or _NO_INDEX


_NO_INDEX = "No index: fewer than three measures are known, or too few peers to compare with."
