"""The head of an investigation: who, how risky, which way it moves, and where next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.charts.trend import trend_alt
from dashboard.components import look
from dashboard.components.earlier import draw_earlier, earlier_of
from dashboard.components.links import page_link, turn_to
from dashboard.components.nearby import nearby, read_nearby
from dashboard.components.presence import draw_presence
from dashboard.components.queue_address import MARK, kept_params, way_back
from dashboard.components.score_line import score_line
from dashboard.components.waiting import place_of
from dashboard.errors import TableMissing
from dashboard.text import md_escape
from dashboard.view_models.anomaly import STATEMENT, AnomalyView
from dashboard.view_models.header import HeaderView
from dashboard.view_models.rings import ring_title

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import PriorityView


def header_of(entity: EntityRef, row: pl.DataFrame, priority: PriorityView) -> HeaderView:
    """The head's view model; a database without scores still has a head."""
    return HeaderView.of(
        row,
        _optional("pages/investigate/score", entity.key),
        _optional("pages/investigate/score_history", entity.key),
        _optional("pages/investigate/typologies", entity.key),
        _optional("pages/investigate/anomaly", entity.key),
        priority=priority,
    )


def draw_head(view: HeaderView) -> None:
    """Identity on the left, score and trend in the middle, the way on at the right."""
    left, middle, right = st.columns([0.5, 0.28, 0.22], gap="medium", vertical_alignment="center")
    with left:
        typology = f" :gray-badge[{md_escape(view.typology_title)}]" if view.typology_title else ""
        with st.container(gap=None):
            st.markdown(f"## {md_escape(view.name)}", help=_full_name(view))
            _earlier(view)
            st.markdown(f"{_badge(view)}{typology} {_facts(view)}")
            st.caption(f"{md_escape(view.entity_id)} · {md_escape(view.peer_group)}")
            draw_presence(view.entity_key)
            _ring(view.entity_key)
    with middle:
        if view.anomaly:
            _anomaly(view.anomaly)
        else:
            _score(view)
    with right:
        _ways(view.entity_key)


def _ring(entity_key: str) -> None:
    """Which ring it is part of, and the way there."""
    rows = _optional("pages/rings/ring_of", entity_key)
    if rows.is_empty():
        return
    row = rows.row(0, named=True)
    part = f"{str(row['role']).capitalize()} of a ring: {ring_title(row)}"
    page_link(md_escape(part), "case", {"id": str(row["ring_id"])}, icon=":material/group_work:")


def _earlier(view: HeaderView) -> None:
    """What was said of it before, right below its name; nothing of whom nobody has judged."""
    earlier = earlier_of(view.entity_key, nearby(view.entity_key))
    if earlier is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sentence = md_escape(earlier.sentence)
        st.markdown(
            f":material/history: **{sentence}**",
            width="content",
            help=md_escape(earlier.last.clocks),
        )
        draw_earlier(view.entity_key, earlier, slot="head", probability=view.score)


def _badge(view: HeaderView) -> str:
    if view.anomaly:
        return ":violet-badge[Unproven]"
    band = theme.band_badge(view.band)
    return f"{band} :orange-badge[By signals]" if view.by_signals else band


def _facts(view: HeaderView) -> str:
    return " · ".join(md_escape(fact) for fact in view.facts)


def _full_name(view: HeaderView) -> str | None:
    return md_escape(view.full_name) if view.full_name != view.name else None


def _score(view: HeaderView) -> None:
    number, line = st.columns([0.55, 0.45], gap="small", vertical_alignment="center")
    with number:
        st.metric("Probability", view.score_text, help=view.score_meaning)
    with line:
        if len(view.trend) > 1:
            colours = look.palette()
            score_line(
                view.trend,
                colour=colours.band(view.band),
                alt=trend_alt(view.trend, "Score", "score"),
                key=f"trend-{view.entity_key}",
            )
    facts = (view.sources, view.place, view.change if len(view.trend) else "")
    st.caption(" · ".join(md_escape(fact) for fact in facts if fact))


def _anomaly(view: AnomalyView) -> None:
    with st.container(gap=None):
        st.markdown("No probability")
        st.caption(f"{md_escape(view.place[:1].upper() + view.place[1:])}. {md_escape(STATEMENT)}")


def _ways(entity_key: str) -> None:
    place = place_of(entity_key)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        _step("Previous", "K", place.previous if place else None)
        _step("Next", "J", place.next if place else None)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        back = way_back() | ({MARK: place.case_id} if place else {})
        page_link(place.label if place else "Queue", "queue", back, icon=":material/arrow_back:")


def _step(label: str, key: str, target: tuple[str, str] | None) -> None:
    entity_key, case_id = target or ("", "")
    st.button(
        label,
        key=f"investigate.{label.lower()}",
        shortcut=key,
        disabled=target is None,
        on_click=turn_to,
        args=({"entity": entity_key, **kept_params(), MARK: case_id},),
    )


def _optional(name: str, entity_key: str) -> pl.DataFrame:
    try:
        return read_nearby(name, entity_key)
    except TableMissing:
        return pl.DataFrame()
