"""Whom acting on some subjects would touch, said before it is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.errors import TableMissing
from dashboard.store import build, read
from dashboard.text import md_escape
from dashboard.view_models.impact import impact_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence


def draw_impact(keys: Sequence[str]) -> None:
    """One quiet line."""
    st.caption(md_escape(impact_of(keys)))


def impact_of(keys: Sequence[str], good_count: int = 0) -> str:
    """Whom acting touches, in a sentence; `good_count` of them were cleared before."""
    try:
        rows = read("pages/case/blast_radius", keys=list(keys), as_of=build().as_of)
    except TableMissing as missing:
        return f"Whom acting on them touches is not known: there is no table {missing.table}."
    return impact_sentence(rows.row(0, named=True), good_count)
