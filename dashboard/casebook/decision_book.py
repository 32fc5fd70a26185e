"""What was decided, as the casebook hands it out: nothing of what a reader is to judge blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.casebook import chain, rows
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading
from dashboard.casebook.held_back import held_from_reader, readable
from dashboard.casebook.lookups import lookups
from dashboard.casebook.read_cache import cached_read
from dashboard.casebook.schema import cases, decisions
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cases.records import AuditEntry, Decision


class DecisionBook(BookPart):
    """The part of the casebook that reads decisions."""

    @cached_read
    def decisions(self, entity_type: str, entity_id: str) -> list[Decision]:
        """Every decision about an entity, latest first; none while it is held back."""
        with reading(self._engine) as con:
            if held_from_reader(con, {f"{entity_type}:{entity_id}"}):
                return []
            return rows.decisions_of(con, entity_type, entity_id)

    def has_decided(self, name: str) -> bool:
        """Whether this person has ever recorded a decision."""
        query = select(decisions.c.decision_id).where(decisions.c.decided_by == name).limit(1)
        with reading(self._engine) as con:
            return con.execute(query).first() is not None

    def new_patterns(self) -> list[Decision]:
        """Every decision about what no pack describes yet, latest first; none that is held back."""
        with reading(self._engine) as con:
            made = rows.decisions_since(con, typology=NEW_PATTERN)
            seen = readable(con, {one.entity_key for one in made})
        return [one for one in reversed(made) if one.entity_key in seen]

    def history(self, entity_type: str, entity_id: str) -> list[AuditEntry]:
        """The audit entries of an entity's case and decisions, oldest first."""
        with reading(self._engine) as con:
            if held_from_reader(con, {f"{entity_type}:{entity_id}"}):
                return []
            case = rows.case_of(con, entity_type, entity_id)
            return chain.entries(con, f"case:{case.case_id}") if case else []

    @cached_read
    def decisions_of(self, keys: Iterable[str]) -> dict[str, list[Decision]]:
        """The decisions about some entities by key, oldest first; who has none is left out.

        So is whoever this viewer is to judge blind.
        """
        made: dict[str, list[Decision]] = {}
        with reading(self._engine) as con:
            for query in lookups(readable(con, keys)):
                for decision in rows.decisions_in(con, query.with_only_columns(cases.c.case_id)):
                    key = decision.entity_key
                    made.setdefault(key, []).append(decision)
        return made
