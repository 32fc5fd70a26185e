"""What can be done with cases before anybody decides: take them, or put them off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.acts import CaseAct
from dashboard.cases.records import NextStep, SeenAlert
from dashboard.errors import TableMissing
from dashboard.store import build, read

if TYPE_CHECKING:
    from collections.abc import Iterable

SNOOZE_DAYS = (1, 3, 7)
"""Days of the data that a case can be put off."""


def assign_to_me(keys: Iterable[str]) -> None:
    """Put the viewer down as who works on these subjects' cases."""
    who = viewer()
    step = NextStep(CaseAct.CLAIM, build().as_of)
    open_casebook().set_aside(seen(keys), step, viewer=who)


def snooze(keys: Iterable[str], days: int, reason: str) -> None:
    """Take these subjects off the open list for some days, or until something is new."""
    today = build().as_of
    until = today + timedelta(days=days)
    step = NextStep(CaseAct.SNOOZE, today, review_on=until, reason=reason)
    open_casebook().set_aside(seen(keys), step, viewer=viewer())


def wake(keys: Iterable[str]) -> None:
    """Put these subjects back among the open ones."""
    step = NextStep(CaseAct.WAKE, build().as_of)
    open_casebook().set_aside(seen(keys), step, viewer=viewer())


def seen(keys: Iterable[str]) -> list[SeenAlert]:
    """The alerts of subjects as the served build has them; of whom it has none, the subject."""
    chosen = sorted(keys)
    try:
        rows = read("pages/queue/subjects", keys=chosen, markets=[])
    except TableMissing:
        return [SeenAlert(key, None, None) for key in chosen]
    every = {row[0]: SeenAlert(*row) for row in rows.select(_ALERT).iter_rows()}
    return [every.get(key, SeenAlert(key, None, None)) for key in chosen]


_ALERT = ("entity_key", "typology", "score_band")
