"""The parts of one community: numbers, graph, members, shared identifiers."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.components import address, look, scope
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.graph_panel import draw_neighbourhood, nodes_wanted
from dashboard.components.held_verdicts import without_held_counts, without_held_verdicts
from dashboard.components.open_column import open_column
from dashboard.components.reveal import DataSubject, shown_rows
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.community import (
    PAGE_SIZE,
    SORTS,
    VERDICT_COUNTS,
    CommunityListView,
    CommunityView,
    MembersView,
    identifiers_table,
)

IDENTIFIERS_SHOWN = 100


@panel
def community_list() -> None:
    """Every community, ranked; a row opens it."""
    page = address.number("page")
    show_notes(address.refused("sort", SORTS))
    with st.container(width=220):
        sort = address.select(
            "Order by", "sort", SORTS, st.query_params.get("sort", ""), drops=("page",)
        )
    rows = read(
        "pages/community/communities", sort=sort, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    view = CommunityListView.of(without_held_counts(rows, "community_id", VERDICT_COUNTS))
    if not view.ids:
        _no_communities(page)
        return
    key = f"communities-{data_version()}-{hash(view.ids)}"
    look.table(
        view.table,
        {
            "title": look.text_column("Community", width=330),
            "open": open_column(key, view.ids, "community", "community"),
            "member_count": look.number_column("Members"),
            "merchant_count": look.number_column("Merchants"),
            "creator_count": look.number_column("Creators"),
            "buyer_count": look.number_column("Buyers"),
            "confirmed_bad_count": look.number_column("Bad", tip="Confirmed bad members"),
            "confirmed_good_count": look.number_column("Good", tip="Confirmed good members"),
            "score_mean": look.score_column("Mean score"),
            "gmv_usd_30d": look.money_column("GMV 30 d"),
            "refund_usd_30d": look.money_column("Refunds 30 d"),
            "voucher_usd_30d": look.money_column("Vouchers 30 d"),
            "top_relation": look.text_column("Tied by", width=130),
        },
        alt=f"{view.total} communities, {SORTS[sort].lower()} first",
        key=key,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{view.total:,} communities")
        address.pages("page", view.pages, page)


def _no_communities(page: int) -> None:
    if page == 1:
        reason = needs("orders", otherwise="The graph may be too sparse to group.")
        empty_state("There are no communities.", reason)
        return
    empty_state(f"There is no page {page:,} of communities.", "Go back to the first one.")
    st.button("First page", key="communities.first", on_click=address.setter(page=""))


def draw_community_head(view: CommunityView) -> None:
    """Title, make-up and money."""
    st.markdown(f"## {md_escape(view.title)}")
    st.caption(md_escape(f"{view.headline} · {view.community_id}"))
    look.draw_facts(view.facts, per_row=8)


def alert_cost(community_id: str) -> pl.DataFrame:
    """What acting on its alerted members would cost; empty without an alerts table."""
    try:
        return read("pages/community/alert_cost", community_id=community_id)
    except TableMissing:
        return pl.DataFrame()


def about_members(community_id: str, member_count: int) -> DataSubject:
    """The community as a group whose personal data may be shown."""
    rows = read("pages/community/members", community_id=community_id, limit=member_count, offset=0)
    return DataSubject(
        community_id,
        tuple(pl.select(pl.format("{}:{}", rows["entity_type"], rows["entity_id"])).to_series()),
    )


@panel
def graph(community_id: str, member_count: int, about: DataSubject) -> None:
    """The heaviest members and their ties."""
    key = f"graph-{community_id}"
    nodes = read(
        "pages/graph/community_nodes", community_id=community_id, keep="", limit=nodes_wanted(key)
    )
    draw_neighbourhood(nodes, centre="", total=member_count, key=key, about=about)


@panel
def members(community_id: str, about: DataSubject) -> None:
    """Everybody in it, riskiest first."""
    page = address.number("members")
    rows = read(
        "pages/community/members",
        community_id=community_id,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    rows = without_held_verdicts(rows, "typology")
    view = MembersView.of(scope.hide_names(shown_rows(about, rows)))
    st.markdown(f"**Members** :gray-badge[{view.total:,}]")
    key = f"members-{data_version()}-{hash(view.keys)}"
    look.table(
        view.table,
        {
            "name": look.text_column("Subject", width=180),
            "open": open_column(key, view.keys),
            "entity": look.text_column("Entity", width=80),
            "market": look.text_column("Market", width=64),
            "band": look.band_column(),
            "score": look.score_column(),
            "label": look.text_column("Known", width=110),
            "weight": look.number_column("Tie strength", "%.2f"),
        },
        alt=f"Members, {view.total}, riskiest first",
        key=key,
        most_rows=12,
    )
    address.pages("members", view.pages, page)


@panel
def shared_identifiers(community_id: str, about: DataSubject) -> None:
    """What ties them, rarest first, masked."""
    rows = read("pages/community/identifiers", community_id=community_id, limit=IDENTIFIERS_SHOWN)
    total = int(rows["total_count"][0]) if len(rows) else 0
    st.markdown(f"**Shared identifiers** :gray-badge[{total:,}]")
    if rows.is_empty():
        st.caption("None: its members meet in orders, not on devices or addresses.")
        return
    look.table(
        identifiers_table(scope.shortened(shown_rows(about, rows), "identifier_id")),
        {
            "relation": look.text_column("Kind", width=110),
            "identifier_id": look.text_column("Identifier", width=140),
            "member_count": look.number_column("Members", tip="Members that use it"),
            "degree": look.number_column("Anywhere", tip="Entities that use it anywhere"),
            "weight": look.number_column("Rarity", "%.2f", tip="The fewer use it, the higher"),
        },
        alt=f"Shared identifiers, {total}, most telling first",
        key=f"identifiers-{data_version()}-{community_id}",
        most_rows=12,
    )
