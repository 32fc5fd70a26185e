"""The casebook's part about personal data: the log of looks, and what is shown to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import chain, privacy
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import noting, reading, writing
from dashboard.casebook.rules import check_everywhere

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import polars as pl

    from dashboard.access import Viewer
    from dashboard.cases.privacy import Access, Reveal


class PrivacyBook(BookPart):
    """What `Casebook` has of it; see there."""

    def log_access(self, made: Access, *, viewer: Viewer) -> None:
        """Write down a look, a search or an export; raises CasebookUnavailable."""
        require(viewer, "view")
        with noting(self._engine) as con:
            privacy.log_access(con, made, viewer)

    def accesses(self, since: datetime, *, viewer: Viewer) -> pl.DataFrame:
        """The log since an instant, latest first; raises AccessDenied for who may not audit.

        It is of people who work in every market, so a scope of some sees none of it.
        """
        require(viewer, "audit")
        check_everywhere(viewer, "The log is of")
        with reading(self._engine) as con:
            return privacy.accesses(con, since)

    def purpose_said(self, subject: str, *, viewer: Viewer) -> str:
        """The last reason that `viewer` gave for opening `subject`; empty where none was."""
        require(viewer, "view")
        with reading(self._engine) as con:
            return privacy.purpose_said(con, viewer.name, subject)

    def reveal(
        self,
        subject: str,
        field: str,
        reason: str,
        *,
        viewer: Viewer,
        page: str,
        members: Collection[str] = (),
    ) -> Reveal:
        """Show `viewer` what is of class `field` about `subject`, for a while.

        `members` are the subjects of a group, by key; without any `subject` is one itself.
        Raises AccessDenied for a role that may not, UnknownSubject for somebody outside their
        markets, IncompleteDecision without a reason; then nothing is shown or written.
        """
        require(viewer, "reveal")
        privacy.check_reason(field, reason)
        self._check(members or [subject], viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            return privacy.reveal(con, subject, field, reason, viewer, page)

    def reveals_of(self, subject: str, *, viewer: Viewer) -> list[Reveal]:
        """What `viewer` may still see about `subject`; nothing for a role that may not reveal."""
        require(viewer, "view")
        if not viewer.may("reveal"):
            return []
        with reading(self._engine) as con:
            return privacy.reveals_of(con, viewer.name, subject)
