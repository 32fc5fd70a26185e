"""The page on its way out: told its root, its scripts named by hash, its files below the base."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.datastructures import Headers

import dashboard
from dashboard.web.page import POLICY, Outgoing, policy, readable, root_script, with_root

PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
OUTSIDE = re.compile(rb"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)
INLINE = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


@pytest.mark.parametrize("base", ["", "/risk", "/a/b"])
def test_a_page_asks_below_its_base_and_nowhere_else(base: str) -> None:
    """Whatever the depth of its own address; and the root comes before anything else runs."""
    page = with_root(PAGE, base)
    assert page.index(root_script(base)) < page.index(b"<meta")
    addresses = re.findall(rb"""(?:src|href)=["']([^"']+)""", page)
    assert len(addresses) > 3
    assert all(one.startswith(f"{base}/".encode()) for one in addresses)
    assert not OUTSIDE.search(page)


def test_exactly_the_scripts_of_the_page_may_run() -> None:
    """Each by its hash; none that is put in later, and none made of text."""
    page = with_root(PAGE, "/risk")
    scripts = INLINE.findall(page)
    hashes = {base64.b64encode(hashlib.sha256(one).digest()).decode() for one in scripts}
    allowed = re.search(r"script-src ([^;]*)", policy(page))
    assert allowed is not None
    assert set(re.findall(r"sha256-([^']+)", allowed[1])) == hashes
    assert len(hashes) == 3
    assert "'unsafe-inline'" not in allowed[1]
    assert "'unsafe-eval'" not in allowed[1]


def test_the_policy_names_no_other_site() -> None:
    """Nothing is fetched from anywhere else, and no other site may frame us."""
    assert "//" not in policy(PAGE)
    assert "default-src 'self'" in policy()
    assert "frame-ancestors 'none'" in policy()
    assert POLICY == "Content-Security-Policy"


def sent(said: dict[bytes, bytes], body: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of an HTML answer as they leave, to a browser that reads gzip."""
    messages: list[Any] = []

    async def keep(message: Any) -> None:
        await asyncio.sleep(0)
        messages.append(message)

    async def answer() -> None:
        out = Outgoing(keep, "", reads_gzip=True)
        headers = list(({b"content-type": b"text/html; charset=utf-8"} | said).items())
        await out.send({"type": "http.response.start", "status": 200, "headers": headers})
        await out.send({"type": "http.response.body", "body": body})

    # In a thread of its own: in that of the browser tests an event loop is running.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, answer()).result()
    start, *parts = messages
    return dict(Headers(raw=start["headers"]).items()), b"".join(one["body"] for one in parts)


def test_a_page_is_packed_and_a_file_to_keep_is_as_it_was_made() -> None:
    """A brief that was packed on its way was saved packed."""
    headers, body = sent({}, PAGE)
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == with_root(PAGE, "")
    for said in ({b"content-disposition": b"attachment"}, {b"content-encoding": b"gzip"}):
        headers, body = sent(said, PAGE)
        assert body == PAGE
        assert ("content-encoding" in headers) == (b"content-encoding" in said)


def test_a_page_is_never_what_a_browser_kept() -> None:
    """It would lack the root of a base path that was set since; other files may be kept."""
    headers = [(b"accept", b"text/html"), (b"if-none-match", b"x"), (b"accept-encoding", b"br")]
    assert readable({"headers": headers})["headers"] == headers[:1]
    others = [(b"accept", b"*/*"), *headers[1:]]
    assert readable({"headers": others})["headers"] == others


def test_no_file_of_ours_fetches_from_another_site() -> None:
    """Styles, scripts, icons and the server's configuration name no address but as a namespace."""
    folder = Path(dashboard.__file__).parent
    served = [*folder.glob("static/*.*"), *folder.glob("components/*/frontend/graph.*")]
    served.append(folder / ".streamlit" / "config.toml")
    assert len(served) > 4
    for path in served:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text, re.IGNORECASE), path
