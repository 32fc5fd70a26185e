"""Who has a subject open at this moment: a note that somebody else looks, no part of the record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from dashboard.casebook import rows
from dashboard.casebook.schema import presence
from dashboard.people.directory import people

if TYPE_CHECKING:
    from dashboard.access import Viewer

SEEN_FOR = timedelta(minutes=5)
"""So long somebody who opened a subject counts as looking at it (assumption)."""


def look(con: Connection, subject: str, viewer: Viewer) -> None:
    """Note that `viewer` has `subject` open; what they had open before is forgotten."""
    at = rows.now()
    own = presence.c.actor == viewer.name
    is_over = presence.c.seen_at < at - SEEN_FOR
    con.execute(delete(presence).where(own, (presence.c.subject == subject) | is_over))
    con.execute(insert(presence).values(actor=viewer.name, subject=subject, seen_at=at))


def others(con: Connection, subject: str, viewer: Viewer) -> list[str]:
    """Who else has `subject` open, by name: whoever works in a market that `viewer` sees."""
    query = select(presence.c.actor).where(
        presence.c.subject == subject,
        presence.c.actor != viewer.name,
        presence.c.seen_at > rows.now() - SEEN_FOR,
    )
    names = sorted(con.execute(query).scalars())
    return [name for name in names if _shares_market(name, viewer)]


def _shares_market(name: str, viewer: Viewer) -> bool:
    """Whether somebody works in a market of `viewer`; who is in no file of people does."""
    listed = people()
    theirs = listed.markets_of(name) if listed and viewer.markets else None
    return theirs is None or bool(theirs & viewer.markets)
