"""What holds the score above its line: the findings to verify before anybody acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import explainer
from dashboard.components import address
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.holds import Finding, HoldsView

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView


def holds_of(entity: EntityRef, head: HeaderView, as_of: date) -> HoldsView | None:
    """The view, or None where no line lies below the score or the model is not here."""
    try:
        threshold = explainer.band_threshold(head.model_band)
        if threshold is None or head.model_band is None:
            return None
        flip = explainer.held_by(entity, as_of, threshold, head.typology)
        steps = flip.steps if flip else ()
    except TableMissing:
        return None
    return HoldsView.of(entity.entity_type, threshold, steps, _stability(entity))


def draw_findings(view: HoldsView | None, head: HeaderView) -> None:
    """The findings, each with its evidence."""
    st.markdown("**What holds the score**", help=_HELP)
    if view is None:
        st.caption(_BY_SIGNALS if head.by_signals else "It is under every line: nothing holds it.")
        return
    if view.is_near_edge:
        st.markdown(f":orange-badge[Near the line] {md_escape(view.near_text)}")
    st.markdown(md_escape(view.headline))
    with st.container(gap="xsmall"):
        for number, finding in enumerate(view.findings, start=1):
            _finding(number, finding)
    if view.near_text and not view.is_near_edge:
        st.caption(md_escape(view.near_text))


def _finding(number: int, finding: Finding) -> None:
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
        st.markdown(f"{number}.", width=18)
        with st.container(width="stretch", gap=None):
            st.markdown(md_escape(finding.label))
            st.caption(md_escape(finding.sentence))
        st.button(
            "Evidence",
            key=f"holds.{finding.feature}",
            type="tertiary",
            width=74,
            disabled=not finding.has_evidence,
            on_click=address.setter(feature=finding.feature, rows=""),
        )


def _stability(entity: EntityRef) -> pl.DataFrame:
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    try:
        return read("pages/investigate/stability", **who)
    except TableMissing:
        return pl.DataFrame()


_BY_SIGNALS = (
    "Signals brought it here, not the score, which lies under every line. Verify the findings "
    "of the signals above: the decision stands on them."
)
_HELP = (
    "Findings without which the score would lie under the line, each moved only to what an "
    "ordinary entity shows; signals that ask for it fire no more. What the signals of its scheme "
    "ask for comes first, and no change that nobody would notice. Verify these first: the decision "
    "stands on them."
)
