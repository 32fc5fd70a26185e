"""Ringfence: the entry Streamlit runs. Page list, look, and the one error boundary.

Why everything is imported before the first visitor and then frozen:
docs/decisions/0027-web-process.md.
"""

from __future__ import annotations

import atexit
import gc
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import access, store
from dashboard.app_pages import (
    audit,
    case,
    community,
    data,
    drift,
    inbox,
    investigate,
    metrics,
    model,
    quality,
    queue,
    rings,
    tour,
    work,
)
from dashboard.components.address import settled
from dashboard.components.boundary import boundary, drawing_for
from dashboard.components.empty_state import show_notes
from dashboard.components.freshness import draw_freshness
from dashboard.components.links import draw_way_back, register_pages
from dashboard.components.palette import draw_find
from dashboard.components.rebuilt import announce_rebuilt
from dashboard.components.served_build import serve_build
from dashboard.components.tab_title import head_page, tab_title
from dashboard.components.who import draw_sign_in, draw_who
from dashboard.errors import RingfenceError
from dashboard.panels.tour import way_back
from dashboard.people import session
from dashboard.state import LOST
from dashboard.text import plain

_STATIC = Path(__file__).parent / "static"
HOME = "queue"
# By this key the look of the page puts a container into the head, beside the menu.
HEAD = "who"
# By this one the browser finds the button that looks for newer data, and does not show it.
LOOK = "look_for_newer"
# Pages that have to be told what to show: no use in the menu.
HIDDEN = {"case", "work"}
# An item of our own makes Streamlit's menu appear, and with it the switch of the theme.
_ABOUT = "Ringfence: who acts together, why it is thought so, and what people decided."
PAGES = {
    "queue": ("Queue", queue.page, "Open alerts, most money per analyst minute first."),
    "inbox": ("Inbox", inbox.page, "What waits for you, the earliest due first."),
    "investigate": ("Investigate", investigate.page, "One entity: why, drift, community, decide."),
    "case": ("Case", case.page, "One ring or a group: read once, decided at once."),
    "rings": ("Rings", rings.page, "Suspects who act together, and what ties them."),
    "community": ("Community", community.page, "One group: members, shared identifiers, money."),
    "metrics": ("Metrics", metrics.page, "What moved, why, where and who."),
    "drift": (
        "Drift",
        drift.page,
        "Which columns of the orders are unlike before, and since when.",
    ),
    "model": ("Model", model.page, "How good the scores are, on matured labels."),
    "data": ("Data", data.page, "What was delivered, what is off, where a number comes from."),
    "audit": ("Audit", audit.page, "Who saw, searched for and took out what."),
    "quality": ("Quality", quality.page, "Second reviews, agreement, overturns, fairness, times."),
    "work": ("My work", work.page, "What my own decisions took."),
    "tour": ("Tour", tour.page, "Five stories in the data, and what gives them away."),
}


access.identify_by(session.session_viewer)


def main() -> None:
    """Draw the chrome, then the page; whatever fails becomes a sentence."""
    _warm()
    st.logo(str(_STATIC / "logo.svg"), size="medium")
    here = _admitted()
    pages = {name: _page(name, here) for name in PAGES}
    current = st.navigation(list(pages.values()), position="top" if here else "hidden")
    title, icon = tab_title(current.title), str(_STATIC / "icon.svg")
    st.set_page_config(title, icon, layout="wide", menu_items={"About": _ABOUT})
    register_pages(pages, current)
    if here is None:
        return
    with drawing_for(here.viewer):
        _draw(current, pages, here)


def _draw(current: Page, pages: dict[str, Page], here: session.Visitor) -> None:
    """Everything for the person that this run of the page is for, who was asked for once."""
    session.go_to_target()
    with st.container(key=HEAD, horizontal=True, gap="xsmall"):
        if access.may_open(here.viewer, "investigate"):
            draw_find()
        draw_who(here)
    head_page(current.title)
    with boundary(), settled():
        opened = next(name for name, page in pages.items() if page is current)
        access.require_page(here.viewer, opened)
        store.build()
        serve_build()
        _watch_data()
        way_back()
        draw_way_back()
        _lost()
        current.run()


@st.fragment
def _watch_data() -> None:
    """What may change while a page is open: whether other data are there, and how fresh these are.

    One fragment for both: each costs a copy of all that it stands in. `web/browser.js` presses
    the button every 20 seconds, while nothing is drawn. A timer of Streamlit (`run_every`) waits
    for nothing: where it fell into a change of page, the browser emptied the page that had come.
    """
    st.button("Look for newer data", key=LOOK)
    announce_rebuilt()
    draw_freshness()


def _admitted() -> session.Visitor | None:
    """Who is here; where that is nobody, what to do stands in place of everything else."""
    try:
        return session.admit()
    except RingfenceError as error:
        draw_sign_in(error)
        return None


def _page(name: str, here: session.Visitor | None) -> Page:
    """A page of the menu; of one that the role does not open the address alone is there."""
    title, draw, tip = PAGES[name]
    is_open = here is not None and access.may_open(here.viewer, name) and name not in HIDDEN
    return Page(
        draw,
        title=title,
        url_path=name,
        help=tip,
        default=name == HOME,
        visibility="visible" if is_open else "hidden",
    )


def _lost() -> None:
    """Whoever asked for a page that is not here is told so, above the queue they are led to."""
    if path := st.query_params.get(LOST):
        show_notes([f"There is no page {plain(path)} here. This is the queue."])


@st.cache_resource(show_spinner=False)
def _warm() -> bool:
    """Once per process, when every module is imported: freeze what will never be freed."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # or native modules report what they could not free
    return True


if __name__ == "__main__":
    main()
