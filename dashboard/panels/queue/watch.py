"""Proposed and monitored cases: with or without an alert today, each with its day of review."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.cases.standing import Place
from dashboard.components import address, look, scope
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.components.standings import waiting_page
from dashboard.store import build, data_version
from dashboard.text import md_escape, plural
from dashboard.view_models.watch import WatchRow, watch_rows, watch_table

if TYPE_CHECKING:
    from dashboard.state import QueueFilters

_WAITING = {
    Place.PROPOSED: "waiting for somebody who may approve",
    Place.MONITORING: "watched until the day of review",
}
"""The lists that show cases rather than alerts, with what their cases do there."""


def draw_watched(status: str, filters: QueueFilters) -> None:
    """A page of the cases of one list, the next review first."""
    place = Place(status)
    markets = scope.markets([filters.market] if filters.market else [])
    waiting = waiting_page(place, markets, limit=filters.size, offset=filters.offset)
    rows = watch_rows(waiting.subjects, waiting.cases, waiting.statuses, build().as_of)
    if not waiting.total:
        empty_state(f"No case is {_WAITING[place]}.", "Decisions that wait are listed here.")
        return
    if not rows:
        empty_state("This page of the list is past its end.", "Go back to its first page.")
        st.button("First page", key="watch.first", on_click=address.setter(page=""))
        return
    many = plural(waiting.total, "case")
    st.caption(md_escape(f"Today is {build().as_of} · {many} {_WAITING[place]}"))
    key = f"watch-{data_version()}-{hash(tuple(row.entity_key for row in rows))}"
    look.table(
        watch_table(rows),
        {
            "name": look.text_column("Subject", width=170),
            "open": look.button_column("", f"{key}-open", _open, (f"{key}-open", rows)),
            "entity": look.text_column("Entity", width=90),
            "market": look.text_column("Market", width=70),
            "status": look.text_column("Case", width=130),
            "typology": look.text_column("Typology", width=160),
            "since": st.column_config.DateColumn("Since", width=100),
            "review": st.column_config.DateColumn("Review on", width=100),
            "assignee": look.text_column("By", width=100),
        },
        alt=f"{len(rows)} of {waiting.total} waiting cases, the next review first",
        key=key,
    )
    address.pages("page", ceil(waiting.total / filters.size), filters.page)


def _open(key: str, rows: tuple[WatchRow, ...]) -> None:
    row = rows[st.session_state[key]["row"]]
    go("investigate", {"entity": row.entity_key, **kept_params()})
