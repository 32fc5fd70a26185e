"""Which subjects belong together in the eyes of the analysts, and which links are none.

The build proposes: a ring is one case. People split it, add to it, put two together or make a
case by hand; of each subject and of each link the last word holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from dashboard.casebook import chain
from dashboard.casebook.chain import Act
from dashboard.casebook.rows import now
from dashboard.casebook.schema import assignments, link_verdicts
from dashboard.cases.records import Assignment, LinkVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

HAND_MADE = "hnd_"
"""Begins the id of a case that somebody made."""


def new_group() -> str:
    """An id for a case made by hand."""
    return f"{HAND_MADE}{uuid4().hex[:10]}"


def assign(con: Connection, keys: Iterable[str], to: Assignment, actor: str) -> None:
    """Move subjects (`merchant:mer_1`) to the case `to.group_id`, each with its audit entry."""
    for key in keys:
        entity_type, _, entity_id = key.partition(":")
        row = {
            "assignment_id": f"asg_{uuid4().hex[:16]}",
            "entity_type": entity_type,
            "entity_id": entity_id,
            **vars(to),
            "assigned_by": actor,
            "assigned_at": now(),
            "audit_seq": chain.next_seq(con),
        }
        con.execute(insert(assignments).values(**row))
        chain.append(con, Act(row["assigned_at"], actor, "assign", f"group:{key}", None, row))


def assigned(con: Connection) -> dict[str, Assignment]:
    """Where each subject that was ever moved is now, by key."""
    rows = con.execute(select(assignments).order_by(assignments.c.audit_seq)).mappings()
    return {
        f"{row['entity_type']}:{row['entity_id']}": Assignment(
            row["group_id"], row["title"], row["note"]
        )
        for row in rows
    }


def judge_link(con: Connection, link: LinkVerdict, actor: str) -> None:
    """Record what somebody says of a link; its ends are kept in one order."""
    src, dst = sorted((link.src, link.dst))
    row: dict[str, Any] = {
        "link_id": f"lnk_{uuid4().hex[:16]}",
        "src": src,
        "dst": dst,
        "verdict": link.verdict,
        "note": link.note,
        "decided_by": actor,
        "decided_at": now(),
        "audit_seq": chain.next_seq(con),
    }
    con.execute(insert(link_verdicts).values(**row))
    chain.append(con, Act(row["decided_at"], actor, "judge_link", f"link:{src}", None, row))


def judged_links(con: Connection) -> list[LinkVerdict]:
    """The last word about each link that was judged."""
    rows = con.execute(select(link_verdicts).order_by(link_verdicts.c.audit_seq)).mappings()
    last = {
        (row["src"], row["dst"]): LinkVerdict(
            row["src"], row["dst"], row["verdict"], row["note"], row["decided_by"]
        )
        for row in rows
    }
    return list(last.values())
