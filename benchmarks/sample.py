"""The sample marketplace and its build in a folder, made once and reused after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.build import Order, build
from sample_data import WorldSettings, generate, is_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.build import Report


def world(folder: Path, orders: int) -> Path:
    """Folder of raw tables of that many orders."""
    raw, settings = folder / f"world-{orders}", WorldSettings(orders=orders)
    if not is_current(raw, settings):
        generate(raw, settings)
    return raw


def built(
    folder: Path, orders: int, on_progress: Callable[[str, str, int], None] | None = None
) -> Report:
    """The build of that marketplace; made now only when it is not there."""
    return build(Order(world(folder, orders), folder / f"build-{orders}"), on_progress)
