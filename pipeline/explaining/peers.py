"""With whom an entity is compared: the quartiles of its peer group, or of a wider one.

The group is that of the peer z-scores (`surroundings.peers`): one category, one age band and
one market; buyers have no category. A shop of two weeks set beside shops of years would
look odd in everything that grows with age. Where too few are left, all markets stand in,
then all of that age, then everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tables import query

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from pipeline.explaining.attributions import Explained

_QUARTILES = (0.5, 0.25, 0.75)
_FEATURES_AT_ONCE = 8
_AGELESS = 100_000
"""Days: the last age band ends beyond."""
_AGE = (
    pl.when(pl.col("from_days") == 0)
    .then(pl.format("under {} days old", "until_days"))
    .when(pl.col("until_days") >= _AGELESS)
    .then(pl.format("{} days old or more", "from_days"))
    .otherwise(pl.format("{} to {} days old", "from_days", pl.col("until_days") - 1))
)
"""An age band in words, of its ends."""


PEERS = (
    {"entity_type": pl.String, "as_of": pl.Date, "peer_group": pl.String, "feature": pl.String}
    | dict.fromkeys(("peer_median", "peer_low", "peer_high"), pl.Float64)
    | {"peer_count": pl.Int32}
)
"""Columns of `explanations.peers`: what is usual in a group, said once for all its members."""
PEER_GROUPS = dict.fromkeys(("entity_type", "entity_id"), pl.String) | {
    "as_of": pl.Date,
    "peer_group": pl.String,
}
"""Columns of `explanations.peer_groups`: the group of everybody."""


@dataclass(frozen=True)
class Peers:
    """With whom each entity is compared, and what is usual there."""

    group: NDArray[np.int64]
    """(entities,) index into the rows below."""
    names: pl.Series
    """(groups,)"""
    counts: NDArray[np.int64]
    """(groups,)"""
    quartiles: NDArray[np.float64]
    """(3, groups, features): median, lower and upper quartile; NaN where nobody has a value."""

    def rows(self, everybody: Explained) -> pl.DataFrame:
        """Rows of `explanations.peers`, for the features that are explained."""
        median, lower, upper = self.quartiles[:, :, everybody.used].reshape(3, -1)
        group = np.repeat(np.arange(len(self.names)), everybody.used.size)
        names = pl.Series(everybody.features, dtype=pl.String)
        columns = {
            "peer_group": self.names.gather(group),
            "feature": names.gather(np.tile(everybody.used, len(self.names))),
            "peer_median": median,
            "peer_low": lower,
            "peer_high": upper,
            "peer_count": self.counts[group].astype(np.int32),
        }
        fixed = {"entity_type": pl.lit(everybody.entity_type), "as_of": pl.lit(everybody.as_of)}
        return pl.DataFrame(columns, nan_to_null=True).with_columns(**fixed).select(PEERS.keys())

    def members(self, everybody: Explained) -> pl.DataFrame:
        """Rows of `explanations.peer_groups`."""
        columns = {"entity_id": everybody.entity_id, "peer_group": self.names.gather(self.group)}
        fixed = {"entity_type": pl.lit(everybody.entity_type), "as_of": pl.lit(everybody.as_of)}
        return pl.DataFrame(columns).with_columns(**fixed).select(PEER_GROUPS.keys())


def peers(con: duckdb.DuckDBPyConnection, everybody: Explained, smallest: int) -> Peers:
    """The narrowest group of each entity with at least `smallest` members, and what is usual.

    Wider groups hold everybody they name, also those who have a group of their own.
    """
    widths = _widths(con, everybody)
    *narrow, widest = widths.columns
    fits = [pl.when(pl.len().over(one) >= smallest).then(pl.col(one)) for one in narrow]
    group = widths.select(pl.coalesce(*fits, widest))[narrow[0]]
    names = group.unique().sort()
    members = _members(widths, names)
    quartiles = [_quartiles(everybody.values, rows) for rows in members]
    return Peers(
        np.searchsorted(names.to_numpy().astype(str), group.to_numpy().astype(str)),
        names,
        np.array([rows.size for rows in members], dtype=np.int64),
        np.stack(quartiles, axis=1) if quartiles else np.zeros((3, 0, everybody.values.shape[1])),
    )


def _widths(con: duckdb.DuckDBPyConnection, everybody: Explained) -> pl.DataFrame:
    """(entities, 4) names of the group of each entity, from the narrowest to everybody.

    Null where a group is not known, or where buyers have no category to widen from.
    """
    days = "date_diff('day', e.registered_at, cast($as_of as timestamp))"
    band = f"facts.age_bands as b on {days} >= b.from_days and {days} < b.until_days"
    who = f"from graph.entities as e left join {band} where entity_type = $entity_type"
    sql = f"select entity_id, market, category, from_days, until_days {who}"
    params = {"entity_type": everybody.entity_type, "as_of": everybody.as_of}
    traits = query(con, sql, **params).unique("entity_id")
    own = everybody.entity_id.alias("entity_id").to_frame()
    own = own.join(traits, on="entity_id", how="left", maintain_order="left")
    widest, place = f"all {everybody.entity_type}s".replace("_", " "), pl.col("market")
    sort = pl.concat_str(place, pl.lit(" / "), "category")
    return own.select(
        narrow=pl.concat_str(pl.coalesce(sort, place), pl.lit(", "), _AGE),
        category=pl.concat_str(pl.lit("all markets / "), "category", pl.lit(", "), _AGE),
        age=pl.concat_str(pl.lit(f"{widest}, "), _AGE),
        everybody=pl.lit(widest),
    )


def _members(widths: pl.DataFrame, names: pl.Series) -> list[NDArray[np.int64]]:
    """Rows of each named group, whatever its width."""
    rows = {
        str(group): own["row"].to_numpy().astype(np.int64)
        for one in widths.columns
        for (group,), own in widths.select(group=one)
        .with_row_index("row")
        .filter(pl.col("group").is_in(names.implode()))
        .group_by("group")
    }
    return [rows[name] for name in names]


def _quartiles(values: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """(3, features) quartiles of the known values of some rows; NaN where nobody has one.

    A few features at a time: a copy of everybody's values would be the largest thing there is.
    """
    starts = range(0, values.shape[1], _FEATURES_AT_ONCE)
    blocks = (values[rows, start : start + _FEATURES_AT_ONCE] for start in starts)
    return np.concatenate([np.zeros((len(_QUARTILES), 0)), *map(_of_block, blocks)], axis=1)


def _of_block(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, features), between neighbours in proportion; one sort, the unknown at its end."""
    if not values.size:
        return np.full((len(_QUARTILES), values.shape[1]), np.nan)
    ordered = np.sort(values.T, axis=1)
    count = np.count_nonzero(~np.isnan(ordered), axis=1)
    place = np.multiply.outer(np.array(_QUARTILES), np.maximum(count - 1, 0))
    below, feature = np.floor(place).astype(np.int64), np.arange(count.size)
    above = np.ceil(place).astype(np.int64)
    share = place - below
    quartiles = ordered[feature, below] * (1.0 - share) + ordered[feature, above] * share
    return np.asarray(quartiles, dtype=np.float64)
