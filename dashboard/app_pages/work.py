"""My work: what one's own decisions took, and whether the score waits for a first verdict."""

from __future__ import annotations

from dashboard.access import require, viewer
from dashboard.panels.quality.times import my_work


def page() -> None:
    """Nobody else's figures stand here."""
    require(viewer(), "decide")
    my_work()
