"""What the keeper of the casebook does: hold, release, erase, retain, back up and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import chain, copies, dumps, erasing, holds, retaining
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import compact, reading, writing

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.access import Viewer
    from dashboard.casebook.dumps import Backup
    from dashboard.casebook.erasing import Erasure
    from dashboard.casebook.retaining import Retained


class RecordKeeping(BookPart):
    """The part of the casebook that only whoever may administer reaches."""

    def hold(self, subject: str, reason: str, *, viewer: Viewer) -> None:
        """Keep all about a subject (`type:id`) until it is released."""
        require(viewer, "administer")
        with writing(self._engine) as con:
            chain.lock(con)
            holds.hold(con, subject, reason, viewer.name)

    def release(self, subject: str, reason: str, *, viewer: Viewer) -> int:
        """End every legal hold on a subject; gives how many."""
        require(viewer, "administer")
        with writing(self._engine) as con:
            chain.lock(con)
            return holds.release(con, subject, reason, viewer.name)

    def erase(self, subject: str, basis: str, *, viewer: Viewer) -> Erasure:
        """Erase what people wrote about a subject, from the file too; raises ErasureRefused."""
        require(viewer, "administer")
        with writing(self._engine) as con:
            chain.lock(con)
            made = erasing.erase(con, subject, basis, viewer.name)
        compact(self._engine)
        return made

    def copies_beside(self) -> list[Path]:
        """Copies from before a migration, which still hold what was erased since."""
        with reading(self._engine) as con:
            return copies.beside(con)

    def retain(self, *, viewer: Viewer) -> Retained:
        """Drop what is older than the house keeps it."""
        require(viewer, "administer")
        with writing(self._engine) as con:
            chain.lock(con)
            made = retaining.retain(con, viewer.name)
        compact(self._engine)
        return made

    def backup(self, target: Path, *, viewer: Viewer) -> Backup:
        """Write the whole casebook to a file, as it is at one moment."""
        require(viewer, "administer")
        with reading(self._engine) as con:
            return dumps.backup(con, target)

    def restore(self, source: Path, *, viewer: Viewer, is_forced: bool = False) -> Backup:
        """Put a backup in the place of what is there, all or nothing; raises RestoreRefused."""
        require(viewer, "administer")
        with writing(self._engine) as con:
            chain.lock(con)
            return dumps.restore(con, source, is_forced=is_forced)

    def end(self) -> tuple[int, str]:
        """The number and the seal of the last entry of the trail."""
        with reading(self._engine) as con:
            return chain.end(con)
