"""Content: what was written, beside the clause of the policy that its words stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, scope
from dashboard.components.boundary import boundary, panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.links import page_link
from dashboard.components.reveal import DataSubject, draw_reveal, read_shown
from dashboard.errors import TableMissing
from dashboard.panels.investigate.looks_like import draw_looks_like
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.passages import PAGE_SIZE, PassagesView

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.passages import Passage


@panel
def content_panel(entity: EntityRef) -> None:
    """The texts that hold words of a lexicon, newest first; below them what looks like it."""
    _passages(entity)
    with boundary():
        draw_looks_like(entity)


def _passages(entity: EntityRef) -> None:
    page = address.number("texts")
    view = passages_of(entity, page)
    st.markdown("**Words beside the policy**", help=_HELP)
    if not view.passages:
        tables = ("listing_versions", "live_comments", "reviews", "complaints")
        empty_state(view.sentence, needs(*tables, otherwise="Nothing here speaks for or against."))
        return
    st.caption(md_escape(view.sentence))
    with st.container(key="passages", gap="small"):
        for passage in view.passages:
            _draw(passage)
    draw_reveal(DataSubject.one(entity.key), _bodies(entity, page), key="passages")
    address.pages("texts", view.pages, page)


def _bodies(entity: EntityRef, page: int) -> pl.DataFrame:
    """The texts alone, whole where that was granted: names beside them are of other people."""
    return read_shown(entity.key, _QUERY, **_params(entity, page)).select("body")


def passages_of(entity: EntityRef, page: int) -> PassagesView:
    """The view model of one page of texts; none where no text was read."""
    try:
        rows = read(_QUERY, **_params(entity, page)).with_columns(_bodies(entity, page)["body"])
    except TableMissing:
        return PassagesView.of(pl.DataFrame())
    names = scope.hide_names(rows.select(name="other_name", market="other_market"))["name"]
    return PassagesView.of(rows.with_columns(other_name=names))


def _params(entity: EntityRef, page: int) -> dict[str, Any]:
    return {
        "entity_type": entity.entity_type,
        "entity_id": entity.entity_id,
        "limit": PAGE_SIZE,
        "offset": (page - 1) * PAGE_SIZE,
    }


def _draw(passage: Passage) -> None:
    """The text on the left, the clause on the right."""
    with st.container(border=True):
        written, clause = st.columns([0.54, 0.46], gap="medium")
        with written, st.container(gap="xsmall"):
            st.markdown(passage.body)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(passage.row)
                if passage.other_key:
                    label = f"{passage.other} {passage.other_name}"
                    page_link(label, "investigate", {"entity": passage.other_key})
        with clause, st.container(gap="xsmall"):
            st.markdown(passage.clause)
            st.caption(passage.reading)


_QUERY = "pages/investigate/passages"
_HELP = (
    "Texts that concern this subject and hold words of a lexicon of the packs, whatever letters "
    "they are typed in. The words are evidence to read and nothing more: no score, signal or "
    "action comes of them. Who warns, quotes, reports or asks is marked, by cues in the same "
    "sentence, and counts nowhere; free turns of phrase go unmarked, so read before you judge."
)
