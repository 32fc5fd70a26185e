"""What people write on a day of a metric, for everybody who looks at it later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from dashboard.access import is_same_person
from dashboard.casebook import chain
from dashboard.casebook.chain import Act
from dashboard.casebook.rows import now
from dashboard.casebook.schema import day_notes
from dashboard.cases.records import DayNote
from dashboard.errors import AccessDenied, Gap, IncompleteDecision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboard.access import Viewer

LONGEST = 280
"""Characters of a note: what is longer is no remark on a day."""


def is_seen(note: DayNote, who: Viewer) -> bool:
    """Of notes on every market whoever sees some reads their own only: one may speak of any."""
    is_own = is_same_person(note.written_by, who.name)
    return not who.markets or who.sees(note.market or None) or (is_own and not note.market)


def write_note(con: Connection, note: DayNote, who: Viewer) -> None:
    """Write a note; one with `replaces` takes the place of that one, and is none when empty.

    Raises IncompleteDecision when it is empty without replacing one, or too long, AccessDenied
    for a market, or in place of a note, that `who` does not see.
    """
    text, actor = note.text.strip(), who.name
    _check_market(con, note, who)
    if not text and note.replaces is None:
        raise IncompleteDecision(
            [Gap("text", "The note is empty.", "Write what happened.", "write it")]
        )
    if len(text) > LONGEST:
        problem = f"The note has {len(text)} characters, at most {LONGEST} fit."
        raise IncompleteDecision([Gap("text", problem, "Shorten it.", "shorten it")])
    row: dict[str, Any] = {
        "note_id": f"nte_{uuid4().hex[:16]}",
        "metric": note.metric,
        "market": note.market,
        "day": note.day,
        "text": text,
        "replaces": note.replaces,
        "written_by": actor,
        "written_at": now(),
        "audit_seq": chain.next_seq(con),
    }
    con.execute(insert(day_notes).values(**row))
    subject = f"metric:{note.metric or 'all'}"
    chain.append(con, Act(row["written_at"], actor, "write_note", subject, None, row))


def _check_market(con: Connection, note: DayNote, who: Viewer) -> None:
    replaced = select(day_notes).where(day_notes.c.note_id == note.replaces)
    others = [_note(row) for row in con.execute(replaced).mappings()]
    hidden = [one for one in others if not is_seen(one, who)]
    if hidden or not is_seen(replace(note, written_by=who.name), who):
        raise AccessDenied(
            f"You see {', '.join(sorted(who.markets))}, and this note is not of these markets.",
            "Write it on your own, or ask somebody who sees the others.",
        )


def _note(row: Mapping[Any, Any]) -> DayNote:
    return DayNote(
        row["day"],
        row["text"],
        row["metric"],
        row["market"],
        written_by=row["written_by"],
        note_id=row["note_id"],
    )


def notes_between(con: Connection, since: date, until: date) -> list[DayNote]:
    """The notes on these days that nobody took back, oldest day first."""
    within = day_notes.c.day.between(since, until)
    query = select(day_notes).where(within).order_by(day_notes.c.day, day_notes.c.audit_seq)
    rows = con.execute(query).mappings().all()
    replaced = {row["replaces"] for row in rows}
    return [_note(row) for row in rows if row["text"] and row["note_id"] not in replaced]
