"""The client's scripts travel packed, and arrive as they are."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers

from dashboard.web.packed import packed, packed_files

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

SCRIPT = b"const words = 'the same again, the same again, the same again';\n" * 40
PATH = "/static/js/index.abc.js"
GZIP = {"accept-encoding": "gzip, deflate, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client of one script, one font, and a page beside them."""
    for name, content in (
        ("static/js/index.abc.js", SCRIPT),
        ("static/media/inter.woff2", b"font"),
        ("index.html", b"<html>"),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path


def _asked(folder: Path, path: str, method: str = "GET", **headers: str) -> Response | None:
    """In a thread of its own: where a browser was driven before, a loop is running in this one."""
    answer = packed(packed_files(folder), method, path, Headers(headers))
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, answer).result()


def test_a_script_arrives_as_it_is_and_is_kept(folder: Path) -> None:
    """Smaller on the way, the same to the byte after it, and not asked for a second time."""
    answer = _asked(folder, PATH, **GZIP)
    assert answer is not None
    assert len(bytes(answer.body)) < len(SCRIPT) / 4
    assert gzip.decompress(bytes(answer.body)) == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (PATH, "HEAD", GZIP),
        (PATH, "GET", {"accept-encoding": "identity"}),
        (PATH, "GET", {**GZIP, "range": "bytes=0-9"}),
        ("/static/media/inter.woff2", "GET", GZIP),
        ("/index.html", "GET", GZIP),
        ("/static/js/../../index.html", "GET", GZIP),
        ("/static/js/absent.js", "GET", GZIP),
    ],
)
def test_all_else_is_left_to_streamlit(
    folder: Path, path: str, method: str, headers: dict[str, str]
) -> None:
    """A client that reads no gzip, a part of a file, a font, and what is no file of the client."""
    assert _asked(folder, path, method, **headers) is None
