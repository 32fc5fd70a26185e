"""The cases of some entities, as queries that their index answers.

The queue asks for the cases of whoever has an alert. A casebook of years holds many more, and
what is asked of it must not grow with them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from dashboard.casebook.schema import cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
