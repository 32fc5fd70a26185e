"""Who is signed in: quiet in the head of every page; and what stands there for nobody.

In a demo it says so, and lets one be another person: two browsers are then two people, and what
needs a second one can be tried.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import access
from dashboard.components.choices import several_of
from dashboard.components.empty_state import show_problem
from dashboard.errors import RingfenceError, SignInNeeded
from dashboard.people import session
from dashboard.people.directory import people
from dashboard.people.sign_in import UNNAMED
from dashboard.store import read
from dashboard.text import joined, md_escape, plain

if TYPE_CHECKING:
    from dashboard.access import Viewer

LONGEST = 28
_DEMO = "Demo: nobody signs in here, and anybody at this machine is whom they choose."


def draw_who(here: session.Visitor) -> None:
    """The name and the role in the head; behind it what they may do, and the way out."""
    who, role = here.viewer, _role(here.viewer)
    label = f"{md_escape(who.name, length=LONGEST)} · {role}{_scope(who)}"
    is_demo = here.way == session.DEMO
    box = st.popover(
        f"Demo: {label}" if is_demo else label,
        icon=":material/person:",
        key="who.more",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        if is_demo:
            _draw_switcher(who)
        else:
            st.markdown(f"**{md_escape(who.name)}**")
        st.caption(_sentence(who))
        if not is_demo:
            _draw_way_out(here)


def draw_sign_in(error: RingfenceError) -> None:
    """For nobody: why, and where to sign in. Nothing else is on the page."""
    st.title("Ringfence", anchor=False)
    show_problem(error)
    try:
        providers = session.configured().providers
    except RingfenceError:
        return
    is_signed_in = bool(st.user.to_dict().get("is_logged_in"))
    with st.container(horizontal=True):
        if not is_signed_in or isinstance(error, SignInNeeded):
            for name in providers:
                label = "Sign in" if name == UNNAMED else f"Sign in with {md_escape(name)}"
                st.button(label, type="primary", on_click=_sign_in, args=(name,), key=name)
        if is_signed_in:
            st.button("Sign out", on_click=st.logout, key="sign_out")


def _sign_in(provider: str) -> None:
    session.keep_target()
    st.login(None if provider == UNNAMED else provider)


def _draw_way_out(here: session.Visitor) -> None:
    if here.way != session.PROXY:
        st.button("Sign out", on_click=st.logout, key="who.out", icon=":material/logout:")
        return
    listed = people()
    if listed and listed.proxy and listed.proxy.sign_out:
        st.link_button("Sign out", listed.proxy.sign_out, icon=":material/logout:")
    else:
        st.caption("You are signed in at the proxy, and sign out there.")


def _draw_switcher(who: Viewer) -> None:
    st.caption(_DEMO)
    every = session.demo_people()
    names = [one.name for one in every]
    st.selectbox(
        "Person",
        every,
        index=names.index(who.name) if who.name in names else 0,
        format_func=lambda one: f"{plain(one.name, length=LONGEST)} · {_role(one)}",
        key="who.person",
        on_change=_be,
    )
    several_of(
        "Markets",
        {market: plain(market) for market in _markets(every[0])},
        default=sorted(who.markets),
        placeholder="All of yours" if every[0].markets else "Every market",
        key="who.markets",
        on_change=_be,
    )


def _be() -> None:
    chosen: Viewer = st.session_state["who.person"]
    markets: list[str] = st.session_state["who.markets"]
    session.choose(replace(chosen, markets=frozenset(markets)))


def _markets(first: Viewer) -> list[str]:
    """Those there are to choose from: of the person that the environment names."""
    try:
        with access.acting_as(replace(first, role=access.DEFAULT_ROLE)):
            return sorted(read("pages/people/markets")["market"])
    except RingfenceError:
        return sorted(first.markets)


def _role(who: Viewer) -> str:
    role = access.roles().get(who.role)
    return role.label if role else f"no role ({md_escape(who.role, length=LONGEST)})"


def _scope(who: Viewer) -> str:
    return f" · {md_escape(', '.join(sorted(who.markets)), length=LONGEST)}" if who.markets else ""


def _sentence(who: Viewer) -> str:
    """What they may do and where, in the words of the file of roles."""
    role = access.roles().get(who.role)
    may = [words for name, words in access.permissions().items() if role and name in role.may]
    where = joined(sorted(who.markets)) if who.markets else "every market"
    can = f"May {joined(may)}." if may else "May do nothing."
    return md_escape(f"{_role(who)} of {where}. {can}")
