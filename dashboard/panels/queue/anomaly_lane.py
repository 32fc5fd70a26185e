"""The unproven lane: what is unusual and unjudged, apart from the alerts with a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape, plural
from dashboard.view_models.anomaly import STATEMENT, lane_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from dashboard.cases.standing import Standing

# What of the queue's parameters its query takes.
_PARAMETERS = ("markets", "search", "decided", "status")


def lane_of(params: Mapping[str, Any]) -> pl.DataFrame | None:
    """The lane's rows by the queue's parameters; None where the build has no such lane."""
    try:
        same = {name: params[name] for name in _PARAMETERS}
        return read("pages/queue/anomalies", entity_types=params["kinds"], **same)
    except TableMissing:
        return None


def draw_lane(rows: pl.DataFrame | None, statuses: Mapping[str, Standing]) -> None:
    """The lane's table, most unusual first."""
    if rows is None or rows.is_empty():
        missing = "It needs the table scores.anomalies, which this database does not have."
        hint = missing if rows is None else "Nothing unusual is left that was never judged."
        empty_state("Nobody stands in the unproven lane.", hint)
        st.button("Back to the alerts", key="queue.proven", on_click=address.setter(lane=""))
        return
    st.markdown(f"**{md_escape(STATEMENT)}**")
    st.caption(
        f"{plural(len(rows), 'subject')}, the most unusual of each kind first. They have no "
        "probability and no rank among the alerts: open one, look, and judge it."
    )
    key = f"unproven-{data_version()}-{hash(tuple(rows['entity_id']))}"
    look.table(
        lane_table(rows, statuses),
        {
            "name": look.text_column("Subject", width=160),
            "open": look.button_column("", f"{key}-open", _open, (f"{key}-open", rows)),
            "entity": look.text_column("Entity", width=86),
            "peers": look.text_column("Peers", width=120),
            "place": look.number_column("No.", width=44, tip="1 is the most unusual of its kind"),
            "odd_1": look.text_column("Unusual", width=240),
            "odd_2": look.text_column("And", width=240),
            "odd_3": look.text_column("And", width=240),
            "status": look.text_column("Case", width=70),
        },
        alt=f"{len(rows)} unproven subjects, most unusual first",
        key=key,
    )


def _open(key: str, rows: pl.DataFrame) -> None:
    row = rows.row(st.session_state[key]["row"], named=True)
    go("investigate", {"entity": f"{row['entity_type']}:{row['entity_id']}", **kept_params()})
