"""Who looked at whom, and who was shown personal data, why and until when.

A look is one row and no part of the chain; what is shown is sealed in the chain before anything
is. Both refuse in one place what a page must not decide.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl
from sqlalchemy import Connection, insert, select

from dashboard.casebook import chain
from dashboard.casebook.rows import now
from dashboard.casebook.schema import access_log, reveals
from dashboard.cases.privacy import ACTS, Access, Reveal, privacy_rules
from dashboard.errors import Gap, IncompleteDecision
from queries.personal_data import revealed_classes

if TYPE_CHECKING:
    from datetime import datetime

    from dashboard.access import Viewer

LONGEST = 500
MOST_ENTRIES = 100_000
"""Entries of the log that are read at once: a month of forty people, latest first."""
LOG = pl.Schema(
    {
        "at": pl.Datetime("us"),
        **dict.fromkeys(
            ("actor", "role", "act", "page", "subject", "purpose", "detail"), pl.String()
        ),
        "row_count": pl.Int64(),
    }
)


def log_access(con: Connection, made: Access, viewer: Viewer) -> None:
    """Write one row of the log; ValueError for an act that is none."""
    if made.act not in ACTS:
        raise ValueError(f"{made.act!r} is no act of the log")
    row = {
        "log_id": f"log_{uuid4().hex}",
        "at": now(),
        "actor": viewer.name,
        "role": viewer.role,
        "act": made.act,
        "page": made.page,
        "subject": made.subject,
        "purpose": made.purpose[:LONGEST],
        "detail": made.detail[:LONGEST],
        "row_count": made.row_count,
    }
    con.execute(_ENTRY, row)


_ENTRY = insert(access_log)
"""Made once: a view of a page waits for it."""


def accesses(con: Connection, since: datetime) -> pl.DataFrame:
    """The log since an instant (UTC), latest first; columns of `LOG`."""
    columns = [access_log.c[name] for name in LOG]
    query = select(*columns).where(access_log.c.at >= since)
    rows = con.execute(query.order_by(access_log.c.at.desc()).limit(MOST_ENTRIES)).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=LOG, orient="row")


def purpose_said(con: Connection, actor: str, subject: str) -> str:
    """The last reason that `actor` gave for opening `subject`; empty where none was."""
    choices = privacy_rules().purposes.choices
    query = select(access_log.c.purpose).where(
        access_log.c.actor == actor,
        access_log.c.subject == subject,
        access_log.c.purpose.in_(choices),
    )
    return con.execute(query.order_by(access_log.c.at.desc()).limit(1)).scalar() or ""


def check_reason(field: str, reason: str) -> str:
    """The reason as it is recorded; raises IncompleteDecision where it is none."""
    line = " ".join(reason.split())
    rules = privacy_rules().reveal
    if field not in revealed_classes():
        problem = f"{field!r} is no kind of personal data."
        raise IncompleteDecision([Gap("field", problem, "Choose one of the list.", "choose one")])
    if sum(one.isalnum() for one in line) < rules.shortest_reason:
        raise IncompleteDecision(
            [
                Gap(
                    "reason",
                    "There is no reason that somebody could follow later.",
                    f"Write at least {rules.shortest_reason} letters.",
                    "say why",
                )
            ]
        )
    if len(line) > LONGEST:
        problem = f"The reason has {len(line)} characters, at most {LONGEST} fit."
        raise IncompleteDecision([Gap("reason", problem, "Shorten it.", "shorten it")])
    return line


def reveal(
    con: Connection, subject: str, field: str, reason: str, viewer: Viewer, page: str
) -> Reveal:
    """Record that `viewer` is shown what is of class `field` about `subject`, sealed and logged."""
    at = now()
    row: dict[str, Any] = {
        "reveal_id": f"rev_{uuid4().hex[:16]}",
        "subject": subject,
        "field": field,
        "reason": check_reason(field, reason),
        "actor": viewer.name,
        "revealed_at": at,
        "expires_at": at + timedelta(minutes=privacy_rules().reveal.minutes),
    }
    chain.record(con, "reveal", subject, row)
    made = Reveal(**row)
    log_access(con, Access("reveal", page, subject, made.reason, field), viewer)
    return made


def reveals_of(con: Connection, actor: str, subject: str) -> list[Reveal]:
    """What `actor` may still see about `subject` at this moment."""
    query = select(reveals).where(
        reveals.c.actor == actor, reveals.c.subject == subject, reveals.c.expires_at > now()
    )
    rows = con.execute(query.order_by(reveals.c.audit_seq)).mappings()
    return [Reveal(**{name: row[name] for name in _SHOWN}) for row in rows]


_SHOWN = tuple(Reveal.__dataclass_fields__)
