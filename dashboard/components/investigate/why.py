"""Why: the waterfall, the reasons in words, and the rows behind each of them."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.charts.waterfall import waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.components.evidence import evidence
from dashboard.state import EntityRef, InvestigateState
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models import words
from dashboard.view_models.why import Reason, WhyView


@panel
def why_panel(entity: EntityRef) -> None:
    """The waterfall beside its sentences; the chosen evidence below both."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    rows = read("pages/investigate/contributions", **who)
    if rows.is_empty():
        empty_state("This entity was not explained.", "Only entities of the last snapshot are.")
        return
    view = WhyView.of(rows, entity.entity_type)
    chosen = view.reason_of(InvestigateState.parse(st.query_params).feature)
    chart, sentences = st.columns([0.49, 0.51], gap="medium")
    with chart:
        look.chart(
            waterfall(view.bars, look.palette()),
            alt=waterfall_alt(view.bars),
            key=f"why-{entity.key}",
        )
    with sentences:
        _reasons("Raises the score", view.reasons_for, chosen)
        _reasons("Lowers the score", view.reasons_against, chosen)
        st.caption(md_escape(view.peer_text))
    if chosen and chosen.has_evidence:
        values = rows.filter(pl.col("feature") == chosen.feature).row(0, named=True)
        with boundary():
            evidence(entity, chosen, values["as_of"], (values["value"], values["peer_median"]))
    draw_signals(entity)


def _reasons(title: str, reasons: tuple[Reason, ...], chosen: Reason | None) -> None:
    if not reasons:
        return
    st.markdown(f"**{title}**")
    with st.container(gap="xxsmall"):
        for reason in reasons:
            _reason(reason, is_open=reason == chosen)


def _reason(reason: Reason, *, is_open: bool) -> None:
    colour = "red" if reason.contribution > 0 else "blue"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        with st.container(width=46):
            st.markdown(f":{colour}[{reason.contribution:+.2f}]".replace("-", "−"))
        with st.container(width="stretch"):
            st.markdown(md_escape(reason.sentence))
        with st.container(width=74, horizontal_alignment="right"):
            st.button(
                "Evidence",
                key=f"evidence.{reason.feature}",
                type="tertiary",
                disabled=not reason.has_evidence or is_open,
                on_click=address.setter(feature=reason.feature, rows=""),
            )


def draw_signals(entity: EntityRef) -> None:
    """Signals of the packs that fire, what to check and what would clear it."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    fired = read("pages/investigate/signals", **who)
    if fired.is_empty():
        return
    st.markdown("**Known schemes that fit**")
    with st.container(gap=None):
        for typology, code, severity in fired.iter_rows():
            title = md_escape(words.typology_title(typology))
            signal = md_escape(words.signal_text(typology, code))
            st.markdown(f":gray-badge[{title}] {signal} · severity {severity:.1f}")
    _clears(str(fired["typology"][0]))


def _clears(typology: str) -> None:
    pack = words.known_packs().get(typology)
    if pack is None:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**What to check**")
        st.markdown("\n".join(f"1. {md_escape(one.step)}" for one in pack.playbook))
    with right:
        st.markdown("**What would clear it**")
        st.markdown("\n".join(f"- {md_escape(clear)}" for clear in pack.clears))
