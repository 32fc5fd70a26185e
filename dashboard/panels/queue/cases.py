"""One page of cases: what the keys do, the day in a line, the table, and the marked case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go, page_link
from dashboard.components.queue_address import DROPS, ENDED, MARK, kept_params
from dashboard.components.reveal import draw_masked_names
from dashboard.currency import shown
from dashboard.panels.queue.keys import draw_keys
from dashboard.panels.queue.marked import draw_marked
from dashboard.panels.queue.opening import open_case
from dashboard.store import data_version
from dashboard.text import md_escape, plural
from dashboard.view_models.anomaly import LANE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.view_models.queue import QueueView
    from dashboard.view_models.today import Today
    from dashboard.view_models.unscored import EmptyQueue


@dataclass(frozen=True)
class Apart:
    """What stands apart from the day's work, as counts."""

    unproven: int
    ended: int
    is_ended: bool
    """Whether the ended are what is shown."""


def draw_cases(view: QueueView, apart: Apart, nobody: EmptyQueue) -> None:
    """The cases, or why there are none, and the way to what stands apart from them."""
    if apart.is_ended:
        _ended_note()
    if view.current is None:
        _nothing(view, nobody)
        return
    draw_keys(view, view.current)
    _table(view)
    draw_masked_names(row.title for row in view.rows)
    draw_marked(view.current)
    _footer(view, apart)


def draw_day(today: Today, *, is_first_visit: bool) -> None:
    """The day in a line: what waits, what is due, what came back."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            first, *rest = today.facts
            facts = " · ".join(map(md_escape, rest))
            st.markdown(f"**{md_escape(first)}** :gray[· {facts}]", width="content")
            if today.came_back:
                st.button(
                    f"{today.came_back:,} came back",
                    key="queue.came_back",
                    type="tertiary",
                    help="Cases in which something is new since a verdict",
                    on_click=address.setter(state="REOPENED", **dict.fromkeys(DROPS, "")),
                )
        if is_first_visit:
            _invitation()


def _invitation() -> None:
    """A quiet link for somebody who has not been here before."""
    page_link("New here? Take the tour", "tour", icon=":material/explore:")


def _table(view: QueueView) -> None:
    # Rows are addressed by position in a click, so the key names the exact set of rows.
    key = f"queue-{data_version()}-{view.reach}-{hash(tuple(row.case_id for row in view.rows))}"
    rows = view.table()
    # `j` follows the order of the queue: a header that sorted these rows alone would hide it.
    ticked = look.choose_in_order(
        rows,
        {
            "mark": look.text_column("", width=24),
            "title": look.text_column("Case", width=400),
            "open": look.button_column("", f"{key}-open", _open_line, (f"{key}-open", view)),
            "standing": look.text_column("Before", width=186, tip=_BEFORE),
            "band": look.band_column(),
            "probability": look.number_column(
                "Probability", look.SCORE, width=80, tip=_PROBABILITY
            ),
            "members": look.number_column("Waiting", width=62, tip="Alerts of the case"),
            "exposure": look.money_column("At risk", width=66, tip=_MONEY),
            "harm": look.money_column("Harm", width=56, tip=_HARM),
            "priority": look.money_column(
                f"{shown().unit} / min", whole=False, width=64, tip=_PRIORITY
            ),
            "leaves": look.text_column("Paid out", width=76, tip=_LEAVES),
            "age": look.number_column("Days", width=48, tip=_DAYS),
        },
        alt=f"{len(view.rows)} of {view.total} cases, most urgent first",
        key=key,
    )
    _together(ticked, view)


def _together(ticked: tuple[int, ...], view: QueueView) -> None:
    """The way from several ticked cases to one form about all who wait in them."""
    rows = [row for row in map(view.row_at, ticked) if row is not None]
    keys = [entity_key for row in rows for entity_key in row.member_keys]
    if len(keys) > 1:
        st.button(
            f"Decide {plural(len(keys), 'subject')} together",
            key="queue.together",
            icon=":material/checklist:",
            on_click=go,
            args=("case", {"keys": address.listed(keys), **kept_params()}),
        )


_BEFORE = (
    "What the last verdict on it was; of a ring, on how many who wait there was one. Where nobody "
    "has judged it, who works on it."
)
_PROBABILITY = (
    "That it is bad, or of a victim that it is wronged: its score, raised by what a pack's signals "
    "were worth among subjects with the same score. Of a ring that of its surest member. The band "
    "is that of this number. The unproven have none."
)
_MONEY = "Money that can still be lost, each dollar once"
_HARM = "Harm beside money: ranks, reviews, traffic, people, data, priced by the packs"
_PRIORITY = "Money and harm that a minute of work on it saves: the order of the queue"
_LEAVES = "When the first of the money that is held is paid out"
_DAYS = (
    "Days since its oldest alert opened: since the build that first had it. What stood before the "
    "first build that is kept counts from the day on which today's model would have opened it."
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
    return address.setter(lane=lane, **dict.fromkeys(DROPS, ""))


def _footer(view: QueueView, apart: Apart) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        with st.container(horizontal=True, gap="medium"):
            if apart.unproven:
                st.button(
                    f"{plural(apart.unproven, 'subject')} unproven: unusual together, never judged",
                    key="queue.unproven",
                    type="tertiary",
                    on_click=_to_lane(LANE),
                )
            if apart.ended and not apart.is_ended:
                st.button(
                    f"{plural(apart.ended, 'case')} ended: nothing left to save",
                    key="queue.ended",
                    type="tertiary",
                    on_click=_to_lane(ENDED),
                )
        address.pages("page", view.pages, view.page.number)


def _nothing(view: QueueView, nobody: EmptyQueue) -> None:
    if view.page.number > 1:
        empty_state("This page lies beyond the end of the queue.", "Go back to its first page.")
        st.button("First page", key="queue.first", on_click=address.setter(page="", **{MARK: ""}))
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


def _open_line(key: str, view: QueueView) -> None:
    row = view.row_at(st.session_state[key]["row"])
    if row is not None:
        open_case(row)
