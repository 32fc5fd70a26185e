"""What stands beside the form: what was decided before, its audit, and what a pack asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.redress import report_download
from dashboard.panels.investigate.patterns import draft_download
from dashboard.text import md_escape
from dashboard.view_models.decide import clause_for, subject_texts

if TYPE_CHECKING:
    from dashboard.view_models.decide import DecideView, PastDecision


def draw_record(view: DecideView) -> None:
    """Every decision about the subject, latest first, then the audit trail."""
    if view.decisions:
        with st.container(border=True, gap="small"):
            st.markdown("**Decisions**")
            for number, decision in enumerate(view.decisions):
                _past(decision, f"decide.pack.{number}")
    if view.audit:
        with st.expander(f"Audit trail, {len(view.audit)} entries", key="decide.audit"):
            for line in view.audit:
                st.caption(md_escape(line))


def _past(decision: PastDecision, key: str) -> None:
    with st.container(gap=None):
        st.markdown(md_escape(decision.headline))
        st.caption(md_escape(decision.who))
        for reason in decision.reasons:
            st.caption(md_escape(reason))
        if decision.note:
            st.text(decision.note)
        if decision.pattern:
            draft_download(decision.pattern, key)
        report_download(decision.decision_id, f"{key}.report")


def draw_pack_texts(typology: str, entity_type: str) -> None:
    """The policy of a scheme, and what the subject would read for each reason."""
    st.caption(md_escape(f"Policy: {clause_for(typology)}"))
    with st.expander("What the subject would read", key="decide.subject"):
        sentences = subject_texts(typology, entity_type)
        st.markdown("\n".join(f"- {md_escape(sentence)}" for sentence in sentences))
