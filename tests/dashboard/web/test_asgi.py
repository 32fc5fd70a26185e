"""Every response carries the policy, and what the gate refuses never reaches the app."""

from __future__ import annotations

import asyncio
import gzip
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.logger import get_logger

from dashboard.people.proxy import BELIEVED, CARRIER, carried
from dashboard.web.asgi import Guard
from dashboard.web.gate import SOCKET, Gate
from dashboard.web.page import HEADERS, POLICY, root_script

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"<html><head><title>x</title></head></html>"
GATE = Gate("/risk", frozenset({"queue"}), "queue", frozenset({"localhost"}), frozenset())


def run(scope: dict[str, Any], app: Any, guard: Guard | None = None) -> list[dict[str, Any]]:
    """What the guard sent for a request, in a thread of its own: the browser's runs a loop."""
    sent: list[dict[str, Any]] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    whole = {"method": "GET", "path": "/", "query_string": b"", **scope}
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, (guard or Guard(app, GATE))(whole, receive, keep)).result()
    return sent


def answer(
    kind: bytes, body: bytes, accept: bytes = b"text/html", packings: bytes = b"gzip"
) -> tuple[dict[bytes, bytes], Any]:
    """Headers and body of one response that passed the guard, sent in two pieces."""

    async def inner(scope: Any, _receive: Any, send: Any) -> None:
        packed = any(name == b"accept-encoding" for name, _ in scope["headers"])
        headers = [(b"content-type", kind), (b"x-packed", str(packed).encode()), (b"etag", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    headers_in = [(b"accept", accept), (b"accept-encoding", packings), (b"host", b"localhost")]
    sent = run({"type": "http", "headers": headers_in}, inner)
    return dict(sent[0]["headers"]), b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize("kind", [b"text/html; charset=utf-8", b"text/javascript"])
def test_every_response_carries_the_policy(kind: bytes) -> None:
    """Scripts, frames and images come from here or not at all, whatever is served."""
    headers, _ = answer(kind, PAGE)
    for name, value in HEADERS.items():
        assert headers[name.lower().encode()] == value.encode()
    assert headers[POLICY.lower().encode()].startswith(b"default-src 'self'")


def test_a_page_is_told_its_root_before_anything_else_runs() -> None:
    """The script stands first in the head; it comes plain to us, and leaves us packed."""
    headers, body = answer(b"text/html", PAGE)
    page = gzip.decompress(body)
    assert page.index(root_script("/risk")) < page.index(b"<title>")
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"Accept-Encoding"
    assert headers[b"x-packed"] == b"False"
    assert b"etag" not in headers


def test_a_page_is_plain_for_whoever_reads_no_gzip() -> None:
    """A probe by a proxy, or a command line."""
    headers, body = answer(b"text/html", PAGE, packings=b"identity")
    assert root_script("/risk") in body
    assert b"content-encoding" not in headers


def test_other_responses_pass_unread() -> None:
    """A script is neither held back nor changed, and may be packed and kept."""
    headers, body = answer(b"text/javascript", b"<head>not a page", accept=b"*/*")
    assert body == b"<head>not a page"
    assert headers[b"x-packed"] == b"True"
    assert headers[b"etag"] == b"1"


async def unreachable(_scope: Any, _receive: Any, _send: Any) -> None:
    """An app that no refused request may reach."""
    raise AssertionError


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"method": "PUT", "path": "/risk/_stcore/upload_file/a/b"}, 405),
        ({"headers": [(b"host", b"localhost"), (b"content-length", b"9")]}, 413),
        ({"headers": [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")]}, 413),
        ({"headers": [(b"host", b"evil.example")]}, 403),
        ({"path": "/risk/_stcore/metrics"}, 404),
        ({"path": "/risk/nowhere"}, 307),
    ],
)
def test_what_is_refused_never_reaches_the_app(scope: dict[str, Any], status: int) -> None:
    """It is answered at the gate, with the policy on it."""
    sent = run({"type": "http", "headers": [(b"host", b"localhost")], **scope}, unreachable)
    assert sent[0]["status"] == status
    assert POLICY.lower().encode() in dict(sent[0]["headers"])


@pytest.mark.parametrize(
    ("path", "origin", "host"),
    [
        (SOCKET, b"https://evil.example", b"localhost"),
        (SOCKET, b"http://localhost:1", b"localhost"),
        (SOCKET, b"http://evil.example", b"evil.example"),
        ("/elsewhere", b"http://localhost", b"localhost"),
    ],
)
def test_a_foreign_websocket_is_refused(path: str, origin: bytes, host: bytes) -> None:
    """Before it is accepted: another site's page learns nothing, not even our version."""
    headers = [(b"host", host), (b"origin", origin)]
    sent = run({"type": "websocket", "path": path, "headers": headers}, unreachable)
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_the_log_says_once_which_origin_is_refused() -> None:
    """With the option that lets it in; not a line for each of a hundred invented ones."""
    lines: list[str] = []
    keep = logging.Handler()
    keep.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    log = get_logger("dashboard.web.asgi")
    log.addHandler(keep)
    guard = Guard(unreachable, GATE)
    try:
        for name in ("proxy\x1b[31m", *[f"host-{n % 60}" for n in range(120)]):
            headers = [(b"host", b"localhost"), (b"origin", f"https://{name}".encode())]
            run({"type": "websocket", "path": SOCKET, "headers": headers}, unreachable, guard)
    finally:
        log.removeHandler(keep)
    assert "--allow-origin" in lines[0]
    assert "\x1b" not in lines[0]
    assert len(lines) == len(set(lines)) == 20


@pytest.mark.parametrize("path", [SOCKET, f"/risk{SOCKET}"])
def test_our_own_websocket_passes_as_of_its_origin(path: str) -> None:
    """Streamlit believes a cookie of its own origin, and of another asks who we are elsewhere."""
    seen: list[Any] = []

    async def keep(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    headers = [(b"host", b"LocalHost"), (b"origin", b"http://localhost")]
    assert run({"type": "websocket", "path": path, "headers": headers}, keep) == []
    assert seen[0]["path"] == SOCKET
    assert dict(seen[0]["headers"]) == {b"host": b"localhost", b"origin": b"http://localhost"}


@pytest.mark.parametrize(
    ("location", "led_to"),
    [
        (b"/", b"/risk/"),
        (b"/risk/", b"/risk/"),
        (b"/risk", b"/risk"),
        (b"/riskier", b"/risk/riskier"),
        (b"https://login.example.com/authorize", b"https://login.example.com/authorize"),
    ],
)
def test_a_sign_in_leads_back_below_the_base(location: bytes, led_to: bytes) -> None:
    """Streamlit thinks of itself at the root; the provider's address stays as it is."""

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"location", location)]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    sent = run({"type": "http", "headers": [(b"host", b"localhost")]}, inner)
    assert dict(sent[0]["headers"])[b"location"] == led_to


def test_a_visitor_cannot_say_what_only_a_proxy_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other end of the connection counts, and the name of our header is nobody's to use."""
    path = tmp_path / "people.toml"
    path.write_text('[proxy]\nheader = "X-User"\naddresses = ["10.0.0.5"]\n', encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    monkeypatch.setenv(BELIEVED, "")
    seen: list[dict[bytes, bytes]] = []

    async def keep(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(dict(scope["headers"]))

    ours = CARRIER.encode()
    headers = [(b"host", b"localhost"), (b"x-user", b"lea"), (b"x-forwarded-for", b"10.0.0.5")]
    for peer in ("10.0.0.5", "127.0.0.1"):
        scope = {"type": "websocket", "path": SOCKET, "client": (peer, 5)}
        assert run({**scope, "headers": [*headers, (ours, b"forged")]}, keep) == []
    assert carried(seen[0][ours].decode()) == ("lea", [])
    assert ours not in seen[1]
    monkeypatch.delenv(BELIEVED)
    scope = {"type": "websocket", "path": SOCKET, "client": ("10.0.0.5", 5)}
    assert run({**scope, "headers": headers}, keep) == []
    assert ours not in seen[2]  # a header may have said the address
