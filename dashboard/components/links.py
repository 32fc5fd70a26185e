"""Going from page to page by name, with the state in the address, and back again.

Streamlit switches pages by object; `app.py` registers the objects here on each
run, so that no page has to import another. Whoever leaves a page for a subject takes the
address of that page along, so that a link leads back to exactly there, after a reload too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from dashboard.components import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streamlit.navigation.page import Page

BACK = "back"
"""Parameter that holds the page that was left, with its own parameters."""
LONGEST_BACK = 1_500
"""Signs of it; what is longer forgets the way back of the way back."""
_REGISTRY = "_ringfence_pages"
_HERE = "_ringfence_here"
# Pages that show one subject, and what the way back to a page is called. The queue and the tour
# travel along in parameters of their own.
_OF_ONE = ("investigate", "case", "community")
_LABELS = {
    "investigate": ("entity", "Back to the subject", "Back to Investigate"),
    "case": ("id", "Back to the case", "Back to the chosen"),
    "rings": ("", "", "Back to rings"),
    "inbox": ("", "", "Back to the inbox"),
    "community": ("community", "Back to the community", "Back to communities"),
    "metrics": ("", "", "Back to metrics"),
    "model": ("", "", "Back to the model card"),
    "data": ("", "", "Back to data"),
}


def register_pages(pages: Mapping[str, Page], here: Page | None = None) -> None:
    """Remember this run's pages by name (queue, investigate, data and so on) and which it is."""
    st.session_state[_REGISTRY] = dict(pages)
    st.session_state[_HERE] = next((name for name, page in pages.items() if page is here), "")


def page_here() -> str:
    """The name of the page that is shown; empty where none is registered."""
    return str(st.session_state.get(_HERE, ""))


def go(name: str, params: Mapping[str, str] | None = None) -> None:
    """Leave for page `name` with the query string `params`; ends this run."""
    st.switch_page(st.session_state[_REGISTRY][name], query_params=_onward(name, params))


def turn_to(params: Mapping[str, str]) -> None:
    """Another subject on the page that is shown, from a callback outside of panels.

    `go` would end this run for a second one, of which the browser clears and draws everything.
    """
    address.turn(_onward(st.session_state[_HERE], params))


def address_of(name: str, params: Mapping[str, str]) -> str:
    """Where `page_link` leads, for a part that draws links of its own: relative to any page."""
    return f"{name}?{urlencode(_onward(name, params))}"


def addresses_of(name: str, param: str, values: Iterable[str]) -> dict[str, str]:
    """The same for one parameter of many values, by value."""
    shown = _onward(name, {param: ""})
    rest = urlencode({key: value for key, value in shown.items() if key != param})
    tail = f"&{rest}" if rest else ""
    return {one: f"{name}?{urlencode({param: one})}{tail}" for one in values}


def has_page(name: str) -> bool:
    """Whether there is a page `name` to go to."""
    return name in st.session_state[_REGISTRY]


def page_link(
    label: str, name: str, params: Mapping[str, str] | None = None, *, icon: str | None = None
) -> None:
    """A link to page `name`; escape names in `label` with md_escape first."""
    target = st.session_state[_REGISTRY][name]
    st.page_link(target, label=label, icon=icon, query_params=_onward(name, params))


def draw_way_back() -> None:
    """On a page that another led to: one line back to where that stood; otherwise nothing."""
    name, _, query = st.query_params.get(BACK, "").partition("?")
    if name not in _LABELS:
        return
    params = dict(parse_qsl(query))
    subject, one, many = _LABELS[name]
    st.page_link(
        st.session_state[_REGISTRY][name],
        label=one if subject in params else many,
        icon=":material/arrow_back:",
        query_params=params,
    )


def _onward(name: str, params: Mapping[str, str] | None) -> dict[str, str]:
    """`params` with the way back from page `name`, if it shows a subject."""
    there, here = dict(params or {}), st.session_state.get(_HERE, "")
    shown = address.current()
    if name not in _OF_ONE or not there:
        return there
    if here == name:  # another subject of the same page: back still leads where it led
        return {BACK: shown[BACK], **there} if BACK in shown else there
    return {**there, BACK: way_back_to(here, shown)} if here in _LABELS else there


def way_back_to(name: str, shown: Mapping[str, str]) -> str:
    """A page and its address as the value of one parameter, which `draw_way_back` reads."""
    whole = f"{name}?{urlencode(shown)}"
    if len(whole) <= LONGEST_BACK:
        return whole
    short = {key: value for key, value in shown.items() if key != BACK}
    return f"{name}?{urlencode(short)}"[:LONGEST_BACK]
