"""The parts of the rings page: the list, and of one ring its brief, picture, members, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import text
from dashboard.components import address, look, scope
from dashboard.components.boundary import panel
from dashboard.components.community_graph import MapActs, ring_map
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.graph_panel import draw_members
from dashboard.components.held_verdicts import without_held_counts
from dashboard.components.links import go
from dashboard.components.open_column import open_column
from dashboard.components.reveal import shown_rows
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.view_models.case import TIES
from dashboard.view_models.ring_map import MAP_LIMIT, PAIRS_READ, RingMapView
from dashboard.view_models.rings import (
    PAGE_SIZE,
    SORTS,
    RingListView,
    evidence_table,
)

if TYPE_CHECKING:
    from dashboard.components.reveal import DataSubject

# The ring that is marked on map and list, and the one that was marked on the map: a list that
# was told which row to tick at first is another one.
_MARKED, _ON_MAP = "rings_marked", "rings_marked_on_map"
_CONFIDENCE = "Chance that most of it is guilty, by what verdicts made of other rings of its size"
EVIDENCE_SHOWN = 100


@panel
def ring_list() -> None:
    """The map of all rings and their list: one selection and one pair of filters for both."""
    page = address.number("page")
    show_notes(address.refused("sort", SORTS))
    every = _rings(limit=MAP_LIMIT)
    if every.is_empty():
        _no_rings(1)
        return
    chosen = _filters(every)
    kept = every.filter(pl.col("typology") == chosen.typology) if chosen.typology else every
    kept = kept.filter(pl.col("market") == chosen.market) if chosen.market else kept
    _map(every, kept["ring_id"].to_list(), chosen.typology)
    _table(chosen, page)


@dataclass(frozen=True)
class _Filters:
    """What list and map are narrowed to, and the order of the list."""

    typology: str
    market: str
    sort: str


def _filters(every: pl.DataFrame) -> _Filters:
    titles = every.select("typology", "pack_title").drop_nulls().unique().sort("pack_title")
    typologies = {"": "All typologies"} | {
        code: text.plain(title, length=60) for code, title in titles.iter_rows()
    }
    markets = {"": "All markets"} | {
        market: text.plain(market) for market in sorted(every["market"].drop_nulls().unique())
    }
    params, drops = st.query_params, ("page",)
    with st.container(horizontal=True):
        boxes = {
            name: _box(label, name, choices, params.get(name, ""), drops)
            for name, label, choices in (
                ("typology", "Typology", typologies),
                ("market", "Market", markets),
                ("sort", "Order by", SORTS),
            )
        }
    return _Filters(**boxes)


def _box(label: str, name: str, choices: dict[str, str], value: str, drops: tuple[str, ...]) -> str:
    with st.container(width=220):
        return address.select(label, name, choices, value, drops=drops, is_bare=True)


def _rings(*, limit: int, offset: int = 0, chosen: _Filters | None = None) -> pl.DataFrame:
    chosen = chosen or _Filters("", "", "value")
    return read(
        "pages/rings/rings",
        ring_id="",
        typology=chosen.typology,
        markets=scope.markets([chosen.market] if chosen.market else []),
        sort=chosen.sort,
        limit=limit,
        offset=offset,
    )


def _map(every: pl.DataFrame, kept: list[str], typology: str) -> None:
    """The map; nothing where the build has none."""
    try:
        places = read("pages/rings/places")
        kinship = read("pages/rings/kinship", limit=PAIRS_READ)
    except TableMissing:
        return
    view = RingMapView.of(every, places, kinship, kept)
    if not view.spots:
        return
    ring_map(
        view,
        key=f"ring-map-{data_version()}",
        selected=st.session_state.get(_MARKED, ""),
        typology=typology,
        acts=MapActs(
            lambda ring: _mark(**{_MARKED: ring, _ON_MAP: ring}),
            lambda ring: go("case", {"id": ring}),
            lambda code: address.put({"typology": code, "page": ""}),
        ),
        alt=f"Map of {len(view.spots)} rings; the table below lists them",
    )


def _table(chosen: _Filters, page: int) -> None:
    rows = _rings(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE, chosen=chosen)
    view = RingListView.of(without_held_counts(rows, "ring_id", ("bad_count", "good_count")))
    if not view.ids:
        _no_rings(page)
        return
    on_map = st.session_state.get(_ON_MAP, "")
    key = f"rings-{data_version()}-{hash((view.ids, on_map))}"
    look.choose_row(
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
        alt=f"{view.total} rings, {SORTS[chosen.sort].lower()} first",
        key=key,
        chosen=view.ids.index(on_map) if on_map in view.ids else None,
        on_choose=lambda row: _mark(**{_MARKED: "" if row is None else view.ids[row]}),
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{view.total:,} rings: suspects who share evidence. Dense groups are no rings.")
        address.pages("page", view.pages, page)


def _mark(**slots: str) -> None:
    st.session_state.update(slots)


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
def ring_picture(members: pl.DataFrame, slot: str, about: DataSubject) -> None:
    """The picture of rows of `pages/case/members`."""
    draw_members(members, key=f"graph-{slot}", about=about)


@panel
def ring_evidence(ring_id: str, about: DataSubject) -> None:
    """What they have in common, what most of them share first; identifiers masked."""
    rows = read("pages/rings/evidence", ring_id=ring_id, limit=EVIDENCE_SHOWN)
    total = int(rows["total_count"][0]) if len(rows) else 0
    st.subheader(f"What ties them :gray-badge[{total:,}]", anchor=TIES)
    if rows.is_empty():
        st.caption("Nothing but trade: see the orders of its members.")
        return
    look.table(
        evidence_table(scope.shortened(shown_rows(about, rows), "thing_id")),
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
