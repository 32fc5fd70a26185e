"""The drift stage: how far each feature and each score has moved in four weeks.

A model is only as good as the likeness of today to the days it learnt from. Two measures
per weekly point: the population stability index, which sees shares move between bins and
values go missing, and the Kolmogorov-Smirnov distance, which needs no bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import kolmogorov
from scipy.stats import chi2

from pipeline.tables import (
    dealt_to,
    feature_names,
    latest_snapshot,
    query,
    snapshot_days,
    store,
    to_matrix,
)
from queries.catalogue import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.build import DriftSettings, Settings

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


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make every table of schema `drift`: weekly points, each against four weeks before.

    Raises StageError when features or scores are missing.
    """
    chosen, latest = settings.drift, latest_snapshot(con)
    features: list[dict[str, object]] = []
    models: list[dict[str, object]] = []
    for kind in ENTITY_TYPES:
        pairs = weekly_pairs(snapshot_days(con, kind), latest, chosen)
        features += _feature_rows(con, kind, pairs, chosen)
        models += _model_rows(con, kind, pairs, chosen)
    tables = {
        "features": pl.DataFrame(features, schema=_FEATURES),
        "models": pl.DataFrame(models, schema=_MODELS),
    }
    for name, frame in tables.items():
        on_progress(f"drift.{name}", store(con, f"drift.{name}", frame))


def weekly_pairs(
    days: list[date], latest: date, settings: DriftSettings
) -> list[tuple[date, date]]:
    """(day, reference day) for the latest snapshot and weekly ones before it, oldest first.

    The reference is the snapshot nearest to `reference_days` earlier; a day without one
    near enough is left out, because a comparison over another distance would not compare.
    """
    slack = timedelta(days=settings.reference_slack_days)
    wanted = [latest - timedelta(days=settings.step_days * n) for n in range(settings.points)]
    pairs = []
    for day in reversed([day for day in wanted if day in set(days)]):
        target = day - timedelta(days=settings.reference_days)
        reference = min(days, key=lambda other: (abs(other - target), other))
        if abs(reference - target) <= slack:
            pairs.append((day, reference))
    return pairs


# ---------------------------------------------------------------- measures


@dataclass(frozen=True)
class Sample:
    """Values of one number at one snapshot, sorted, the unknown ones only counted."""

    known: NDArray[np.float64]
    """(known,) ascending."""
    unknown: int

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Sample:
        """Values in any order, NaN where unknown."""
        known = np.sort(values[~np.isnan(values)])
        return cls(known, int(values.size - known.size))

    @property
    def rows(self) -> int:
        """Known and unknown together."""
        return self.known.size + self.unknown


@dataclass(frozen=True)
class Shift:
    """How far a sample has moved from its reference."""

    psi: float
    """Population stability index, 0 for equal shares."""
    ks: float | None
    """Largest gap between the distribution functions of known values, 0..1."""
    ks_pvalue: float | None
    """Chance of such a gap without a change."""
    noise: float
    """PSI that chance alone exceeds as rarely as `noise_level` says."""

    def verdict(self, settings: DriftSettings) -> str:
        """stable, watch or shifted; never more than stable when chance explains it."""
        if self.psi < settings.psi_watch or self.psi <= self.noise:
            return "stable"
        return "shifted" if self.psi >= settings.psi_shifted else "watch"


def shift(reference: Sample, current: Sample, settings: DriftSettings) -> Shift:
    """PSI and two-sample KS of `current` against `reference`.

    PSI = sum (c - r) ln(c / r) over deciles of the reference and a bin for unknown
    (Siddiqi, Credit Risk Scorecards, 2006). Without a change PSI / (1/n + 1/m) follows
    chi-squared with bins - 1 degrees of freedom (Yurdakul 2018), which gives the noise
    level. The p-value of KS is that of the limiting Kolmogorov distribution.
    """
    edges = np.unique(_deciles(reference.known, settings.bins))
    before, now = (_shares(one, edges, settings.epsilon) for one in (reference, current))
    psi = float(((now - before) * np.log(now / before)).sum())
    spread = 1.0 / max(reference.rows, 1) + 1.0 / max(current.rows, 1)
    noise = _chance_limit(max(before.size - 1, 1), settings.noise_level) * spread
    return Shift(psi, *_kolmogorov_smirnov(reference.known, current.known), noise)


@cache
def _chance_limit(freedom: int, noise_level: float) -> float:
    return float(chi2.ppf(1.0 - noise_level, freedom))


