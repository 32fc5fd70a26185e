"""The one HTML page of the app on its way out: told its root, its scripts named by hash.

Streamlit's page asks for its files relative to its own address, and its client looks for the
server there too; below a base path or two slashes deep both would be wrong.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import Message, Scope, Send

HEAD = b"<head>"
OURS = Path(__file__).with_name("browser.js").read_bytes()
"""What the client lacks: it stands in the page, for Streamlit serves no script of ours."""
LOOK = Path(__file__).with_name("browser.css").read_bytes()
"""What its theme cannot say."""
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_RELATIVE = re.compile(rb'(?<==")\./')
_KEPT = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_STAMPS = ("etag", "last-modified")
RULES = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY = "Content-Security-Policy"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def policy(html: bytes = b"") -> str:
    """What a browser may fetch and run: our own files, and the inline scripts of this page."""
    hashes = [f"'sha256-{_digest(script)}'" for script in _INLINE.findall(html)]
    scripts = " ".join([RULES["script-src"], *hashes])
    rules = {**RULES, "script-src": scripts}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def with_root(html: bytes, base: str) -> bytes:
    """The page with our scripts and look first in it, its own files asked for under `base`."""
    rooted = _RELATIVE.sub(f"{base}/".encode(), html)
    scripts = b"".join(b"<script>" + one + b"</script>" for one in (root_script(base), OURS))
    return rooted.replace(HEAD, HEAD + scripts + b"<style>" + LOOK + b"</style>", 1)


def root_script(base: str) -> bytes:
    """Read by Streamlit's client before it connects; without it every deep link probes."""
    root = f"window.location.origin + {json.dumps(base + '/')}"
    return f"window.__streamlit = {{BACKEND_BASE_URL: {root}}};".encode()


def readable(scope: Scope) -> Scope:
    """The request so that a page comes whole and plain: we must read it, and it may have changed.

    A page that a browser kept would lack what a new base path or release put into it.
    """
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [(name, value) for name, value in headers if name not in _KEPT]}


class Outgoing:
    """One response: an HTML page is held back until it is whole, all else passes unread.

    The page is packed for a browser that `reads_gzip`: two thirds of it go.
    """

    def __init__(self, send: Send, base: str, *, reads_gzip: bool = False) -> None:
        self._send = send
        self._base = base
        self._reads_gzip = reads_gzip
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a message on, or keep it until the page is whole."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({**HEADERS, POLICY: policy()})
            if headers.get("location", "").startswith("/"):
                headers["location"] = self._below(headers["location"])
            if _is_page(headers):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self._start)

    def _below(self, path: str) -> str:
        """Where Streamlit leads after a sign-in, which it thinks of at the root."""
        is_below = path == self._base or path.startswith(f"{self._base}/")
        return path if is_below else self._base + path

    async def _finish(self, start: Message) -> None:
        body = with_root(self._body, self._base)
        headers = MutableHeaders(scope=start)
        headers[POLICY] = policy(body)
        if self._reads_gzip:
            body = gzip.compress(body, mtime=0)
            headers["content-encoding"] = "gzip"
            headers.add_vary_header("Accept-Encoding")
        headers["content-length"] = str(len(body))
        for stamp in _STAMPS:
            if stamp in headers:
                del headers[stamp]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(headers: MutableHeaders) -> bool:
    """Whether the browser draws it: a file to keep is kept as it was made."""
    is_file = "content-disposition" in headers or "content-encoding" in headers
    return headers.get("content-type", "").startswith("text/html") and not is_file


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()
