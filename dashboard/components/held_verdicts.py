"""Verdicts that the viewer may not read before their own: what a build holds of them is left out.

The casebook hands out nothing of whoever is held back; the labels of a build have been written
for everybody. A label that proves a case of known outcome is one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import read

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERDICTS = ("label", "judged_label", "judged_on", "reopened_by", "reopened_on")
"""Columns of a subject's row that say what somebody decided about it."""


_GROUPS = {"ring_id": "pages/rings/ring_of", "community_id": "pages/community/community_of"}


def held_keys() -> tuple[str, ...]:
    """Keys of those whose standing the viewer may not see, in one order; mostly none."""
    try:
        return tuple(sorted(open_casebook().held_back(viewer=viewer())))
    except CasebookUnavailable:
        return ()


def without_held_verdicts(rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Rows of subjects, without the verdicts (and columns `more`) of those who are held back."""
    held = held_keys()
    if not held:
        return rows
    is_held = _key(rows).is_in(held)
    return rows.with_columns(
        pl.when(~is_held).then(pl.col(name)).alias(name)
        for name in (*_VERDICTS, *more)
        if name in rows.columns
    )


def _key(rows: pl.DataFrame) -> pl.Expr:
    names = [name for name in ("node_key", "entity_key") if name in rows.columns]
    return pl.col(names[0]) if names else pl.format("{}:{}", "entity_type", "entity_id")


def without_held_counts(rows: pl.DataFrame, group: str, counts: Sequence[str]) -> pl.DataFrame:
    """Rows of rings or communities (`group` is the id), uncounted where one of them is held back.

    What is left of a count, less those whom everybody sees, would be the one that is held back.
    """
    held = held_keys()
    if not held or rows.is_empty():
        return rows
    try:
        of_held = read(_GROUPS[group], keys=list(held))
    except TableMissing:
        return rows
    is_touched = pl.col(group).is_in(of_held[group].to_list())
    return rows.with_columns(pl.when(~is_touched).then(pl.col(name)).alias(name) for name in counts)
