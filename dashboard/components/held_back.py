"""Subjects whose earlier verdict is held back until the viewer has given a second one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.components.empty_state import empty_state
from dashboard.components.links import page_link
from dashboard.errors import CasebookUnavailable
from dashboard.text import plural

if TYPE_CHECKING:
    from collections.abc import Collection

LINKS_SHOWN = 5


def draw_held_back(keys: Collection[str]) -> bool:
    """Say what is to be judged first, and where; False = nothing of `keys` is held back."""
    held: dict[str, str] = {}
    with suppress(CasebookUnavailable):
        held = open_casebook().held_back(keys, viewer=viewer())
    if not held:
        return False
    what = "This subject waits" if len(keys) == 1 else f"{plural(len(held), 'of them')} wait"
    empty_state(
        f"{what} for your second look, without the first verdict.",
        "Give yours on Quality, then this page opens.",
    )
    for number, task in enumerate(list(held.values())[:LINKS_SHOWN], 1):
        label = "Review it" if len(held) == 1 else f"Review {number}"
        page_link(label, "quality", {"review": task}, icon=":material/rate_review:")
    return True
