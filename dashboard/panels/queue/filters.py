"""The queue's filters in one quiet line: views, search, and what narrows them, in the address.

Choices are chips and not boxes: a box keeps the keyboard after a choice, and a `j` meant for
the next case would be typed into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from dashboard.components import address
from dashboard.components.kept_views import KeptViews, draw_views
from dashboard.components.queue_address import DROPS, FILTERS, STATUSES, status_of
from dashboard.state import QUEUE_SORTS
from dashboard.text import md_escape
from dashboard.view_models.anomaly import LANE
from dashboard.view_models.queue_filters import FACETS, chosen, facets, named_only, views_of
from dashboard.view_models.watch import WATCHED

if TYPE_CHECKING:
    from dashboard.state import QueueFilters
    from dashboard.view_models.queue_filters import Counts, Facet


_VIEWS = KeptViews("queue", "view:", (*FILTERS, "sort", "status"), DROPS)


def draw_filters(filters: QueueFilters, counts: Counts) -> None:
    """The line of filters, and below it what is chosen, each with a way to drop it."""
    status = status_of(st.query_params)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            address.segments("Cases", "status", STATUSES, status, drops=DROPS)
        if status in WATCHED:
            _popover(named_only(counts, "market", filters.market))
            return
        with st.container(width=190):
            _search(filters)
        every = facets(counts, _values(filters))
        if filters.lane == LANE:
            every = named_only(counts, "market", filters.market)
        _popover(every)
        if filters.lane != LANE:
            _order(filters)
        draw_views(_VIEWS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _kinds(filters, counts)
        _chosen(every)


def _search(filters: QueueFilters) -> None:
    # The key names what is searched for: the box is another one afterwards, and lets the
    # keyboard go.
    with st.container(key=f"queue.search.{crc32(filters.search.encode()):08x}"):
        address.search(
            "Search",
            "search",
            filters.search,
            placeholder="Name or id",
            drops=DROPS,
            is_bare=True,
        )


def _values(filters: QueueFilters) -> dict[str, str]:
    """What is chosen, by name; nothing of the lanes that are lists of their own."""
    values = {name: str(getattr(filters, name) or "") for name, _ in FACETS}
    return values | ({"lane": ""} if values["lane"] not in ("score", "signals") else {})


def _kinds(filters: QueueFilters, counts: Counts) -> None:
    if filters.lane == LANE:
        return
    views = views_of(counts, filters.entity_type)
    with st.container(width="content"):
        address.segments("Show", "entity_type", views, filters.entity_type, drops=DROPS)


def _popover(every: tuple[Facet, ...]) -> None:
    # Drawn when it is opened: j and k draw this line again at every step. Its label says no
    # count of what is chosen: another label is another popover, and that one is closed.
    box = st.popover(
        "Filters", icon=":material/filter_list:", key="queue.filters", on_change="rerun"
    )
    if box.open:
        with box:
            for facet in every:
                _chips(facet)


def _chips(facet: Facet) -> None:
    key = f"url.{facet.name}"
    st.session_state[key] = facet.value or None
    st.pills(
        facet.label,
        list(facet.choices),
        key=key,
        format_func=lambda choice: md_escape(facet.choices.get(choice, choice)),
        on_change=_choose,
        args=(facet.name, key),
    )


def _choose(name: str, key: str) -> None:
    address.put({name: st.session_state[key] or "", **dict.fromkeys(DROPS, "")})


def _order(filters: QueueFilters) -> None:
    st.menu_button(
        QUEUE_SORTS[filters.sort],
        list(QUEUE_SORTS),
        key="queue.sort",
        icon=":material/sort:",
        format_func=lambda sort: QUEUE_SORTS[sort],
        on_click=_sort,
    )


def _sort() -> None:
    sort = str(st.session_state["queue.sort"])
    address.put({"sort": "" if sort == "priority" else sort, **dict.fromkeys(DROPS, "")})


def _chosen(every: tuple[Facet, ...]) -> None:
    """What is chosen in the popover, each a click from being dropped."""
    said = chosen(every)
    for name, words in said.items():
        st.button(
            md_escape(words),
            key=f"queue.drop.{name}",
            icon=":material/close:",
            icon_position="right",
            help="Drop this filter",
            on_click=address.setter(**{name: ""}, **dict.fromkeys(DROPS, "")),
        )
    if len(said) > 1:
        nothing = dict.fromkeys((*FILTERS, *DROPS), "")
        st.button(
            "Clear all", key="queue.drop", type="tertiary", on_click=address.setter(**nothing)
        )
