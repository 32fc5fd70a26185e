"""Investigate: one entity, with everything needed to decide about it on one page.

Evidence is on the left, the decision on the right, above the fold. Only the open
tab reads anything, and each panel is a fragment that reruns alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, scope
from dashboard.components.access_record import ask_purpose, open_subject
from dashboard.components.attention import notice
from dashboard.components.blind_first import is_blind
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.held_back import draw_held_back
from dashboard.components.links import page_link
from dashboard.components.nearby import read_nearby
from dashboard.components.new_subject import places_of
from dashboard.components.queue_address import way_back
from dashboard.components.redress import StatedDecision, draw_redress, stated_decision
from dashboard.components.reveal import DataSubject, draw_reveal, shown_rows
from dashboard.components.tab_title import name_tab
from dashboard.panels.investigate.anomaly import draw_anomaly
from dashboard.panels.investigate.blind import blind_page
from dashboard.panels.investigate.community import community_panel
from dashboard.panels.investigate.compare import compare_panel
from dashboard.panels.investigate.content import content_panel
from dashboard.panels.investigate.decide import decide_panel
from dashboard.panels.investigate.details import details_panel
from dashboard.panels.investigate.drift import drift_panel
from dashboard.panels.investigate.facts import draw_facts
from dashboard.panels.investigate.find import find_entity
from dashboard.panels.investigate.head import draw_head, header_of
from dashboard.panels.investigate.history import orders_panel, timeline_panel
from dashboard.panels.investigate.live import draw_live_history
from dashboard.panels.investigate.live_session import (
    live_session_links,
    live_session_why_panel,
    minutes_panel,
    people_panel,
)
from dashboard.panels.investigate.priority import draw_priority, priority_of
from dashboard.panels.investigate.why import why_panel
from dashboard.state import INVESTIGATE_TABS, EntityRef, InvestigateState
from dashboard.store import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.view_models.header import HeaderView, PriorityView

LIVE_SESSION = "live_session"
LIVE_SESSION_TABS = {**INVESTIGATE_TABS, "drift": "Minutes", "community": "People"}
"""It is over in hours: it has minutes instead of days, and people in it."""
# Of head and body while a new subject is read.
_HEIGHTS = (96, 420)
# What one tab has open means nothing on another.
_DROPS = (
    *("fact", "feature", "signal", "family", "against", "since", "around", "day_from", "day_to"),
    *(
        "rows",
        "rows1",
        "rows2",
        "rows3",
        "lines",
        "orders",
        "sessions",
        "people",
        "texts",
        "event",
        "zoom",
        "video",
    ),
)


def page() -> None:
    """The entity of the address, or a way to find one."""
    state = InvestigateState.parse(st.query_params)
    show_notes(state.problems)
    if state.entity is None:
        find_entity()
        return
    rows = read_nearby("pages/investigate/entity", state.entity.key)
    if rows.is_empty():
        _unknown(state.entity)
        return
    open_subject("investigate", state.entity.key)
    if draw_held_back([state.entity.key]):
        return
    notice(state.entity.key)
    if is_blind(state.entity.key):
        name_tab("Investigate", rows["name"][0] or state.entity.entity_id)
        blind_page(state.entity, rows)
        return
    head_place, body = places_of("investigate", state.entity.key, _HEIGHTS)
    name_tab("Investigate", rows["name"][0] or state.entity.entity_id)
    priority = priority_of(state.entity)
    named = shown_rows(DataSubject.one(state.entity.key), rows)
    head = header_of(state.entity, named, priority)
    with head_place():
        draw_head(head)
        draw_live_history(state.entity)
        draw_reveal(DataSubject.one(state.entity.key), named, key="head")
        ask_purpose("investigate", state.entity.key)
        if head.entity_type == LIVE_SESSION:
            live_session_links(state.entity)
    with body():
        _body(state.entity, head, priority, state.tab)


def _body(entity: EntityRef, head: HeaderView, priority: PriorityView, tab: str) -> None:
    evidence, decision = st.columns([0.73, 0.27], gap="medium")
    with evidence:
        _tabs(entity, head, tab)
    with decision, st.container(key="decide_panel"):
        decide_panel(entity, head, priority)
        draw_priority(priority, is_anomaly=head.anomaly is not None)


@panel
def _tabs(entity: EntityRef, head: HeaderView, opened: str) -> None:
    asked = st.query_params.get("tab", "") or opened
    stated = stated_decision(entity.key)
    tab = address.segments("Panels", "tab", _names(head, stated), asked, drops=_DROPS)
    notice(entity.key, tab)
    if stated and tab == "appeal":
        draw_redress(stated, "appeal")
        return
    if entity.entity_type == LIVE_SESSION and _live_session_tab(entity, tab, head):
        return
    if tab == "facts":
        draw_facts(entity, head)
    elif tab == "why":
        why_panel(entity, head)
    elif tab == "compare":
        compare_panel(entity, head)
    elif tab == "drift":
        drift_panel(entity, head)
    elif tab == "community":
        community_panel(entity, head)
    elif tab == "timeline":
        timeline_panel(entity, head)
    elif tab == "details":
        details_panel(entity, head)
    elif tab == "content":
        content_panel(entity)
    else:
        orders_panel(entity)


def _names(head: HeaderView, stated: StatedDecision | None) -> dict[str, str]:
    """The tabs by code: a room has no days or details, what has no score nothing to compare.

    Without any order, as of scores alone, there are no facts; who was told of no action has
    nothing to appeal.
    """
    hidden: tuple[str, ...] = () if stated else ("appeal",)
    if head.entity_type != LIVE_SESSION:
        hidden += () if build().order_count else ("facts",)
        return {code: name for code, name in INVESTIGATE_TABS.items() if code not in hidden}
    hidden += ("facts", "details") if len(head.trend) else ("facts", "compare", "details")
    return {code: name for code, name in LIVE_SESSION_TABS.items() if code not in hidden}


def _live_session_tab(entity: EntityRef, tab: str, head: HeaderView) -> bool:
    """Draw the tabs in which a live session differs from other subjects; False = it does not."""
    panels: dict[str, Callable[[EntityRef], None]] = {
        "drift": minutes_panel,
        "community": people_panel,
    }
    if head.model_score is None:
        panels["why"] = partial(live_session_why_panel, typology=head.typology)
    if tab == "why" and tab in panels:
        draw_anomaly(head)
    if tab in panels:
        panels[tab](entity)
    return tab in panels


def _unknown(entity: EntityRef) -> None:
    why = "The link may be older than the last build."
    if draw_live_history(entity):
        why = "It came after the last build: the next one knows it."
    empty_state(
        f"There is no {entity.entity_type} {entity.entity_id} in {scope.realm()}.",
        f"{why} Search for it, or go back to the queue.",
    )
    page_link("Back to the queue", "queue", way_back(), icon=":material/arrow_back:")
    find_entity()
