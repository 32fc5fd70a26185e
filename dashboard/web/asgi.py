"""The web server around the app: who may enter, where its root is, what a browser may do.

Why Streamlit's own server is not enough: docs/decisions/0027-web-process.md.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from streamlit import config
from streamlit.logger import get_logger

from dashboard.errors import RingfenceError
from dashboard.people.proxy import BELIEVED, CARRIER, with_carrier
from dashboard.people.sign_in import auth_section, secrets_path
from dashboard.web.gate import SOCKET, Gate, base_path, origin_of, own_names
from dashboard.web.packed import packed, packed_files, reads_gzip
from dashboard.web.page import Outgoing, readable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from dashboard.web.gate import Answer

_REFUSED = {"type": "websocket.close", "code": 1008}
_MOST_LOGGED = 20
"""Foreign origins that are named in the log; whoever invents more is not worth a line each."""


class Guard:
    """Stands before Streamlit: opens what the gate lets in and finishes what goes out."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app = app
        self.gate = gate
        self.files = packed_files()
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the app, or hand the request on as if there were no base path."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = self.gate.refused_name(headers.get("host", ""))
        inside = _within(scope, self.gate)
        if scope["type"] == "websocket":
            is_welcome = self.gate.is_welcome(headers.get("origin", ""), headers.get("host", ""))
            if not (name or is_welcome):
                self._log_refused(headers.get("origin", ""), headers.get("host", ""))
            if name or not is_welcome or inside["path"] != SOCKET:
                await receive()
                await send(_REFUSED)
                return
            await self.app(_connection(inside, headers.get("origin", "")), receive, send)
            return
        out = Outgoing(send, self.gate.base, reads_gzip=reads_gzip(headers))
        answer = name or self.gate.answer(
            scope["method"], inside["path"], scope["query_string"].decode("latin-1"), _body(headers)
        )
        if answer:
            await _response(answer)(scope, receive, out.send)
            return
        file = await packed(self.files, scope["method"], inside["path"], headers)
        if file:
            await file(scope, receive, out.send)
            return
        await self.app(readable(inside), receive, out.send)

    def _log_refused(self, origin: str, host: str) -> None:
        """Say once why the pages of an origin stay empty: theirs is the only other sign of it."""
        if origin in self._logged or len(self._logged) >= _MOST_LOGGED:
            return
        self._logged.add(origin)
        get_logger(__name__).warning(
            "Pages of %.80r may not open the websocket of %.80r: another site's, or a proxy that "
            "does not hand on the name it was called by. If it is yours, let it send Host on, or "
            "name it: ringfence serve --allow-origin ORIGIN",
            origin,
            host,
        )


def _within(scope: Scope, gate: Gate) -> Scope:
    """The request below the base, without its `Origin`.

    That has been judged here, once; for one that it does not know, Streamlit would ask a
    machine on the internet what this one's address is.
    """
    path = gate.inside(scope["path"])
    headers = [(name, value) for name, value in scope["headers"] if name != b"origin"]
    return {**scope, "path": path, "raw_path": path.encode(), "headers": headers}


def _connection(scope: Scope, origin: str) -> Scope:
    """A websocket that has been let in: who a trusted proxy says it is, and its origin.

    Streamlit believes its sign-in cookie only where it is told the origin, and asks nobody
    whose that is where the host has the same name.
    """
    headers = with_carrier(scope["headers"], _peer(scope))
    if origin:
        own = [(name, value) for name, value in headers if name != b"host"]
        host = urlsplit(origin).netloc
        headers = [*own, (b"host", host.encode()), (b"origin", origin.encode())]
    return {**scope, "headers": headers}


def _body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _response(answer: Answer) -> Response:
    quiet = {"Cache-Control": "no-cache"}
    if answer.location:
        return Response(status_code=answer.status, headers={**quiet, "Location": answer.location})
    closing = {"Connection": "close"} if answer.status != HTTPStatus.NOT_FOUND else {}
    return PlainTextResponse(f"{answer.sentence}\n", answer.status, {**quiet, **closing})


def _gate() -> Gate:
    """The rules from Streamlit's own options, which `ringfence serve` sets.

    Streamlit itself serves from its root whatever the base: a proxy that takes the base off
    and one that does not then come to the same.
    """
    from dashboard.app import HOME, PAGES

    base = base_path(config.get_option("server.baseUrlPath") or "")
    config.set_option("server.baseUrlPath", "")
    origins = frozenset(origin_of(one) for one in config.get_option("server.corsAllowedOrigins"))
    allowed = config.get_option("server.allowedHosts")
    hosts = own_names(config.get_option("server.address") or "", allowed, origins)
    # Judged by the gate: Streamlit sees the name that the browser does.
    config.set_option("server.allowedHosts", [])
    return Gate(base, frozenset(PAGES), HOME, hosts, origins, _signs_in())


def _signs_in() -> bool:
    """Whether Streamlit's sign-in is configured: from one file, and with what a proxy says.

    A fault in the files is said on the page, in which nobody is let in.
    """
    config.set_option("secrets.files", [str(secrets_path())])
    config.set_option("server.trustedUserHeaders", {CARRIER: CARRIER})
    with suppress(RingfenceError):
        return bool(auth_section())
    return False


def _peer(scope: Scope) -> str:
    """The address at the other end of the connection; empty where a header may have said it.

    The server below has read by now which addresses it believes about forwarding: it puts what
    they forward in the place of their own.
    """
    is_rewritten = os.environ.get(BELIEVED) != "" and any(
        name.lower() == b"x-forwarded-for" for name, _ in scope["headers"]
    )
    peer = scope.get("client")
    return peer[0] if peer and not is_rewritten else ""


@asynccontextmanager
async def _with_base(_app: st.App) -> AsyncIterator[None]:
    """Once its routes stand at the root, Streamlit is told where browsers find them.

    It sends them to sign in below the base, and its cookies are of nothing else of the site.
    """
    config.set_option("server.baseUrlPath", GATE.base)
    yield


# It says so of every cached function that is defined before the server runs.
get_logger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
# Before the port opens: two first visitors who import one at once find it half made.
for name in ("pandas", "plotly.graph_objects", "dashboard.app"):
    import_module(name)
# Written by the handler itself, in C: it works when every thread waits for the interpreter.
faulthandler.register(signal.SIGUSR1, all_threads=True)
GATE = _gate()
app = st.App(
    Path(__file__).parents[1] / "app.py",
    middleware=[Middleware(Guard, gate=GATE)],
    lifespan=_with_base,
)
