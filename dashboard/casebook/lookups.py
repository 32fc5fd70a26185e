"""The cases of some entities, and those that wait, as queries that an index answers.

The queue asks for the cases of whoever has an alert, and for one page of those that wait. A
casebook of years holds many more, and what is asked of it must not grow with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select

from dashboard.casebook.schema import cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement

    from dashboard.cases.states import CaseState

AT_ONCE = 500
"""Ids in one query: databases limit how many values a statement may bind."""


def lookups(keys: Iterable[str]) -> Iterator[Select[Any]]:
    """Queries for the cases of entities by key (`merchant:mer_1`), a part of one type each."""
    parts = sorted(key.partition(":")[::2] for key in set(keys))
    for entity_type, own in groupby(parts, key=lambda part: part[0]):
        ids = [entity_id for _, entity_id in own]
        for start in range(0, len(ids), AT_ONCE):
            these = cases.c.entity_id.in_(ids[start : start + AT_ONCE])
            yield select(cases).where(cases.c.entity_type == entity_type, these)


def excluded(keys: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that leave out the cases of entities by key, one for each type."""
    parts = sorted(key.partition(":")[::2] for key in set(keys))
    for entity_type, own in groupby(parts, key=lambda part: part[0]):
        ids = [entity_id for _, entity_id in own]
        yield or_(cases.c.entity_type != entity_type, cases.c.entity_id.not_in(ids))


@dataclass(frozen=True)
class Waits:
    """Which cases wait in a state."""

    state: CaseState
    without: tuple[str, ...] = ()
    """Keys of entities whose case stands elsewhere: something is new about them."""

    def counted(self) -> Select[Any]:
        """How many there are."""
        return select(func.count()).select_from(cases).where(*self._conditions())

    def keys(self) -> Select[Any]:
        """Type and id of every one, the next review first."""
        return self._ordered(select(cases.c.entity_type, cases.c.entity_id))

    def page(self, limit: int, offset: int) -> Select[Any]:
        """A part of them, the next review first."""
        return self._ordered(select(cases)).limit(limit).offset(offset)

    def _ordered(self, query: Select[Any]) -> Select[Any]:
        day, who = cases.c.review_on, (cases.c.entity_type, cases.c.entity_id)
        return query.where(*self._conditions()).order_by(day.is_(None), day, *who)

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        yield cases.c.state == self.state
        yield from excluded(self.without)
