"""Two snapshots that are compared: today's and that of four weeks before, and their fair rows.

A model is only as good as the likeness of today to the days it learnt from:
docs/decisions/0022-drift.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pipeline.inputs.availability import unknown_features
from pipeline.tables import query
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

    from pipeline.settings.build import DriftSettings

_LABELS = "labels"
"""The raw table of verdicts."""


@dataclass(frozen=True)
class SnapshotPair:
    """Two snapshots that are compared."""

    day: date
    reference: date

    def row(self, entity_type: str) -> dict[str, object]:
        """The columns that name it in a table."""
        return {"as_of": self.day, "reference_as_of": self.reference, "entity_type": entity_type}


def latest_pair(days: list[date], latest: date, settings: DriftSettings) -> SnapshotPair | None:
    """The latest snapshot and the one nearest to `reference_days` before it; None without one.

    A snapshot that is not near enough is no reference: a comparison over another distance would
    not compare.
    """
    if latest not in days:
        return None
    target = latest - timedelta(days=settings.reference_days)
    reference = min(days, key=lambda other: (abs(other - target), other))
    slack = timedelta(days=settings.reference_slack_days)
    return SnapshotPair(latest, reference) if abs(reference - target) <= slack else None


def fair_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    id_column: str,
    relation: str,
    days: list[date],
) -> dict[date, pl.DataFrame]:
    """Rows of `relation` (about one type) on each of the days that a hash alone has picked.

    Who is observed for having been judged or odd would make every day look as bad.
    """
    own = "where entity_type = $entity_type"
    odd = f"(select * from population.observations {own} and not is_sampled)"
    same = f"t.{id_column} = d.entity_id and t.as_of = d.as_of"
    where = "where list_contains($days, t.as_of)"
    sql = f"select t.* from {relation} as t anti join {odd} as d on {same} {where}"
    rows = query(con, sql, entity_type=entity_type, days=days)
    return {day: rows.filter(pl.col("as_of") == day) for day in days}


def stationary(entity_type: str, names: Iterable[str]) -> tuple[str, ...]:
    """The features that no verdict feeds: those only grow, for every week knows more verdicts."""
    fed = _label_fed()[entity_type]
    return tuple(name for name in names if name not in fed)


@cache
def _label_fed() -> dict[str, frozenset[str]]:
    """By entity type the features that would be unknown without labels, read from the SQL."""
    unknown = unknown_features([_LABELS])
    return {entity_type: frozenset(columns) for entity_type, columns in unknown.items()}


def full_windows(entity_type: str, names: Iterable[str], first: date, reference: date) -> set[str]:
    """The features whose window was filled by `reference`; until it is, a feature only grows.

    `first` is the first snapshot: data are known from then on at the latest.
    """
    known, days = features(entity_type), (reference - first).days
    return {name for name in names if name not in known or known[name].days <= days}


def first_snapshot(con: duckdb.DuckDBPyConnection) -> date:
    """The first day that anything is observed on."""
    day: date = query(con, "select min(as_of) as day from facts.snapshots")["day"][0]
    return day
