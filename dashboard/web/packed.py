"""The client's own scripts, packed once and kept: a first view over a slow line is most of them.

Streamlit leaves this to a proxy, because it would pack each file again for everybody who asks.
Their names hold a hash of their content, so one packing serves until the server ends.
"""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers

FOLDER = Path(streamlit.__file__).parent / "static"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
"""What is text; fonts and pictures are packed as they are."""
_KEPT_FOR = "public, max-age=31536000, immutable"


def packed_files(folder: Path = FOLDER) -> Mapping[str, Path]:
    """Each file of the client that is worth packing, by the path that a browser asks for."""
    files = (one for one in (folder / "static").rglob("*") if one.suffix in TYPES)
    return {f"/{one.relative_to(folder).as_posix()}": one for one in files}


async def packed(
    files: Mapping[str, Path], method: str, path: str, headers: Headers
) -> Response | None:
    """The file at `path` as gzip; None where it is none of ours, or the client reads no gzip."""
    file = files.get(path)
    accepts = "gzip" in headers.get("accept-encoding", "")
    if file is None or method != "GET" or not accepts or "range" in headers:
        return None
    body = await asyncio.to_thread(_gzipped, file)
    said = {
        "Content-Encoding": "gzip",
        "Cache-Control": _KEPT_FOR,
        "Vary": "Accept-Encoding",
        "Content-Type": TYPES[file.suffix],
    }
    return Response(body, headers=said)


@cache
def _gzipped(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
