"""Audit: who saw, searched for and took out what; and what of it is worth a question."""

from __future__ import annotations

from dashboard.access import require, viewer
from dashboard.components.trail_state import draw_trail_state
from dashboard.panels.audit import access_panel


def page() -> None:
    """The state of the trail, then the log by what is unusual in it."""
    require(viewer(), "audit")
    draw_trail_state()
    access_panel()
