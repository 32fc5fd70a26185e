"""Every response carries the policy, and every page is told where its server is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.web.asgi import HEADERS, ROOT_SCRIPT, Guard

PAGE = b"<html><head><title>x</title></head></html>"


def answer(
    kind: bytes, body: bytes, accept: bytes = b"text/html"
) -> tuple[dict[bytes, bytes], Any]:
    """Headers and body of one response that passed the guard, sent in two pieces."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, _receive: Any, send: Any) -> None:
        packed = any(name == b"accept-encoding" for name, _ in scope["headers"])
        headers = [(b"content-type", kind), (b"x-packed", str(packed).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    async def keep(message: Any) -> None:
        sent.append(message)

    headers_in = [(b"accept", accept), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "headers": headers_in}
    # A thread of its own: a browser that is open in this one already runs a loop.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, Guard(inner)(scope, None, keep)).result()  # type: ignore[arg-type]
    return dict(sent[0]["headers"]), b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize("kind", [b"text/html; charset=utf-8", b"text/javascript"])
def test_every_response_carries_the_policy(kind: bytes) -> None:
    """Scripts, frames and images come from here or not at all, whatever is served."""
    headers, _ = answer(kind, PAGE)
    for name, value in HEADERS.items():
        assert headers[name.lower().encode()] == value.encode()
    assert "default-src 'self'" in HEADERS["Content-Security-Policy"]


def test_a_page_is_told_its_root_before_anything_else_runs() -> None:
    """The script stands first in the head, the length is right, and nothing was packed."""
    headers, body = answer(b"text/html", PAGE)
    assert body.index(ROOT_SCRIPT) < body.index(b"<title>")
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"x-packed"] == b"False"


def test_other_responses_pass_unread() -> None:
    """A script is neither held back nor changed, and may be packed."""
    headers, body = answer(b"text/javascript", b"<head>not a page", accept=b"*/*")
    assert body == b"<head>not a page"
    assert headers[b"x-packed"] == b"True"
