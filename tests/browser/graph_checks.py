"""What is asked of every picture of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.driving import ask

if TYPE_CHECKING:
    from playwright.sync_api import Page


def overlaps(page: Page) -> list[tuple[str, str]]:
    """Pairs of a name that is drawn and the node or the other name that it covers."""
    labels = {f"name of {one['id']}": one["rect"] for one in ask(page, "labels()")}
    things = {**labels, **ask(page, "boxes()")}
    return [
        (name, other)
        for name, (left, top, right, bottom) in labels.items()
        for other, (l2, t2, r2, b2) in things.items()
        if name != other and left < r2 and l2 < right and top < b2 and t2 < bottom
    ]
