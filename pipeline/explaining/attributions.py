"""Everybody of one type at one snapshot, with the parts of each margin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.tables import read_features

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.learning.model import Model

BASES = {"entity_type": pl.String, "as_of": pl.Date, "base_margin": pl.Float64}
"""Columns of `explanations.bases`."""


@dataclass(frozen=True)
class Explained:
    """Every entity of one type at one snapshot, with the parts of its margin."""

    entity_type: str
    as_of: date
    entity_id: pl.Series
    features: tuple[str, ...]
    values: NDArray[np.float64]
    """(entities, features), NaN where unknown."""
    parts: NDArray[np.float64]
    """(entities, features) contributions to the margin."""
    base: float
    """Margin before any feature is looked at: the same for everybody."""
    text: str
    """The model's."""

    @property
    def margin(self) -> NDArray[np.float64]:
        """(entities,) log odds before calibration."""
        return np.asarray(self.parts.sum(axis=1) + self.base, dtype=np.float64)

    @cached_property
    def used(self) -> NDArray[np.int64]:
        """Indices of the features that move anybody."""
        return np.flatnonzero(np.abs(self.parts).max(axis=0, initial=0.0) > 0.0)

    @property
    def base_row(self) -> pl.DataFrame:
        """Row of `explanations.bases`."""
        return pl.DataFrame([(self.entity_type, self.as_of, self.base)], schema=BASES, orient="row")


def explain(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, model: Model
) -> Explained:
    """Contributions of every entity of a type at a snapshot, ordered by id.

    Ordered, so that a page that asks for one entity reads one corner of the table.
    """
    ids, values = read_features(con, entity_type, as_of, model.features)
    parts = model.contributions(values)
    base = float(parts[0, -1]) if len(ids) else 0.0
    return Explained(
        entity_type, as_of, ids, model.features, values, parts[:, :-1], base, model.text
    )
