"""The client's own files, made small once and kept: a first view over a slow line is most of them.

Streamlit leaves packing to a proxy, because it would pack each file again for everybody who asks.
Their names hold a hash of their content, so one packing serves until the server ends.

Of its font of four thousand icons the app draws some (`tests.dashboard.web.icon_font` makes ours
of those), and of its font for text nothing: docs/decisions/0142-a-light-first-view.md.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.responses import RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers

FOLDER = Path(streamlit.__file__).parent / "static"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
"""What is text; fonts and pictures are packed as they are."""
ICONS = Path(__file__).parents[1] / "static" / "fonts" / "material-symbols.woff"
"""The icons in use. Streamlit asks for it by the name of its own."""
_ICON_FONT, _TEXT_FONT = "MaterialSymbols-Rounded.*.woff2", "SourceSansVF-*.woff2"
_OUR_TEXT = "../../app/static/fonts/inter-latin-wght-normal.woff2"
"""Where the theme's own font is, seen from Streamlit's: what asks for both has fetched one."""
_KEPT_FOR = "public, max-age=31536000, immutable"
_KEPT = {"Cache-Control": _KEPT_FOR}


def packed_files(folder: Path = FOLDER) -> Mapping[str, Path]:
    """Each file of the client that we answer for, by the path that a browser asks for."""
    files = [one for one in (folder / "static").rglob("*") if one.suffix in TYPES]
    for font in (_ICON_FONT, _TEXT_FONT):
        files += (folder / "static" / "media").glob(font)
    return {f"/{one.relative_to(folder).as_posix()}": one for one in files}


def reads_gzip(headers: Headers) -> bool:
    """Whether who asks can unpack what was packed."""
    return "gzip" in headers.get("accept-encoding", "")


async def packed(
    files: Mapping[str, Path], method: str, path: str, headers: Headers
) -> Response | None:
    """The file at `path`, smaller; None where it is none of ours, or the client reads no gzip."""
    file = files.get(path)
    if file is None or method != "GET" or not reads_gzip(headers) or "range" in headers:
        return None
    if file.match(_ICON_FONT):
        body = await asyncio.to_thread(ICONS.read_bytes)
        return Response(body, headers=_KEPT, media_type="font/woff")
    if file.match(_TEXT_FONT):
        return RedirectResponse(_OUR_TEXT, headers=_KEPT)
    body = await asyncio.to_thread(_gzipped, file)
    said = {
        "Content-Encoding": "gzip",
        **_KEPT,
        "Vary": "Accept-Encoding",
        "Content-Type": TYPES[file.suffix],
    }
    return Response(body, headers=said)


@cache
def _gzipped(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
