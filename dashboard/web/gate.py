"""Who and what may enter the server: names, origins, methods and paths.

Everything that the app does not need is closed, so that what Streamlit adds in a later
release is closed too: uploads, old components, its agent interface, metrics. Sign-in is open
where OpenID Connect is configured.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from dashboard.errors import RingfenceError
from dashboard.state import LOST

if TYPE_CHECKING:
    from collections.abc import Iterable

SOCKET = "/_stcore/stream"
FILES = frozenset({"/_stcore/health", "/_stcore/host-config", "/favicon.png", "/manifest.json"})
FOLDERS = ("/static/", "/media/", "/app/static/", "/_stcore/bidi-components/")
"""The client's own files, downloads, our fonts and icons, and the graph's script."""
CLOSED = ("/_stcore", "/component", "/media", "/static", "/app", "/auth", "/oauth2callback")
"""Streamlit's other places: not there, rather than a page that is not."""
SIGN_IN = frozenset({"/auth/login", "/auth/logout", "/oauth2callback"})
"""The way to the provider, back from it, and out."""
READS = ("GET", "HEAD")
_LONGEST_LOST = 60
_BASE = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_WEB_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """What the gate says in place of the app: a sentence, or another address to go to."""

    status: HTTPStatus
    sentence: str = ""
    location: str = ""


@dataclass(frozen=True)
class Gate:
    """The rules of one server.

    `base` is the path below which a proxy serves it (`/risk`; empty = the root), `pages` the
    addresses of pages, `home` the one that has none of its own, `hosts` names it answers to
    (`*.example.com` for all below one), `origins` sites whose pages may talk to it. `signs_in` =
    people come by an OpenID provider.
    """

    base: str
    pages: frozenset[str]
    home: str
    hosts: frozenset[str]
    origins: frozenset[str]
    signs_in: bool = False

    def inside(self, path: str) -> str:
        """The path without the base: a proxy may have taken it off, or may not."""
        if self.base and (path == self.base or path.startswith(f"{self.base}/")):
            return path[len(self.base) :] or "/"
        return path

    def refused_name(self, host: str) -> Answer | None:
        """Whether it is asked by a name that is not its own, as another site's page would.

        A number is nobody's to redirect; a name is, by whoever owns it.
        """
        name = _host_name(host)
        if name and (_is_number(name) or any(fnmatchcase(name, one) for one in self.hosts)):
            return None
        sentence = (
            f"This server does not go by the name {name[:80]!r}. Use its own address, or let "
            f"whoever runs it add the name: ringfence serve --allow-origin https://{name[:80]}"
        )
        return Answer(HTTPStatus.FORBIDDEN, sentence)

    def is_welcome(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` may open the websocket: its own pages, and those allowed."""
        if not origin:
            return True  # no browser: a browser always says
        own = origin.lower()
        return own.partition("://")[2] == host.lower() or own in self.origins

    def answer(self, method: str, path: str, query: str, has_body: bool) -> Answer | None:
        """What the gate says to a request for `path` (without the base); None = let it in."""
        if method not in READS:
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, "This server takes no uploads.")
        if has_body:
            return Answer(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This server reads no request bodies."
            )
        if path in FILES or (path.startswith(FOLDERS) and not path.endswith("/")):
            return None
        if self.signs_in and path in SIGN_IN:
            return None
        if any(path == place or path.startswith(f"{place}/") for place in CLOSED):
            return Answer(HTTPStatus.NOT_FOUND, "There is no such file.")
        return self._page(path, query)

    def _page(self, path: str, query: str) -> Answer | None:
        """Other spellings of a page lead to it, no page to the queue, which says so."""
        name = path.strip("/").lower()
        if name in {"", self.home}:
            return None if path == "/" else self._to("", query)
        if name in self.pages:
            return None if path == f"/{name}" else self._to(name, query)
        if "." in name.rpartition("/")[2]:
            return Answer(HTTPStatus.NOT_FOUND, "There is no such file.")
        return self._to("", f"{LOST}={quote(path[:_LONGEST_LOST], safe='')}")

    def _to(self, name: str, query: str) -> Answer:
        where = f"{self.base}/{name}" + (f"?{query}" if query else "")
        return Answer(HTTPStatus.TEMPORARY_REDIRECT, location=where)


def base_path(text: str) -> str:
    """`risk`, `/risk` or `/risk/` as `/risk`; nothing or `/` as nothing."""
    base = "/".join(["", *filter(None, text.strip().split("/"))])
    if not _BASE.fullmatch(base):
        raise RingfenceError(
            f"{text!r} is no path to serve below: letters, digits and . _ ~ - between slashes.",
            "Give one such as --base-path /risk",
        )
    return base


def origin_of(text: str) -> str:
    """`HTTPS://Risk.Example.com/` as a browser says it: `https://risk.example.com`."""
    parts = urlsplit(text.strip().lower())
    try:
        port = parts.port
    except ValueError:
        port = 0
    if (
        parts.scheme not in _WEB_PORTS
        or not parts.hostname
        or port == 0
        or parts.path not in {"", "/"}
        or parts.query
        or "@" in parts.netloc
    ):
        raise RingfenceError(
            f"{text!r} is no origin: scheme and host, with a port where it is not the usual one.",
            "Give one such as --allow-origin https://risk.example.com",
        )
    is_usual = port is None or port == _WEB_PORTS[parts.scheme]
    netloc = parts.netloc.removesuffix(f":{port}") if is_usual else parts.netloc
    return f"{parts.scheme}://{netloc}"


def own_names(address: str, allowed: Iterable[str], origins: Iterable[str]) -> frozenset[str]:
    """Names a server answers to: this machine's, where it listens, and those of its origins."""
    given = {address, *allowed, *(urlsplit(origin).hostname or "" for origin in origins)}
    names = {"localhost", socket.gethostname(), *given}
    return frozenset(name.strip().lower().rstrip(".") for name in names if name.strip())


def _host_name(host: str) -> str:
    """The name in a `Host` header, without port and brackets; empty when it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # a port that is no number is refused
    except ValueError:
        return ""
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return ""
    return (parts.hostname or "").rstrip(".")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