def _deciles(known: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    return known[(np.arange(1, bins) * known.size) // bins] if known.size else known


def _shares(sample: Sample, edges: NDArray[np.float64], epsilon: float) -> NDArray[np.float64]:
    """Share of rows in each bin (edge below < value <= edge above), the unknown ones last."""
    below = np.searchsorted(sample.known, edges, side="right")
    counts = np.diff(below, prepend=0, append=sample.known.size)
    return np.maximum(np.append(counts, sample.unknown) / max(sample.rows, 1), epsilon)


def _kolmogorov_smirnov(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[float | None, float | None]:
    if not one.size or not other.size:
        return None, None
    points = np.concatenate([one, other])
    gap = (
        np.searchsorted(one, points, side="right") / one.size
        - np.searchsorted(other, points, side="right") / other.size
    )
    distance = float(np.abs(gap).max())
    effective = one.size * other.size / (one.size + other.size)
    return distance, float(kolmogorov(distance * np.sqrt(effective)))


# ---------------------------------------------------------------- rows


def _feature_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    pairs: list[tuple[date, date]],
    settings: DriftSettings,
) -> list[dict[str, object]]:
    names = feature_names(con, entity_type)
    table = _part(con, entity_type, settings.max_rows)
    rows = _fair_rows(con, entity_type, f"{entity_type}_id", table, chain(*pairs))
    samples = {day: _samples(to_matrix(own, names)) for day, own in rows.items()}
    return [
        _row(day, reference, entity_type)
        | {"feature": name}
        | _measures(samples[reference][column], samples[day][column], settings)
        for day, reference in pairs
        for column, name in enumerate(names)
    ]


def _fair_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    id_column: str,
    relation: str,
    days: Iterable[date],
) -> dict[date, pl.DataFrame]:
    """Rows of `relation` (about one type) on each of the days that a hash alone has chosen.

    Who was described for having been judged or odd would make every day look as bad.
    """
    odd = "(select * from population.observations where entity_type = $kind and not is_sampled)"
    same = f"t.{id_column} = d.entity_id and t.as_of = d.as_of"
    wanted = sorted(set(days))
    where = "where list_contains($days, t.as_of)"
    sql = f"select t.* from {relation} as t anti join {odd} as d on {same} {where}"
    rows = query(con, sql, kind=entity_type, days=wanted)
    return {day: rows.filter(pl.col("as_of") == day) for day in wanted}


def _part(con: duckdb.DuckDBPyConnection, entity_type: str, most: int) -> str:
    """A fixed part of a type's features, so that about `most` rows a snapshot remain."""
    fair = "select * from population.observations where entity_type = $kind and is_sampled"
    sql = f"select max(n) as n from (select count(*) as n from ({fair}) group by as_of)"
    part = -(-int(query(con, sql, kind=entity_type)["n"][0] or 0) // most) or 1
    table, mine = f"features.{entity_type}", dealt_to(f"{entity_type}_id", part)
    return f"(select * from {table} where {mine})" if part > 1 else table


def _samples(matrix: NDArray[np.float64]) -> list[Sample]:
    """One sample per column."""
    return [Sample.of(column) for column in matrix.T]


def _row(day: date, reference: date, entity_type: str) -> dict[str, object]:
    return {"as_of": day, "reference_as_of": reference, "entity_type": entity_type}


def _measures(reference: Sample, current: Sample, settings: DriftSettings) -> dict[str, object]:
    moved = shift(reference, current, settings)
    return {
        "psi": moved.psi,
        "ks": moved.ks,
        "ks_pvalue": moved.ks_pvalue,
        "current_count": current.known.size,
        "reference_count": reference.known.size,
        "verdict": moved.verdict(settings),
    }


def _model_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    pairs: list[tuple[date, date]],
    settings: DriftSettings,
) -> list[dict[str, object]]:
    scores = "(select * from scores.scores where entity_type = $kind)"
    scored = _fair_rows(con, entity_type, "entity_id", scores, chain(*pairs))
    return [
        _model_row(_row(day, reference, entity_type), scored[reference], scored[day], settings)
        for day, reference in pairs
        if scored[reference].height and scored[day].height
    ]


def _model_row(
    row: dict[str, object],
    reference: pl.DataFrame,
    current: pl.DataFrame,
    settings: DriftSettings,
) -> dict[str, object]:
    before, now = (Sample.of(one["score"].to_numpy()) for one in (reference, current))
    moved = shift(before, now, settings)
    high = [one["score_band"].is_in(["HIGH", "CRIT"]).mean() for one in (current, reference)]
    return row | {
        "psi": moved.psi,
        "ks": moved.ks,
        "share_high_current": high[0],
        "share_high_reference": high[1],
        "verdict": moved.verdict(settings),
    }
