"""Who sits behind this session of the browser: the one place that knows.

Asked for in every run of a page, so that somebody whose role is taken away has lost it with the
next click; inside of one run it is asked once. A thread that belongs to no session is nobody: it
is told whom it acts for.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import config
from streamlit.auth_util import get_secrets_auth_section
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from dashboard.access import Viewer, is_same_person, of_environment, roles
from dashboard.errors import AccessDenied, SignInNeeded, SignInRefused
from dashboard.people.directory import people
from dashboard.people.proxy import CARRIER, carried
from dashboard.people.sign_in import SignIn, refuse_open, sign_in_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.people.directory import Claims, People

DEMO, PROXY = "demo", "proxy"
"""How somebody who came by no OpenID provider is here."""
_CHOSEN = "people.demo"
_ADMITTED = "people.admitted"
_BROWSER = "_streamlit_xsrf"
"""A cookie that Streamlit gives every browser: random, and its own."""
_BROWSERS = 512
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy adds: where one stands, others than this machine come."""
_HOUR = 3600.0


@dataclass(frozen=True)
class Visitor:
    """Somebody and how they are here: `demo`, `proxy`, or the name of an OpenID provider."""

    viewer: Viewer
    way: str


def session_viewer() -> Viewer:
    """The person of the session that asks; raises AccessDenied where that is nobody."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        if _is_served():
            raise AccessDenied("Nobody is signed in where this was asked.", "Reload the page.")
        return of_environment()
    who = visitor().viewer
    if context.fragment_ids_this_run and st.session_state.get(_ADMITTED, who) != who:
        raise AccessDenied("What you may do here has changed.", "Reload the page.")
    return who


def visitor() -> Visitor:
    """Who this session is, and by which sign-in; raises AccessDenied with what to do."""
    sign_in = configured()
    if not sign_in.is_there:
        return Visitor(_demo_person(), DEMO)
    listed, claims = people(), st.user.to_dict()
    if listed is None:  # `sign_in_of` refuses that; nobody is let in by a race with the file
        raise SignInNeeded("No file says who may do what.", "Reload the page.")
    if claims.get("is_logged_in") is True and claims.get("provider") in sign_in.providers:
        return Visitor(_of_token(listed, claims), str(claims["provider"]))
    said = claims.get(CARRIER)
    if sign_in.has_proxy and isinstance(said, str):
        return Visitor(listed.viewer(*carried(said)), PROXY)
    if sign_in.providers:
        raise SignInNeeded("You are not signed in.", "Sign in to see anything.")
    raise SignInNeeded(
        "You are not signed in: nothing that Ringfence believes says who you are.",
        "Come by the address of the proxy that you sign in at.",
    )


def admit() -> Visitor:
    """Who this run of the page is for; what an earlier person left in the session goes."""
    here = visitor()
    if st.session_state.get(_ADMITTED, here.viewer) != here.viewer:
        _forget()
    st.session_state[_ADMITTED] = here.viewer
    return here


def keep_target() -> None:
    """Keep for this browser which page was asked for: a provider sends everybody back to the first.

    Kept is the path on this server alone, so that no link leads elsewhere.
    """
    path = f"/{urlsplit(st.context.url or '').path.lstrip('/')}"
    asked = [(name, one) for name in st.query_params for one in st.query_params.get_all(name)]
    if (browser := _browser()) and (path != "/" or asked):
        query = urlencode(asked, safe=":,")
        _TARGETS.keep(browser, f"{path}?{query}" if query else path)


def go_to_target() -> None:
    """Load the page that this browser had asked for when it was sent to sign in, once."""
    browser, context = _browser(), get_script_run_ctx()
    target = _TARGETS.take(browser) if browser and context else None
    if target and context:
        message = ForwardMsg()
        message.auth_redirect.url = target
        context.enqueue(message)


def configured() -> SignIn:
    """The sign-ins of this server; raises SignInRefused where it may not be open like this."""
    sign_in = sign_in_of(get_secrets_auth_section())
    if _is_served() and not sign_in.is_there:
        origins: Iterable[str] = config.get_option("server.corsAllowedOrigins")
        refuse_open(sign_in, config.get_option("server.address") or "", origins)
        headers = st.context.headers
        if any(name in headers for name in _FORWARDED):
            raise SignInRefused(
                "A proxy stands before this server, and nobody has to sign in.",
                "Let it say who comes, or configure OpenID Connect; docs/sign-in.md says how.",
            )
    return sign_in


def demo_people() -> list[Viewer]:
    """The persons one may be in a demo: that of the environment, then one of each other role."""
    return list(_beside(of_environment()))


@lru_cache(maxsize=8)
def _beside(first: Viewer) -> tuple[Viewer, ...]:
    others = (Viewer(f"demo {name}", name, first.markets) for name in roles())
    return (
        first,
        *(one for one in others if one.role != first.role and not _is_same(one, first)),
    )


def choose(who: Viewer) -> None:
    """Be `who` in this browser of the demo from now on, with nothing of who one was.

    A browser keeps what was typed for fields that are drawn again: it loads the page anew.
    """
    _forget()
    st.session_state[_CHOSEN] = (who.name, who.markets)
    browser, context = _browser(), get_script_run_ctx()
    if browser and context:
        _CHOICES.keep(browser, (who.name, who.markets))
        message = ForwardMsg()
        message.auth_redirect.url = f"?{urlencode(st.query_params.to_dict())}"
        context.enqueue(message)


def _demo_person() -> Viewer:
    """Whom this session chose, else whom this browser did, else the first person."""
    every = _beside(of_environment())
    chosen = st.session_state.get(_CHOSEN)
    if chosen is None and (browser := _browser()):
        chosen = _CHOICES.of(browser)
    if chosen is None:
        return every[0]
    name, markets = chosen
    who = next((one for one in every if one.name == name), every[0])
    # The scope of the environment is the widest: a choice narrows it.
    allowed = markets & who.markets if who.markets and markets else markets or who.markets
    return replace(who, markets=allowed or who.markets)


def _browser() -> str:
    """What tells this browser from another, empty without a cookie.

    Each answer of the server masks the token in it anew; the token stays.
    """
    token, _ = decode_xsrf_token_string(st.context.cookies.get(_BROWSER, ""))
    return token.hex() if token else ""


def _of_token(listed: People, claims: Mapping[str, Any]) -> Viewer:
    """The person of an OpenID token, which Streamlit's cookie keeps for thirty days."""
    rules: Claims = listed.sign_in
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or time.time() - issued > rules.hours * _HOUR:
        raise SignInNeeded("Your sign-in is over.", "Sign in again.")
    said = claims.get(rules.claim)
    if not isinstance(said, str) or not said.strip():
        raise SignInNeeded(
            f"Your sign-in says nothing about {rules.claim!r}, by which people are told apart.",
            "Ask whoever runs Ringfence to choose another claim in its file of people.",
        )
    if rules.claim == "email" and str(claims.get("email_verified", True)).lower() == "false":
        raise SignInNeeded(
            "Your sign-in says that nobody has checked your address.",
            "Confirm it where you sign in, then sign in again.",
        )
    groups = claims.get(rules.groups) or []
    return listed.viewer(said, [groups] if isinstance(groups, str) else list(groups))


def _is_same(one: Viewer, other: Viewer) -> bool:
    return is_same_person(one.name, other.name)


def _forget() -> None:
    for key in [key for key in st.session_state if key != _CHOSEN]:
        del st.session_state[key]


def _is_served() -> bool:
    """Whether a server runs here; a test of a page runs without one."""
    return Runtime.exists() and type(Runtime.instance()) is Runtime


_Kept = TypeVar("_Kept")


class _Choices(Generic[_Kept]):
    """What each browser chose, so that a reload and a second tab have it too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def of(self, browser: str) -> _Kept | None:
        with self._lock:
            return self._kept.get(browser)

    def take(self, browser: str) -> _Kept | None:
        """What was chosen, which is over with that."""
        with self._lock:
            return self._kept.pop(browser, None)

    def keep(self, browser: str, choice: _Kept) -> None:
        with self._lock:
            self._kept[browser] = choice
            while len(self._kept) > _BROWSERS:
                self._kept.popitem(last=False)


_CHOICES: _Choices[tuple[str, frozenset[str]]] = _Choices()
"""Whom each browser of a demo is."""
_TARGETS: _Choices[str] = _Choices()
"""The page that each browser asked for before it was sent to sign in."""
