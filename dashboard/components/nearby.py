"""What the head of a case shows, read for all that stand beside it in the queue at once.

A read of one subject costs the database nearly what a read of two dozen does: it plans a query
each time. Whoever goes through the queue case by case pays once for all of them
(docs/decisions/0132-the-next-case.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.casebook.read_cache import cached_read
from dashboard.components.waiting import waiting_line
from dashboard.store import data_version, read_parts

if TYPE_CHECKING:
    import polars as pl

TOGETHER = 24
"""Subjects of the queue that are read at once: some minutes of an analyst's work."""
_KEPT = "nearby"


def read_nearby(name: str, entity_key: str, **params: Any) -> pl.DataFrame:
    """The rows of one subject of the query `name`, one of whose parameters is `keys`.

    Raises TableMissing as `store.read` does.
    """
    return read_parts(name, keys=nearby(entity_key), **params).of(entity_key)


@cached_read
def nearby(entity_key: str) -> list[str]:
    """`entity_key` and those in whose part of the queue it stands; alone if it is not in it.

    They are found once for a subject: rows of any others would do as well.
    """
    of, keys = st.session_state.get(_KEPT, (None, []))
    if of != (entity_key, data_version()):
        keys = part_of(waiting_line(), entity_key)
        st.session_state[_KEPT] = ((entity_key, data_version()), keys)
    return list(keys)


def nearby_alike(entity_key: str) -> list[str]:
    """Those of `nearby` that are of its type."""
    entity_type, _, _ = entity_key.partition(":")
    return [key for key in nearby(entity_key) if key.partition(":")[0] == entity_type]


def part_of(line: list[str], entity_key: str) -> list[str]:
    """The part of a line in which somebody stands; alone if it is not in it."""
    if entity_key not in line:
        return [entity_key]
    first = line.index(entity_key) // TOGETHER * TOGETHER
    return sorted(line[first : first + TOGETHER])
