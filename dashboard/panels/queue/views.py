"""Views of the queue that a person keeps: a set of filters with a name."""

from __future__ import annotations

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.components import address
from dashboard.components.queue_address import DROPS, FILTERS
from dashboard.components.standings import casebook_problem
from dashboard.text import md_escape, plain

PREFIX = "view:"
_KEPT = (*FILTERS, "sort", "status")
_LONGEST_NAME = 40


def draw_views() -> None:
    """The views of this viewer: open one, drop one, keep what is shown now as another."""
    if not viewer().may("decide") or casebook_problem():
        return
    box = st.popover("Views", icon=":material/bookmark:", key="queue.views", on_change="rerun")
    if box.open:
        with box:
            _kept()


def _kept() -> None:
    kept = open_casebook().drafts_of(PREFIX, viewer=viewer())
    if not kept:
        st.caption("Keep the filters that are set now under a name, to open them in one click.")
    for name, params in kept.items():
        _view(name, {one: str(params.get(one, "")) for one in _KEPT})
    with st.form("queue.keep", border=False, clear_on_submit=True, enter_to_submit=True):
        st.text_input("Name", key="queue.view_name", max_chars=_LONGEST_NAME)
        st.form_submit_button("Keep this view", on_click=_keep)


def _view(name: str, params: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            md_escape(plain(name)),
            key=f"queue.view.{name}",
            width="stretch",
            on_click=address.setter(**params, **dict.fromkeys(DROPS, "")),
        )
        st.button(
            "",
            key=f"queue.forget.{name}",
            icon=":material/delete:",
            type="tertiary",
            help="Drop this view",
            on_click=_forget,
            args=(name,),
        )


def _keep() -> None:
    name = str(st.session_state["queue.view_name"]).strip()
    if name:
        now = {one: value for one, value in address.current().items() if one in _KEPT}
        open_casebook().save_draft(f"{PREFIX}{name}", now, viewer=viewer())


def _forget(name: str) -> None:
    open_casebook().forget_draft(f"{PREFIX}{name}", viewer=viewer())
