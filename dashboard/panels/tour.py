"""The parts of a tour stop, and the way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import theme
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go, page_link
from dashboard.state import INVESTIGATE_TABS
from dashboard.text import md_escape
from dashboard.view_models.tour import PARAMETER
from queries.tours import tour

if TYPE_CHECKING:
    from dashboard.view_models.tour import Stop, Subject, Twin


def way_back() -> None:
    """On a page that a stop led to: one line back to that stop; otherwise nothing."""
    came_from = st.query_params.get(PARAMETER, "")
    numbers = [str(number + 1) for number in range(len(tour().stories))]
    if came_from in numbers:
        label = f"Back to the tour, stop {came_from} of {len(numbers)}"
        page_link(label, "tour", {"stop": came_from}, icon=":material/arrow_back:")


def draw_story(stop: Stop) -> None:
    """What happened, when and where, what to notice and what would clear it."""
    with st.container(gap="xsmall"):
        st.markdown(f"## {md_escape(stop.title)}")
        st.markdown(f":gray-badge[{md_escape(stop.typology_title)}] {_facts(stop)}")
        st.markdown(md_escape(stop.happened))
        st.caption(md_escape(" ".join(part for part in (stop.who, stop.planted) if part)))
    if stop.notices:
        st.markdown("**What to notice**")
        _notices(stop)
    st.markdown("**What would clear it**")
    st.markdown("\n".join(f"- {md_escape(clear)}" for clear in stop.clears))


def draw_subject(stop: Stop) -> None:
    """Whom this stop is about and the way there, or why there is nobody."""
    if stop.subject is None:
        empty_state(stop.problem, stop.remedy)
        return
    with st.container(border=True, gap="xsmall"):
        st.caption("The subject")
        _who(stop.subject)
        if stop.exposure or stop.community:
            st.caption(_money(stop))
        st.button(
            "Open in Investigate",
            key="tour.open",
            shortcut="O",
            type="primary",
            on_click=go,
            args=("investigate", stop.subject.params),
        )


def draw_twin(twin: Twin) -> None:
    """The honest look-alike beside it."""
    with st.container(border=True, gap="xsmall"):
        st.caption("Compare with an honest look-alike")
        st.markdown(f"**{md_escape(twin.title)}**")
        if twin.subject is not None:
            _who(twin.subject)
        st.markdown(md_escape(twin.sentence))
        if twin.subject is not None:
            label = f"Open its {INVESTIGATE_TABS[twin.subject.params['tab']]} tab"
            page_link(label, "investigate", twin.subject.params, icon=":material/arrow_forward:")


def draw_closing() -> None:
    """The note after the last stop, and the way to work."""
    closing = tour().closing
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{md_escape(closing.title)}**")
        st.markdown(md_escape(closing.text))
        page_link("To the queue", "queue", icon=":material/arrow_forward:")


def _facts(stop: Stop) -> str:
    market = stop.subject.market if stop.subject else ""
    return " · ".join(md_escape(fact) for fact in (market, stop.when) if fact)


def _notices(stop: Stop) -> None:
    for notice in stop.notices:
        sentence, link = st.columns([0.82, 0.18], gap="small", vertical_alignment="center")
        with sentence:
            st.markdown(md_escape(notice.sentence))
        with link:
            tab = INVESTIGATE_TABS[notice.tab]
            page_link(tab, "investigate", notice.params, icon=":material/search:")


def _who(subject: Subject) -> None:
    band = theme.band_badge(subject.band)
    st.markdown(f"**{md_escape(subject.name)}** {band} {md_escape(subject.score_text)}")
    facts = (subject.label, subject.market, subject.entity_id, subject.standing)
    st.caption(" · ".join(md_escape(fact) for fact in facts if fact))


def _money(stop: Stop) -> str:
    return " · ".join(md_escape(fact) for fact in (stop.exposure, stop.community) if fact)
