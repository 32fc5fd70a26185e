"""What people write on a day of a metric, for everybody who looks at it later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from dashboard.casebook import chain
from dashboard.casebook.chain import Act
from dashboard.casebook.rows import now
from dashboard.casebook.schema import day_notes
from dashboard.cases.records import DayNote
from dashboard.errors import Gap, IncompleteDecision

if TYPE_CHECKING:
    from datetime import date

LONGEST = 280
"""Characters of a note: what is longer is no remark on a day."""


def write_note(con: Connection, note: DayNote, actor: str) -> None:
    """Write a note; one with `replaces` takes the place of that one, and is none when empty.

    Raises IncompleteDecision when it is empty without replacing one, or too long.
    """
    text = note.text.strip()
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


def notes_between(con: Connection, since: date, until: date) -> list[DayNote]:
    """The notes on these days that nobody took back, oldest day first."""
    within = day_notes.c.day.between(since, until)
    query = select(day_notes).where(within).order_by(day_notes.c.day, day_notes.c.audit_seq)
    rows = con.execute(query).mappings().all()
    replaced = {row["replaces"] for row in rows}
    return [
        DayNote(
            row["day"],
            row["text"],
            row["metric"],
            row["market"],
            written_by=row["written_by"],
            note_id=row["note_id"],
        )
        for row in rows
        if row["text"] and row["note_id"] not in replaced
    ]
