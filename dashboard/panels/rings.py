"""The parts of the rings page: the list, and of one ring its brief, picture, members, evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look, scope
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.graph_panel import draw_members
from dashboard.components.open_column import open_column
from dashboard.store import data_version, read
from dashboard.view_models.case import TIES
from dashboard.view_models.rings import (
    PAGE_SIZE,
    SORTS,
    RingListView,
    evidence_table,
)

if TYPE_CHECKING:
    import polars as pl

_CONFIDENCE = "Chance that most of it is guilty, by what verdicts made of other rings of its size"
EVIDENCE_SHOWN = 100


@panel
def ring_list() -> None:
    """Every ring; a row opens it."""
    page = address.number("page")
    show_notes(address.refused("sort", SORTS))
    with st.container(width=220):
        sort = address.select(
            "Order by", "sort", SORTS, st.query_params.get("sort", ""), drops=("page",)
        )
    rows = read(
        "pages/rings/rings",
        ring_id="",
        markets=scope.markets([]),
        sort=sort,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    view = RingListView.of(rows)
    if not view.ids:
        _no_rings(page)
        return
    key = f"rings-{data_version()}-{hash(view.ids)}"
    look.table(
        view.table,
        {
            "title": look.text_column("Ring", width=420),
            "open": open_column(key, view.ids, "case", "id"),
            "market": look.text_column("Market", width=64),
            "member_count": look.number_column("Members"),
            "alert_count": look.number_column("In queue", tip="Members with an alert"),
            "confidence": look.score_column("Likely", tip=_CONFIDENCE),
            "value_usd": look.money_column("Saves", tip="Money and harm, once"),
            "bad_count": look.number_column("Bad", tip="Confirmed bad members"),
            "good_count": look.number_column("Good", tip="Confirmed good members"),
            "last_seen": look.text_column("Last seen", width=90),
            "top_relation": look.text_column("Tied by", width=150),
        },
        alt=f"{view.total} rings, {SORTS[sort].lower()} first",
        key=key,
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{view.total:,} rings: suspects who share evidence. Dense groups are no rings.")
        address.pages("page", view.pages, page)


def _no_rings(page: int) -> None:
    if page == 1:
        otherwise = (
            "Nobody suspect shares with another what chance does not give. Without devices, "
            "addresses or cards in the data only trade can tie them: see Data, What is off."
        )
        empty_state("There are no rings.", needs("orders", otherwise=otherwise))
        return
    empty_state(f"There is no page {page:,} of rings.", "Go back to the first one.")
    st.button("First page", key="rings.first", on_click=address.setter(page=""))


@panel
def ring_picture(members: pl.DataFrame, slot: str) -> None:
    """The picture of rows of `pages/case/members`."""
    draw_members(members, key=f"graph-{slot}")


@panel
def ring_evidence(ring_id: str) -> None:
    """What they have in common, what most of them share first; identifiers masked."""
    rows = read("pages/rings/evidence", ring_id=ring_id, limit=EVIDENCE_SHOWN)
    total = int(rows["total_count"][0]) if len(rows) else 0
    st.subheader(f"What ties them :gray-badge[{total:,}]", anchor=TIES)
    if rows.is_empty():
        st.caption("Nothing but trade: see the orders of its members.")
        return
    look.table(
        evidence_table(scope.masked_things(rows)),
        {
            "relation": look.text_column("In common", width=150),
            "thing": look.text_column("Which", width=230),
            "member_count": look.number_column("Members"),
            "weight": look.number_column("Ties", "%.1f", tip="Strength of all ties by it"),
            "span": look.text_column("Seen", width=170),
        },
        alt=f"What ties them, {total}, what most members share first",
        key=f"ring-evidence-{data_version()}-{ring_id}",
        most_rows=12,
    )
