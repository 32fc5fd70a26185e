"""Dropping what is older than the house keeps it; what a legal hold speaks of stays."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select

from dashboard.casebook import chain, holds
from dashboard.casebook.chain import Act
from dashboard.casebook.guards import lifted
from dashboard.casebook.rows import now
from dashboard.casebook.schema import access_log, decision_times, decisions, drafts, presence

if TYPE_CHECKING:
    from datetime import datetime

_DAYS = Path(__file__).with_name("retention.toml")
_CLOCKS = {
    access_log: access_log.c.at,
    decision_times: decision_times.c.decided_at,
    drafts: drafts.c.saved_at,
    presence: presence.c.seen_at,
}


@dataclass(frozen=True)
class Retained:
    """Rows dropped by table, and how many older ones a legal hold kept."""

    dropped: dict[str, int]
    held: int


@cache
def days() -> dict[str, int]:
    """Days by table; ValueError where a table has none, or less than one."""
    content = tomllib.loads(_DAYS.read_text(encoding="utf-8"))
    wanted = {table.name for table in _CLOCKS}
    if set(content) != wanted or not all(
        isinstance(one, int) and one > 0 for one in content.values()
    ):
        raise ValueError(f"{_DAYS.name} gives days, one or more, for {', '.join(sorted(wanted))}")
    return content


def retain(con: Connection, actor: str, at: datetime | None = None) -> Retained:
    """Drop what is older than its days at `at` (now, UTC), and seal how much; under `lock`."""
    present = at or now()
    kept = [*holds.held(con)]
    dropped, held = {}, 0
    with lifted(con, _CLOCKS):
        for table, clock in _CLOCKS.items():
            old = clock < present - timedelta(days=days()[table.name])
            every = _count(con, table, old)
            spared = _of_held(table, kept)
            dropped[table.name] = int(con.execute(delete(table).where(old, ~spared)).rowcount)
            held += every - dropped[table.name]
    if any(dropped.values()):
        chain.append(con, Act(present, actor, "retain", "casebook", None, dropped))
    return Retained(dropped, held)


def _count(con: Connection, table: Any, condition: Any) -> int:
    return len(con.execute(select(table.c[0]).where(condition)).all())


def _of_held(table: Any, kept: list[str]) -> Any:
    """Rows that speak of a subject under a legal hold."""
    if table is not decision_times:
        return table.c.subject.in_(kept)
    key = decisions.c.entity_type + ":" + decisions.c.entity_id
    made = select(decisions.c.decision_id).where(key.in_(kept))
    return table.c.decision_id.in_(made)
