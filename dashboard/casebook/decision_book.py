"""What was decided, as the casebook hands it out: nothing of what a reader is to judge blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from dashboard.access import viewer
from dashboard.casebook import chain, reviews, rows
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading
from dashboard.casebook.lookups import lookups
from dashboard.casebook.schema import cases, decisions
from dashboard.errors import AccessDenied
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cases.records import AuditEntry, Decision


class DecisionBook(BookPart):
    """The part of the casebook that reads decisions."""

    def decisions(self, entity_type: str, entity_id: str) -> list[Decision]:
        """Every decision about an entity, latest first; none while it is held back."""
        with reading(self._engine) as con:
            if _held(con, {f"{entity_type}:{entity_id}"}):
                return []
            return rows.decisions_of(con, entity_type, entity_id)

    def has_decided(self, name: str) -> bool:
        """Whether this person has ever recorded a decision."""
        query = select(decisions.c.decision_id).where(decisions.c.decided_by == name).limit(1)
        with reading(self._engine) as con:
            return con.execute(query).first() is not None

    def new_patterns(self) -> list[Decision]:
        """Every decision about what no pack describes yet, latest first."""
        with reading(self._engine) as con:
            made = rows.decisions_since(con, typology=NEW_PATTERN)
        return list(reversed(made))

    def history(self, entity_type: str, entity_id: str) -> list[AuditEntry]:
        """The audit entries of an entity's case and decisions, oldest first."""
        with reading(self._engine) as con:
            if _held(con, {f"{entity_type}:{entity_id}"}):
                return []
            case = rows.case_of(con, entity_type, entity_id)
            return chain.entries(con, f"case:{case.case_id}") if case else []

    def decisions_of(self, keys: Iterable[str]) -> dict[str, list[Decision]]:
        """The decisions about some entities by key, oldest first; who has none is left out.

        So is whoever this viewer is to judge blind.
        """
        made: dict[str, list[Decision]] = {}
        with reading(self._engine) as con:
            every = set(keys)
            for query in lookups(every - {*_held(con, every)}):
                for decision in rows.decisions_in(con, query.with_only_columns(cases.c.case_id)):
                    key = decision.entity_key
                    made.setdefault(key, []).append(decision)
        return made


def _held(con: Connection, keys: set[str]) -> dict[str, str]:
    """Of `keys` those whose verdict the one who reads is yet to give, each with its task."""
    try:
        who = viewer()
    except AccessDenied:  # a thread or command that reads for nobody
        return {}
    return reviews.held_back(con, who, keys)
