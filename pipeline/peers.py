"""With whom an entity is compared: the quartiles of its peer group, or of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from pipeline.tables import query

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

_QUARTILES = (0.5, 0.25, 0.75)
_FEATURES_AT_ONCE = 8


PEERS = (
    {"entity_type": pl.String, "as_of": pl.Date, "peer_group": pl.String, "feature": pl.String}
    | dict.fromkeys(("peer_median", "peer_low", "peer_high"), pl.Float64)
    | {"peer_count": pl.Int32}
)
"""Columns of `explanations.peers`: what is usual in a group, said once for all its members."""


class Described(Protocol):
    """Entities with their values."""

    @property
    def entity_type(self) -> str:
        """One of the catalogue's."""

    @property
    def as_of(self) -> date:
        """The day they are described at."""

    @property
    def features(self) -> tuple[str, ...]:
        """Columns of the values."""

    @property
    def used(self) -> NDArray[np.int64]:
        """Indices of the features that are explained."""

    @property
    def entity_id(self) -> pl.Series:
        """(entities,)."""

    @property
    def values(self) -> NDArray[np.float64]:
        """(entities, features), NaN where unknown."""


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

    def rows(self, shown: Described) -> pl.DataFrame:
        """Rows of `explanations.peers`, for the features that are explained."""
        median, lower, upper = self.quartiles[:, :, shown.used].reshape(3, -1)
        group = np.repeat(np.arange(len(self.names)), shown.used.size)
        names = pl.Series(shown.features, dtype=pl.String)
        columns = {
            "peer_group": self.names.gather(group),
            "feature": names.gather(np.tile(shown.used, len(self.names))),
            "peer_median": median,
            "peer_low": lower,
            "peer_high": upper,
            "peer_count": self.counts[group].astype(np.int32),
        }
        fixed = {"entity_type": pl.lit(shown.entity_type), "as_of": pl.lit(shown.as_of)}
        return pl.DataFrame(columns, nan_to_null=True).with_columns(**fixed).select(PEERS.keys())


def peers(con: duckdb.DuckDBPyConnection, shown: Described, smallest: int) -> Peers:
    """Peer groups of `graph.entities`; groups under `smallest` compare with everybody.

    "Everybody" is a group of its own, named `all merchants` and so on.
    """
    sql = "select entity_id, peer_group from graph.entities where entity_type = $kind"
    known = query(con, sql, kind=shown.entity_type).unique("entity_id")
    everybody = f"all {shown.entity_type}s"
    named = (
        shown.entity_id.alias("entity_id")
        .to_frame()
        .join(known, on="entity_id", how="left", maintain_order="left")
    )
    size, group = pl.len().over("peer_group"), pl.col("peer_group")
    kept = pl.when(group.is_null() | (size < smallest)).then(pl.lit(everybody)).otherwise(group)
    chosen = named.select(kept.alias("peer_group"))["peer_group"]
    names = chosen.unique().sort()
    index = np.searchsorted(names.to_numpy().astype(str), chosen.to_numpy().astype(str))
    inside = [
        np.arange(index.size) if name == everybody else np.flatnonzero(index == number)
        for number, name in enumerate(names)
    ]
    quartiles = [_quartiles(shown.values, rows) for rows in inside]
    return Peers(
        index.astype(np.int64),
        names,
        np.array([rows.size for rows in inside], dtype=np.int64),
        np.stack(quartiles, axis=1) if quartiles else np.zeros((3, 0, shown.values.shape[1])),
    )


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
    known = np.count_nonzero(~np.isnan(ordered), axis=1)
    place = np.multiply.outer(np.array(_QUARTILES), np.maximum(known - 1, 0))
    below, feature = np.floor(place).astype(np.int64), np.arange(known.size)
    above = np.ceil(place).astype(np.int64)
    share = place - below
    found = ordered[feature, below] * (1.0 - share) + ordered[feature, above] * share
    return np.asarray(found, dtype=np.float64)
