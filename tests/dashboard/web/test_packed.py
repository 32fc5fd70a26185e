"""The client's scripts travel packed and arrive as they are; of its fonts what is drawn."""

from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from starlette.datastructures import Headers

from dashboard.web.packed import ICONS, packed, packed_files
from tests.dashboard.web.icon_font import icons_in_use, icons_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

SCRIPT = b"const words = 'the same again, the same again, the same again';\n" * 40
PATH = "/static/js/index.abc.js"
GZIP = {"accept-encoding": "gzip, deflate, br"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client of one script, three fonts, and a page beside them."""
    for name, content in (
        ("static/js/index.abc.js", SCRIPT),
        ("static/media/inter.woff2", b"font"),
        ("static/media/MaterialSymbols-Rounded.abc.woff2", b"icons" * 80_000),
        ("static/media/SourceSansVF-Upright.ttf.abc.woff2", b"letters" * 30_000),
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


def test_the_icons_are_those_in_use(folder: Path) -> None:
    """Under the name of Streamlit's font comes ours, which a browser keeps and can read."""
    answer = _asked(folder, "/static/media/MaterialSymbols-Rounded.abc.woff2", **GZIP)
    assert answer is not None
    assert bytes(answer.body) == ICONS.read_bytes()
    assert answer.headers["content-type"] == "font/woff"
    assert "immutable" in answer.headers["cache-control"]


def test_no_icon_that_is_named_is_missing() -> None:
    """An icon that is not in the font stands on the page as its name."""
    assert icons_in_use() <= icons_of(TTFont(ICONS))


def test_letters_are_those_of_the_theme(folder: Path) -> None:
    """Streamlit's font for text is drawn nowhere: whoever asks is led to the theme's."""
    answer = _asked(folder, "/static/media/SourceSansVF-Upright.ttf.abc.woff2", **GZIP)
    assert answer is not None
    assert answer.status_code == HTTPStatus.TEMPORARY_REDIRECT
    assert answer.headers["location"].endswith("/static/fonts/inter-latin-wght-normal.woff2")
