"""What stands around a case: what its playbook asks, and earlier cases of the same kind."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.formation import formation_chart
from dashboard.components import look, scope
from dashboard.components.held_verdicts import without_held_counts
from dashboard.components.links import go
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models import words
from dashboard.view_models.case import (
    EARLIER,
    FORMATION,
    CaseView,
    formation,
    formation_sentence,
)
from dashboard.view_models.decide import clause_for, evidence_for
from dashboard.view_models.rings import ring_title

SHOWN = 5


def draw_formation(view: CaseView, case_key: str) -> None:
    """When its members were tied in, and when their alerts opened."""
    days = formation(view.rows)
    sentence = formation_sentence(days)
    if not sentence:
        return
    st.subheader("How it came together", anchor=FORMATION)
    st.caption(sentence)
    figure = formation_chart(days, look.palette())
    look.chart(figure, alt=sentence, key=f"case-formation-{case_key}")


def draw_playbook(typology: str) -> None:
    """What has to be looked at before anybody is penalised for the scheme."""
    steps = evidence_for(typology)
    if not steps:
        return
    with st.expander(f"Playbook: {words.typology_title(typology)}", key="case.playbook"):
        lines = (f"- {md_escape(f'{step}: {evidence}')}" for step, evidence in steps.items())
        st.markdown("\n".join(lines))
        st.caption(md_escape(f"Policy: {clause_for(typology)}"))


def draw_earlier(ring_id: str) -> None:
    """Rings of the same kind on which somebody has decided."""
    rows = read("pages/case/precedents", ring_id=ring_id, markets=scope.markets([]), limit=SHOWN)
    rows = without_held_counts(rows, "ring_id", ("bad_count", "good_count"))
    st.subheader(f"Earlier cases :gray-badge[{len(rows):,}]", anchor=EARLIER)
    if rows.is_empty():
        st.caption("Nobody has decided on a ring of this kind yet.")
    for row in rows.iter_rows(named=True):
        with st.container(gap=None):
            st.button(
                md_escape(ring_title(row)),
                key=f"case.earlier.{row['ring_id']}",
                type="tertiary",
                on_click=go,
                args=("case", {"id": row["ring_id"]}),
            )
            bad, good = row["bad_count"], row["good_count"]
            verdicts = f"{bad:,} confirmed bad, {good:,} cleared" if bad is not None else ""
            st.caption(verdicts or f"Verdicts: {words.HELD_BACK}")
