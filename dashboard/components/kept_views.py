"""Views of a page that a person keeps: a part of the address with a name."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.components import address
from dashboard.components.standings import casebook_problem
from dashboard.text import md_escape, plain

_LONGEST_NAME = 40


@dataclass(frozen=True)
class KeptViews:
    """The views of one page: `kept` are the parameters they hold, `drops` begin anew with one."""

    page: str
    prefix: str
    """Of the drafts that hold them."""
    kept: tuple[str, ...]
    drops: tuple[str, ...] = ()


def draw_views(views: KeptViews) -> None:
    """The views of this viewer: open one, drop one, keep what is shown now as another."""
    if not viewer().may("decide") or casebook_problem():
        return
    box = st.popover(
        "Views", icon=":material/bookmark:", key=f"{views.page}.views", on_change="rerun"
    )
    if box.open:
        with box:
            _kept(views)


def _kept(views: KeptViews) -> None:
    kept = open_casebook().drafts_of(views.prefix, viewer=viewer())
    if not kept:
        st.caption("Keep what is chosen now under a name, to open it in one click.")
    for name, params in kept.items():
        _view(views, name, {one: str(params.get(one, "")) for one in views.kept})
    with st.form(f"{views.page}.keep", border=False, clear_on_submit=True, enter_to_submit=True):
        st.text_input("Name", key=f"{views.page}.view_name", max_chars=_LONGEST_NAME)
        st.form_submit_button("Keep this view", on_click=_keep, args=(views,))


def _view(views: KeptViews, name: str, params: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            md_escape(plain(name)),
            key=f"{views.page}.view.{name}",
            width="stretch",
            on_click=address.setter(**params, **dict.fromkeys(views.drops, "")),
        )
        st.button(
            "",
            key=f"{views.page}.forget.{name}",
            icon=":material/delete:",
            type="tertiary",
            help="Drop this view",
            on_click=_forget,
            args=(views, name),
        )


def _keep(views: KeptViews) -> None:
    name = str(st.session_state[f"{views.page}.view_name"]).strip()
    if name:
        now = {one: value for one, value in address.current().items() if one in views.kept}
        open_casebook().save_draft(f"{views.prefix}{name}", now, viewer=viewer())


def _forget(views: KeptViews, name: str) -> None:
    open_casebook().forget_draft(f"{views.prefix}{name}", viewer=viewer())
