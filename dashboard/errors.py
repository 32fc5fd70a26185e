"""The dashboard's error tree: a sentence and a remedy.

A message says what was found and what was expected; the remedy says what to do
next. `app.py` shows exactly these two lines, so an analyst never reads a trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RingfenceError(Exception):
    """Something we foresaw: `message` says what was found, `remedy` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


class DatabaseMissing(RingfenceError):
    """There is no file where the scored database should be."""


class DatabaseUnreadable(RingfenceError):
    """The file is there, but it is not a complete database of ours."""


class DatabaseOutdated(RingfenceError):
    """The database was built under another contract version."""


class TableMissing(RingfenceError):
    """One table a panel needs is not in the database; `table` names it."""

    def __init__(self, table: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.table = table


class AccessDenied(RingfenceError):
    """The viewer's role does not include this action."""


class SignInRefused(AccessDenied):
    """Nobody is let in: a sign-in is missing, half configured, or its file breaks a rule."""


class SignInNeeded(AccessDenied):
    """Nobody is signed in here, or not any more, or as nobody who could be listed."""


class CasebookError(RingfenceError):
    """The casebook refused a write; nothing was changed."""


class CasebookUnavailable(CasebookError):
    """The casebook cannot be reached, migrated, or was written by a newer release."""


class UnknownSubject(CasebookError):
    """A write about somebody who is not in the data, or not in the markets of who writes."""


class UnknownMessage(CasebookError):
    """An answer to a message that never left here."""


class IllegalTransition(CasebookError):
    """A case may not move from its state to the one asked for."""


class StaleCase(CasebookError):
    """Somebody else changed the case since this viewer read it."""


@dataclass(frozen=True)
class Gap:
    """One thing that a decision lacks: the field it is missing in, what was found, what to do.

    `short` is the remedy in the few words that fit beside the field's name.
    """

    field: str
    problem: str
    remedy: str
    short: str


class IncompleteDecision(CasebookError):
    """A decision lacks what its verdict requires; `gaps` are all that it lacks."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(
            " ".join(gap.problem for gap in gaps), " ".join(gap.remedy for gap in gaps)
        )
        self.gaps = tuple(gaps)


class BulkRefused(CasebookError):
    """A decision over a filter about too many, or too severe for whom nobody has looked at."""


class SnapshotMissing(CasebookError):
    """What a decision was taken on is not in the casebook."""


class OutboxError(RingfenceError):
    """A message did not leave, or an answer cannot be taken."""


class KeyUnusable(RingfenceError):
    """The key of the audit trail is short, or others can read it."""


class AnchorsBroken(RingfenceError):
    """The log of anchors was changed, or signed with another key."""


class ErasureRefused(CasebookError):
    """What a legal hold keeps, or a trail that does not hold, is not erased."""


class RestoreRefused(CasebookError):
    """A backup that is damaged, or in whose place later entries would be lost."""


class AddressTaken(RingfenceError):
    """Another program listens where the server was to listen."""


def reason_of(error: Exception) -> str:
    """Why a database cannot be read, in one line without what a library adds for its makers."""
    line = str(error).partition("\n")[0].removeprefix("IO Error: ")
    versions = _VERSIONS.search(line)
    if versions:
        return (
            f"another version of DuckDB wrote it, in storage version {versions[1]}; "
            f"this one reads {versions[2]} to {versions[3]}"
        )
    return line


_VERSIONS = re.compile(r"version number (\d+), but we can only read .*?(\d+) (?:and|to) (\d+)")
