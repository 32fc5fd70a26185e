"""Live alerts above the queue: who just came to notice, why, and the rows behind it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import live_lane
from dashboard.casebook.rows import now
from dashboard.components import address, look
from dashboard.components.boundary import panel
from dashboard.components.links import go
from dashboard.store import build
from dashboard.text import md_escape, plural
from dashboard.view_models.live import UNCONFIRMED, live_rows, live_table, rows_behind

if TYPE_CHECKING:
    from dashboard.view_models.live import LiveRow

OPENED = "live"
"""The alert whose rows are open, in the address."""
PAGE, PAGE_ROWS = "live_page", 5
"""Few at a time: the day's work stands below."""
_NOT_SEEN = "The live lane has not looked at this build yet: ringfence watch --data DROP"


@panel
def draw_live() -> None:
    """Nothing where no lane runs or none is listed."""
    if not live_lane.is_there():
        return
    at = live_lane.known_at() or now()
    rows = live_rows(live_lane.read_live("pages/live/alerts"), at)
    if not rows:
        return
    count = sum(row.is_open for row in rows)
    with st.container(border=True, gap="xsmall"):
        title = plural(count, "live alert") if count else "No live alert is open"
        st.markdown(f":material/bolt: **{title}** :gray[· {md_escape(_GROUNDS)}]")
        if _is_of_other_build():
            st.caption(md_escape(_NOT_SEEN))
        page = min(address.number(PAGE), ceil(len(rows) / PAGE_ROWS))
        _table(rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
        address.pages(PAGE, ceil(len(rows) / PAGE_ROWS), page)
        opened = next((one for one in rows if one.alert_id == st.query_params.get(OPENED)), None)
        if opened is not None:
            _rows(opened)


_GROUNDS = f"{UNCONFIRMED}. Signals of short windows fired on what has arrived since."


def _table(rows: tuple[LiveRow, ...]) -> None:
    key = f"live-{hash(rows)}"
    look.table(
        live_table(rows),
        {
            "name": look.text_column("Subject", width=136),
            "open": look.button_column("", f"{key}-open", _open, (f"{key}-open", rows)),
            "entity": look.text_column("Entity", width=70),
            "market": look.text_column("Market", width=64),
            "typology": look.text_column("Typology", width=130),
            "why": look.text_column("Signals", width=290),
            "event": look.text_column("Event, UTC", width=96),
            "opened": look.text_column("Opened", width=82),
            "standing": look.text_column("Standing", width=214),
            "rows": look.button_column("", f"{key}-rows", _show, (f"{key}-rows", rows)),
        },
        alt=f"{len(rows)} live alerts, the newest first",
        key=key,
    )


def _rows(row: LiveRow) -> None:
    """The rows as they were when the alert opened, those of each feature together."""
    entity_type = row.entity_key.partition(":")[0]
    cells = live_lane.read_live("pages/live/evidence", alert_id=row.alert_id)
    for one in rows_behind(entity_type, cells):
        st.caption(f"**{md_escape(one.label)}** · {md_escape(one.value)}")
        look.table(
            one.table,
            {name: look.text_column(name.replace("_", " ")) for name in one.table.columns},
            alt=f"{len(one.table)} rows behind {one.label}",
            key=f"live-rows-{row.alert_id}-{one.label}",
        )
    st.button("Close", key="live.close", type="tertiary", on_click=address.setter(live=""))


def _is_of_other_build() -> bool:
    prints = live_lane.read_live("pages/live/status")["build_fingerprint"].to_list()
    return prints != [build().data_fingerprint]


def _open(key: str, rows: tuple[LiveRow, ...]) -> None:
    go("investigate", {"entity": rows[st.session_state[key]["row"]].entity_key})


def _show(key: str, rows: tuple[LiveRow, ...]) -> None:
    address.setter(live=rows[st.session_state[key]["row"]].alert_id)()
