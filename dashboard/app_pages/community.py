"""Community: dense groups ranked by money and score, and one of them in full."""

from __future__ import annotations

import streamlit as st

from dashboard.cases.privacy import privacy_rules
from dashboard.components import scope
from dashboard.components.access_record import log_view
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.held_verdicts import without_held_counts
from dashboard.components.links import page_link
from dashboard.components.reveal import draw_group_reveal
from dashboard.components.tab_title import name_tab
from dashboard.panels.community import (
    about_members,
    alert_cost,
    community_list,
    draw_community_head,
    graph,
    members,
    shared_identifiers,
)
from dashboard.state import CommunityState
from dashboard.store import read
from dashboard.view_models.community import VERDICT_COUNTS, CommunityView


def page() -> None:
    """The community of the address, or the list of all."""
    state = CommunityState.parse(st.query_params)
    show_notes(state.problems)
    if not state.community:
        community_list()
        return
    rows = read("pages/community/community", community_id=state.community)
    page_link("All communities", "community", icon=":material/arrow_back:")
    if rows.is_empty():
        empty_state(
            f"There is no community {state.community} in {scope.realm()}.",
            "Communities change from build to build. Choose one from the list.",
        )
        community_list()
        return
    log_view("community", state.community, privacy_rules().purposes.group)
    rows = without_held_counts(rows, "community_id", VERDICT_COUNTS)
    view = CommunityView.of(rows, alert_cost(state.community))
    name_tab("Community", view.title)
    draw_community_head(view)
    about = about_members(state.community, view.member_count)
    draw_group_reveal(about, key="community")
    graph(state.community, view.member_count, about)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        members(state.community, about)
    with right:
        shared_identifiers(state.community, about)
