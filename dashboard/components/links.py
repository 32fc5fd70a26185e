"""Going from page to page by name, with the state in the address.

Streamlit switches pages by object; `app.py` registers the objects here on each
run, so that no page has to import another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.navigation.page import Page

_REGISTRY = "_ringfence_pages"


def register_pages(pages: Mapping[str, Page]) -> None:
    """Remember this run's pages by name: queue, investigate, data and so on."""
    st.session_state[_REGISTRY] = dict(pages)


def go(name: str, params: Mapping[str, str] | None = None) -> None:
    """Leave for page `name` with the query string `params`; ends this run."""
    st.switch_page(st.session_state[_REGISTRY][name], query_params=dict(params or {}))


def has_page(name: str) -> bool:
    """Whether there is a page `name` to go to."""
    return name in st.session_state[_REGISTRY]


def page_link(
    label: str, name: str, params: Mapping[str, str] | None = None, *, icon: str | None = None
) -> None:
    """A link to page `name`; escape names in `label` with md_escape first."""
    target = st.session_state[_REGISTRY][name]
    st.page_link(target, label=label, icon=icon, query_params=dict(params or {}))
