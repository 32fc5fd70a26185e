"""Ten million orders: does the build still fit into memory and a coffee break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.stages import LARGE, show_size

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path) -> None:
    """Build ten million orders once; prints a row per stage."""
    show_size(folder, LARGE)
