"""One page of alerts: the marked one with its reasons, the table, and the way on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go, page_link
from dashboard.components.queue_address import ENDED, kept_params
from dashboard.currency import shown
from dashboard.store import data_version
from dashboard.text import md_escape, plural
from dashboard.view_models.anomaly import LANE
from dashboard.view_models.queue import UNPROVEN, QueueRow, QueueView

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.view_models.unscored import EmptyQueue


@dataclass(frozen=True)
class Apart:
    """What stands apart from the day's work, as counts."""

    unproven: int
    ended: int
    is_ended: bool
    """Whether the ended are what is shown."""


def draw_alerts(view: QueueView, apart: Apart, nobody: EmptyQueue, *, is_first_visit: bool) -> None:
    """The alerts, or why there are none, and the way to what stands apart from them."""
    if apart.is_ended:
        _ended_note()
    if view.current is None:
        _nothing(view, nobody)
        return
    _toolbar(view, view.current)
    _headline(view, apart, is_first_visit=is_first_visit)
    _table(view)
    _footer(view, apart)


def _toolbar(view: QueueView, row: QueueRow) -> None:
    # As high as two lines of reasons: stepping from row to row must not move the table.
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        wrap=False,
        height=48,
        border=False,
    ):
        _step("Previous", "K", view, -1)
        _step("Next", "J", view, +1)
        st.button(
            "Open", key="queue.open", shortcut="O", type="primary", on_click=_open, args=(row,)
        )
        with st.container(width="stretch"):
            waited = " · :gray-badge[Waited longest]" if row.is_reserved else ""
            if row.band == UNPROVEN:
                waited = " · :violet-badge[Unproven]"
            news = f" · :orange-badge[{md_escape(row.news)}]" if row.news else ""
            reasons = md_escape("; ".join(row.reasons))
            st.markdown(
                f"**{md_escape(row.name)}**{waited}{news} · {reasons}", help=md_escape(row.opened)
            )


def _headline(view: QueueView, apart: Apart, *, is_first_visit: bool) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(md_escape(view.headline))
        if apart.ended and not apart.is_ended:
            st.button(
                f"{plural(apart.ended, 'alert')} ended: nothing left to save",
                key="queue.ended",
                type="tertiary",
                on_click=_to_lane(ENDED),
            )
        if is_first_visit:
            _invitation()


def _invitation() -> None:
    """A quiet link for somebody who has not been here before."""
    page_link("New here? Take the tour", "tour", icon=":material/explore:")


def _step(label: str, key: str, view: QueueView, step: int) -> None:
    target = view.neighbour(step)
    turn = view.page + step
    changes = {"alert": target}
    if not target and 1 <= turn <= view.pages:
        changes = {"alert": "", "page": str(turn) if turn > 1 else ""}
    st.button(
        label,
        key=f"queue.{label.lower()}",
        shortcut=key,
        on_click=address.setter(**changes),
        disabled=not target and not 1 <= turn <= view.pages,
    )


def _table(view: QueueView) -> None:
    # Rows are addressed by position in a click, so the key names the exact set of rows.
    key = f"queue-{data_version()}-{hash(tuple(row.alert_id for row in view.rows))}"
    look.table(
        view.table(),
        {
            "mark": look.text_column("", width=26),
            "name": look.text_column("Subject", width=150),
            "open": look.button_column("", f"{key}-open", _open_row, (f"{key}-open", view.rows)),
            "entity": look.text_column("Entity", width=84),
            "market": look.text_column("Market", width=58),
            "band": look.band_column(),
            "score": look.number_column("Probability", look.SCORE, width=86, tip=_PROBABILITY),
            "typology": look.text_column("Typology", width=100),
            "lane": look.text_column("Lane", width=74),
            "exposure": look.money_column("At risk", width=66),
            "priority": look.money_column(f"{shown().unit} / min", whole=False, width=66),
            "age": look.number_column("Days", width=50, tip=_DAYS),
            "status": look.text_column("Case", width=170),
            # Last, for it is the longest: what a narrow screen cuts off is text, not money.
            "reason_1": look.text_column("Why", width=190),
            "reason_2": look.text_column("And why", width=190),
        },
        alt=f"{len(view.rows)} of {view.total} alerts, most valuable first",
        key=key,
    )


_PROBABILITY = (
    "That it is bad, or of a victim that it is wronged: its score, raised by what a pack's signals "
    "were worth among subjects with the same score. The band is that of this number. The unproven "
    "have none."
)


_DAYS = (
    "Days since the alert opened: since the build that first had it. What stood before the first "
    "build that is kept counts from the day on which today's model would have opened it; the "
    "marked alert's tip and its page say which."
)


def _ended_note() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_ENDED)
        st.button("Back to the day's work", key="queue.daily", on_click=_to_lane(""))


_ENDED = (
    "**Ended**: nothing can be saved here any more. No money is held or still to come, and "
    "nobody is harmed. Look through them when the day's work is done: a verdict teaches."
)


def _to_lane(lane: str) -> Callable[[], None]:
    return address.setter(lane=lane, page="", alert="", band="", typology="")


def _footer(view: QueueView, apart: Apart) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if apart.unproven:
            st.button(
                f"{plural(apart.unproven, 'subject')} unproven: unusual together, never judged",
                key="queue.unproven",
                type="tertiary",
                on_click=_to_lane(LANE),
            )
        address.pages("page", view.pages, view.page)


def _nothing(view: QueueView, nobody: EmptyQueue) -> None:
    if view.total:
        empty_state(view.empty_sentence, "Go back to its first page.")
        st.button("First page", key="queue.first", on_click=address.setter(page="", alert=""))
        return
    empty_state(nobody.title, nobody.hint)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if nobody.unproven:
            st.button(
                f"Look at the {plural(nobody.unproven, 'unproven subject')}",
                key="queue.unproven",
                on_click=_to_lane(LANE),
            )
        if nobody.is_filtered:
            st.button("Clear filters", key="queue.clear", on_click=go, args=("queue", {}))
        _invitation()


def _open(row: QueueRow) -> None:
    go("investigate", {"entity": row.entity_key, "alert": row.alert_id, **kept_params()})


def _open_row(key: str, rows: tuple[QueueRow, ...]) -> None:
    _open(rows[st.session_state[key]["row"]])
