"""The web server around the app: where the server's root is, and what a browser may do.

Why Streamlit's own server is not enough: docs/decisions/0027-web-process.md.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import signal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from streamlit.logger import get_logger

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT_SCRIPT = b'window.__streamlit = {BACKEND_BASE_URL: window.location.origin + "/"};'
"""Read by Streamlit's client before it connects; without it every deep link probes."""
HEAD = b"<head>"
RULES = (
    "default-src 'self'",
    # Plotly and Vega compile functions; Streamlit's page has one inline script.
    "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(RULES),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Guard:
    """Adds the headers to every response and the root to every page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass websockets through; hold back an HTML response until it is whole."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(_plain(scope), receive, _Page(send).send)


def _plain(scope: Scope) -> Scope:
    """The request without `Accept-Encoding` when it asks for a page, which we must read."""
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    plain = [(name, value) for name, value in headers if name != b"accept-encoding"]
    return {**scope, "headers": plain}


class _Page:
    """One response on its way out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on, or keep it until the page is whole."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = with_root(self._body)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        if "etag" in headers:
            headers["etag"] = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def with_root(html: bytes) -> bytes:
    """The page with the root script first in its head; unchanged when it has none."""
    return html.replace(HEAD, HEAD + b"<script>" + ROOT_SCRIPT + b"</script>", 1)


# It says so of every cached function that is defined before the server runs.
get_logger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
# Before the port opens: two first visitors who import one at once find it half made.
for name in ("pandas", "plotly.graph_objects", "dashboard.app"):
    import_module(name)
# Written by the handler itself, in C: it works when every thread waits for the interpreter.
faulthandler.register(signal.SIGUSR1, all_threads=True)
app = st.App(Path(__file__).parents[1] / "app.py", middleware=[Middleware(Guard)])
