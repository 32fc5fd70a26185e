"""Find anybody from any page: a name, an id, a case or a ring; Enter opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import theme
from dashboard.access import viewer
from dashboard.components import scope
from dashboard.components.access_record import log_search
from dashboard.components.boundary import boundary, drawing_for, panel
from dashboard.components.links import go, has_page
from dashboard.components.queue_address import kept_params
from dashboard.components.reveal import draw_masked_names
from dashboard.state import RingState
from dashboard.store import read
from dashboard.text import md_escape, plain

if TYPE_CHECKING:
    import polars as pl

MATCHES = 8
_TYPED, _SEEN = "palette.typed", "palette.seen"


@panel
def draw_find() -> None:
    """The button and its key, in the head of every page; a panel, so that no page is drawn anew."""
    if st.button("Find", key="find", shortcut="Mod+K", icon=":material/search:"):
        _find()


@st.dialog("Find", width="medium", icon=":material/search:")
def _find() -> None:
    with boundary(), drawing_for(viewer()):
        _find_anything()


def _find_anything() -> None:
    """Enter lists who matches, and Enter again opens the first; an id opens at once."""
    with st.form("palette", border=False, enter_to_submit=True):
        typed = st.text_input(
            "Name or id",
            key=_TYPED,
            placeholder="A name, mer_000001, rng_0123456789",
            label_visibility="collapsed",
        ).strip()
        is_sent = st.form_submit_button("Find", type="primary")
    if not typed:
        st.caption("Merchants, creators, listings, buyers, live rooms and rings, by name or by id.")
        return
    ring = RingState.parse({"ring": typed}).ring
    if ring and is_sent:
        _leave(
            "case" if has_page("case") else "rings", {("id" if has_page("case") else "ring"): ring}
        )
    found = scope.hide_names(read("pages/investigate/search", search=typed, limit=MATCHES))
    log_search(typed, len(found))
    if found.is_empty():
        st.caption(f"Nobody is called {md_escape(plain(typed))}.")
        return
    first = found.row(0, named=True)
    is_named = typed in (first["entity_id"], f"{first['entity_type']}:{first['entity_id']}")
    if is_sent and (is_named or len(found) == 1 or st.session_state.get(_SEEN) == typed):
        _leave("investigate", {"entity": f"{first['entity_type']}:{first['entity_id']}"})
    st.session_state[_SEEN] = typed
    _draw(found)


def _draw(found: pl.DataFrame) -> None:
    for row in found.iter_rows(named=True):
        key = f"{row['entity_type']}:{row['entity_id']}"
        kind = theme.entity_label(row["entity_type"])
        name, rest = plain(row["name"]), f"{kind} · {row['market'] or '–'} · {row['entity_id']}"
        if st.button(
            f"{md_escape(name)} :gray[{md_escape(rest)}]",
            key=f"palette.{key}",
            type="tertiary",
        ):
            _leave("investigate", {"entity": key})
    draw_masked_names(found["name"])


def _leave(page: str, params: dict[str, str]) -> None:
    st.session_state.pop(_SEEN, None)
    go(page, {**params, **kept_params()})
