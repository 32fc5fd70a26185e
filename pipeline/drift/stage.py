"""`drift.features` and `drift.models`: how far each feature and score has moved in four weeks.

A model is only as good as the likeness of today to the days it learnt from:
docs/decisions/0022-drift.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from pipeline.drift.measures import Sample, shift
from pipeline.inputs.availability import unknown_features
from pipeline.tables import (
    feature_names,
    in_hash_sample,
    latest_snapshot,
    query,
    snapshot_days,
    store,
    to_matrix,
)
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    import duckdb

    from pipeline.settings.build import DriftSettings, Settings

_LABELS = "labels"
"""The raw table of verdicts."""
_POINT = {"as_of": pl.Date, "reference_as_of": pl.Date, "entity_type": pl.String}
_FEATURES = _POINT | {
    "feature": pl.String,
    "psi": pl.Float64,
    "ks": pl.Float64,
    "ks_pvalue": pl.Float64,
    "current_count": pl.Int64,
    "reference_count": pl.Int64,
    "verdict": pl.String,
}
_MODELS = _POINT | {
    "psi": pl.Float64,
    "ks": pl.Float64,
    "share_high_current": pl.Float64,
    "share_high_reference": pl.Float64,
    "verdict": pl.String,
}


@dataclass(frozen=True)
class WeeklyPair:
    """Two snapshots that are compared."""

    day: date
    reference: date

    def row(self, entity_type: str) -> dict[str, object]:
        """The columns of _POINT."""
        return {"as_of": self.day, "reference_as_of": self.reference, "entity_type": entity_type}


def write_features(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make `drift.features`; raises StageError when features are missing."""
    _write(con, "drift.features", settings.drift, (_feature_rows, _FEATURES), on_progress)


def write_models(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make `drift.models`; raises StageError when scores are missing."""
    _write(con, "drift.models", settings.drift, (_model_rows, _MODELS), on_progress)


def _write(
    con: duckdb.DuckDBPyConnection,
    table: str,
    settings: DriftSettings,
    how: tuple[Callable[..., list[dict[str, object]]], dict[str, type[pl.DataType]]],
    on_progress: Callable[[str, int], None],
) -> None:
    """Weekly points of every entity type, each against four weeks before."""
    rows_of, schema = how
    latest = latest_snapshot(con)
    rows: list[dict[str, object]] = []
    for entity_type in ENTITY_TYPES:
        pairs = weekly_pairs(snapshot_days(con, entity_type), latest, settings)
        rows += rows_of(con, entity_type, pairs, settings)
    on_progress(table, store(con, table, pl.DataFrame(rows, schema=schema)))


def weekly_pairs(days: list[date], latest: date, settings: DriftSettings) -> list[WeeklyPair]:
    """The latest snapshot and weekly ones before it with their references, oldest first.

    The reference is the snapshot nearest to `reference_days` earlier; a day without one
    near enough is left out, because a comparison over another distance would not compare.
    """
    slack = timedelta(days=settings.reference_slack_days)
    weekly = [latest - timedelta(days=settings.step_days * n) for n in range(settings.points)]
    pairs = []
    for day in reversed([day for day in weekly if day in set(days)]):
        target = day - timedelta(days=settings.reference_days)
        reference = min(days, key=lambda other: (abs(other - target), other))
        if abs(reference - target) <= slack:
            pairs.append(WeeklyPair(day, reference))
    return pairs


def _days_of(pairs: Iterable[WeeklyPair]) -> list[date]:
    """Every day of some pairs, once, ascending."""
    return sorted(set(chain.from_iterable((pair.day, pair.reference) for pair in pairs)))


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


# ---------------------------------------------------------------- features


def _feature_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    pairs: list[WeeklyPair],
    settings: DriftSettings,
) -> list[dict[str, object]]:
    names = stationary(entity_type, feature_names(con, entity_type))
    first = first_snapshot(con)
    relation = _sample_of(con, entity_type, settings.max_rows)
    rows = fair_rows(con, entity_type, f"{entity_type}_id", relation, _days_of(pairs))
    samples = {
        day: [Sample.of(column) for column in to_matrix(own, names).T] for day, own in rows.items()
    }
    return [
        pair.row(entity_type)
        | {"feature": name}
        | _measures(samples[pair.reference][column], samples[pair.day][column], settings)
        for pair in pairs
        for column, name in enumerate(names)
        if name in full_windows(entity_type, names, first, pair.reference)
    ]


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


def _sample_of(con: duckdb.DuckDBPyConnection, entity_type: str, at_most: int) -> str:
    """A fixed part of a type's features, so that about `at_most` rows a snapshot remain."""
    own = "where entity_type = $entity_type and is_sampled"
    per_day = f"select count(*) as n from population.observations {own} group by as_of"
    sql = f"select max(n) as n from ({per_day})"
    part = -(-int(query(con, sql, entity_type=entity_type)["n"][0] or 0) // at_most) or 1
    table, in_sample = f"features.{entity_type}", in_hash_sample(f"{entity_type}_id", part)
    return f"(select * from {table} where {in_sample})" if part > 1 else table


def _measures(reference: Sample, current: Sample, settings: DriftSettings) -> dict[str, object]:
    moved = shift(reference, current, settings)
    return {
        "psi": moved.distances.psi,
        "ks": moved.distances.ks,
        "ks_pvalue": moved.ks_pvalue,
        "current_count": current.values.size,
        "reference_count": reference.values.size,
        "verdict": moved.verdict(settings),
    }


# ---------------------------------------------------------------- scores


def _model_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    pairs: list[WeeklyPair],
    settings: DriftSettings,
) -> list[dict[str, object]]:
    relation = "(select * from scores.scores where entity_type = $entity_type)"
    rows = fair_rows(con, entity_type, "entity_id", relation, _days_of(pairs))
    return [
        pair.row(entity_type) | _score_shift(rows[pair.reference], rows[pair.day], settings)
        for pair in pairs
        if rows[pair.reference].height and rows[pair.day].height
    ]


def _score_shift(
    reference: pl.DataFrame, current: pl.DataFrame, settings: DriftSettings
) -> dict[str, object]:
    before, now = (Sample.of(one["score"].to_numpy()) for one in (reference, current))
    moved = shift(before, now, settings)
    share_high = [one["score_band"].is_in(["HIGH", "CRIT"]).mean() for one in (current, reference)]
    return {
        "psi": moved.distances.psi,
        "ks": moved.distances.ks,
        "share_high_current": share_high[0],
        "share_high_reference": share_high[1],
        "verdict": moved.verdict(settings),
    }
