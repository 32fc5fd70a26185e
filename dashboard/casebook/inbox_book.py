"""Inboxes and who looks at what, as the casebook offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import inbox, presence
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import noting, reading

if TYPE_CHECKING:
    from dashboard.access import Viewer
    from dashboard.casebook.inbox import Box, Slice
    from dashboard.cases.records import Case
    from dashboard.cases.states import CaseState


class InboxBook(BookPart):
    """What waits for whom."""

    def inbox_counts(self, box: Box, *, viewer: Viewer) -> dict[CaseState, int]:
        """How many cases of each state are in an inbox of the viewer."""
        require(viewer, "view")
        with reading(self._engine) as con:
            return inbox.counts(con, box, viewer)

    def inbox_page(self, part: Slice, *, viewer: Viewer) -> list[Case]:
        """A part of an inbox, the earliest due first; its cost is that of the part."""
        require(viewer, "view")
        with reading(self._engine) as con:
            return inbox.page(con, part, viewer)

    def inbox_keys(self, part: Slice, *, viewer: Viewer) -> list[tuple[str, CaseState]]:
        """Key and state of every case of an inbox, for whoever sees some markets only."""
        require(viewer, "view")
        with reading(self._engine) as con:
            return inbox.keys(con, part, viewer)

    def look(self, subject: str, *, viewer: Viewer) -> None:
        """Note that the viewer has a subject open; it is no part of the audit trail."""
        require(viewer, "view")
        with noting(self._engine) as con:
            presence.look(con, subject, viewer)

    def who_looks(self, subject: str, *, viewer: Viewer) -> list[str]:
        """Who else has a subject open, by name."""
        require(viewer, "view")
        with reading(self._engine) as con:
            return presence.others(con, subject, viewer)
