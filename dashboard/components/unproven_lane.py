"""The unproven lane: what is unusual and unjudged, apart from the alerts with a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go
from dashboard.components.queue_filters import kept_params
from dashboard.store import data_version, read
from dashboard.text import md_escape, plural
from dashboard.view_models.unproven import STATEMENT, lane_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_ASKED = ("entity_types", "markets", "search", "decided", "status")


def draw_lane(asked: Mapping[str, Any], statuses: Mapping[str, str]) -> None:
    """The lane's table, most unusual first; `asked` are the queue's parameters."""
    rows = read("pages/queue/unproven", **{name: asked[name] for name in _ASKED})
    st.markdown(f"**{md_escape(STATEMENT)}**")
    st.caption(
        f"{plural(len(rows), 'subject')}, most unusual of its kind first. There is no probability "
        "and no rank among the alerts: open one, look, and judge it."
    )
    if rows.is_empty():
        empty_state("Nobody stands in this lane.", "Nothing unusual is left that was never judged.")
        st.button("Back to the alerts", key="queue.proven", on_click=address.setter(lane=""))
        return
    key = f"unproven-{data_version()}-{hash(tuple(rows['alert_id']))}"
    look.table(
        lane_table(rows, statuses),
        {
            "name": look.text_column("Subject", width=170),
            "open": look.button_column("", f"{key}-open", _open, (f"{key}-open", rows)),
            "kind": look.text_column("Entity", width=76),
            "market": look.text_column("Market", width=58),
            "place": look.number_column("No.", width=44, tip="1 is the most unusual of its kind"),
            "odd_1": look.text_column("Unusual", width=250),
            "odd_2": look.text_column("And", width=240),
            "odd_3": look.text_column("And", width=240),
            "exposure": look.number_column("At risk", look.MONEY, width=70),
            "age": look.number_column("Days", width=50, tip="Days since it was first seen here"),
            "status": look.text_column("Case", width=70),
        },
        alt=f"{len(rows)} unproven subjects, most unusual first",
        key=key,
    )


def _open(key: str, rows: pl.DataFrame) -> None:
    row = rows.row(st.session_state[key]["row"], named=True)
    entity = f"{row['entity_type']}:{row['entity_id']}"
    go("investigate", {"entity": entity, "alert": row["alert_id"], **kept_params()})
