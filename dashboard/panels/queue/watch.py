"""Proposed and monitored cases: with or without an alert today, each with its day of review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.cases.standing import Place
from dashboard.components import look, scope
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.components.standings import subjects, waiting_cases
from dashboard.store import build, data_version
from dashboard.text import md_escape, plural
from dashboard.view_models.case_standings import keys_in
from dashboard.view_models.watch import WatchRow, watch_rows, watch_table

if TYPE_CHECKING:
    from dashboard.state import QueueFilters

_WAITING = {
    Place.PROPOSED: "waiting for somebody who may approve",
    Place.MONITORING: "watched until the day of review",
}
"""The lists that show cases rather than alerts, with what their cases do there."""


def draw_watched(status: str, filters: QueueFilters) -> None:
    """The cases of one list, the next review first."""
    place = Place(status)
    markets = scope.markets([filters.market] if filters.market else [])
    cases, statuses = waiting_cases()
    rows = watch_rows(subjects(keys_in(statuses, place), markets), cases, statuses, build().as_of)
    if not rows:
        empty_state(f"No case is {_WAITING[place]}.", "Decisions that wait are listed here.")
        return
    many = plural(len(rows), "case")
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
        alt=f"{len(rows)} waiting cases, the next review first",
        key=key,
    )


def _open(key: str, rows: tuple[WatchRow, ...]) -> None:
    row = rows[st.session_state[key]["row"]]
    go("investigate", {"entity": row.entity_key, **kept_params()})
