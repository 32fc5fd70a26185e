"""How far each entity lies from peers of its own group and its own size, feature by feature.

Size is taken out because it hides the odd: docs/decisions/0012-unproven-lane.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tables import feature_names, query, read_features
from queries.catalogue import features

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.models import AnomalySettings

    FloatArray = NDArray[np.float64]

_SIZES = ("orders_90d", "views")
"""What says how big an entity is: the first that its table has."""
_SKEWED = ("count", "ratio", "money", "hours", "days", "seconds")
_BANDS, _FLOOR, _MAD = 8, 0.5, 1.4826


@dataclass(frozen=True)
class Deviations:
    """How far everybody of one type lies from their peers at one snapshot."""

    entity_type: str
    ids: pl.Series
    features: tuple[str, ...]
    z: FloatArray
    """(entities, features) robust z, 0 where unknown."""
    free: NDArray[np.bool_]
    """(entities,) neither judged nor in a band above LOW."""


def deviations(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    as_of: date,
    scores: pl.DataFrame,
    settings: AnomalySettings,
) -> Deviations:
    """Robust z of every entity of a type at a snapshot; `scores` holds its bands."""
    catalogue = features(entity_type)
    names = tuple(
        name
        for name in feature_names(con, entity_type)
        if name not in catalogue or catalogue[name].family not in settings.families_left_out
    )
    ids, values = read_features(con, entity_type, as_of, names)
    column = next((names.index(name) for name in _SIZES if name in names), None)
    size = np.zeros(len(ids)) if column is None else values[:, column]
    band = np.log2(1.0 + np.nan_to_num(size)).round().clip(0, _BANDS).astype(np.int64)
    for place, name in enumerate(names):
        if name not in catalogue or catalogue[name].format in _SKEWED:
            one = values[:, place]
            np.copysign(np.log1p(np.abs(one)), one, out=one)
    z = robust_z(values, (band, _peer_groups(con, entity_type, ids)), settings)
    free = ~ids.is_in(_explained(con, entity_type, as_of, scores).implode()).to_numpy()
    return Deviations(entity_type, ids, names, z, free)


def _explained(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, scores: pl.DataFrame
) -> pl.Series:
    """Ids of a type that are judged or in a band above LOW."""
    sql = "select entity_id from staging.labels where entity_type = $entity_type"
    judged = query(con, f"{sql} and known_at < $as_of", entity_type=entity_type, as_of=as_of)
    own = scores.filter(pl.col("entity_type") == entity_type)
    high = own.filter(pl.col("score_band") != "LOW")
    return pl.concat([judged["entity_id"], high["entity_id"]]).unique()


def _peer_groups(
    con: duckdb.DuckDBPyConnection, entity_type: str, ids: pl.Series
) -> NDArray[np.int64]:
    """(entities,) number of each one's peer group; those without one are a group."""
    sql = "select entity_id, peer_group from graph.entities where entity_type = $entity_type"
    groups = query(con, sql, entity_type=entity_type).unique("entity_id")
    own = ids.alias("entity_id").to_frame()
    own = own.join(groups, on="entity_id", how="left", maintain_order="left")
    return own["peer_group"].fill_null("").rank("dense").to_numpy().astype(np.int64)


def robust_z(
    values: FloatArray, groups: tuple[NDArray[np.int64], ...], settings: AnomalySettings
) -> FloatArray:
    """Deviation from the median of each grouping in turn, in robust standard deviations.

    Taking out one grouping's medians after the other's is a step of Tukey's median polish:
    cells of group and size together would hold too few. The scale is the median absolute
    deviation; where most values are equal it would be zero, hence at least half the
    standard deviation. Unknown values deviate by 0. Medians come from every n-th entity.
    `values` becomes the result: millions of entities do not fit into memory twice.
    """
    step = max(values.shape[0] // settings.fit_rows, 1)
    for group in groups:
        usual = _medians(values[::step], group[::step], int(group.max(initial=0)))
        for place, own in enumerate(usual.T):
            values[:, place] -= own.take(group)
    sample = pl.from_numpy(values[::step]).fill_nan(None)
    spread = _per_column(sample, pl.all().abs().median()) * _MAD
    spread = np.maximum(spread, _FLOOR * _per_column(sample, pl.all().std()))
    for place, unit in enumerate(np.where(spread > 0.0, spread, 1.0)):
        z = (values[:, place] / unit).clip(-settings.most_z, settings.most_z)
        values[:, place] = np.where(np.isnan(z), 0.0, z)
    return values


def _medians(values: FloatArray, group: NDArray[np.int64], last: int) -> FloatArray:
    """(last + 1, features) median of each group; of everybody where the group has no value."""
    frame = pl.from_numpy(values).fill_nan(None)
    medians = np.tile(_per_column(frame, pl.all().median()), (last + 1, 1))
    of_group = frame.with_columns(group=pl.Series(group)).group_by("group").median()
    rows = of_group["group"].to_numpy()
    own = of_group.drop("group").fill_null(np.nan).to_numpy()
    medians[rows] = np.where(np.isnan(own), medians[rows], own)
    return medians


def _per_column(frame: pl.DataFrame, of: pl.Expr) -> FloatArray:
    return frame.select(of).fill_null(0.0).to_numpy().ravel()
