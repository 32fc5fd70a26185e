"""Blind first: the score of some subjects is shown only after a first verdict.

Which subjects is decided by a hash of person and subject, so that nobody can choose; the share is
one's own setting or that of the house, whichever is larger. A first verdict is kept in the
casebook at once: a reload neither hides the score again nor lets anybody think again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.reviews import hash_of
from dashboard.cases.states import Verdict
from dashboard.errors import CasebookUnavailable

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

SHARES = {"0": "Off", "0.25": "One subject in four", "1": "Every subject"}
_SETTING = "setting:blind_first"


def own_share() -> str:
    """This viewer's own setting, one of `SHARES`."""
    kept = open_casebook().draft(_SETTING, viewer=viewer()) or {}
    return str(kept["share"]) if kept.get("share") in SHARES else "0"


def set_own_share(share: str) -> None:
    """Keep this viewer's own setting."""
    open_casebook().save_draft(_SETTING, {"share": share}, viewer=viewer())


def is_blind(subject: str) -> bool:
    """Whether the score of `subject` is still hidden from this viewer."""
    who = viewer()
    if not who.may("decide"):
        return False
    try:
        book = open_casebook()
        share = max(float(own_share()), book.blind_share())
        is_drawn = share > 0.0 and hash_of(who.name, subject) <= share
        return is_drawn and first_verdict(subject, book) is None
    except CasebookUnavailable:
        return False


def first_verdict(subject: str, book: Casebook | None = None) -> str | None:
    """The verdict this viewer gave before the score was shown; None = nothing was hidden."""
    kept = (book or open_casebook()).draft(_slot(subject), viewer=viewer()) or {}
    verdict = kept.get("verdict")
    return str(verdict) if verdict in set(Verdict) else None


def give_first(subject: str, verdict: str) -> None:
    """Keep the first verdict; from now on the score is shown."""
    open_casebook().save_draft(_slot(subject), {"verdict": verdict}, viewer=viewer())


def forget_first(subject: str) -> None:
    """The decision is saved: the next one about this subject may be blind again."""
    open_casebook().forget_draft(_slot(subject), viewer=viewer())


def _slot(subject: str) -> str:
    return f"first:{subject}"
