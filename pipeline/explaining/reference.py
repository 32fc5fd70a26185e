"""The real entities that a subject is measured against: judged bad, judged good, ordinary.

Each judged entity stands here as it looked before its verdict:
docs/decisions/0030-before-the-verdict.md, docs/decisions/0019-distance-in-ranks.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.learning.labels import speaks_of, verdicts
from pipeline.tables import query, rows_at

if TYPE_CHECKING:
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]

OUTCOMES = {"bad": "confirmed", "good": "cleared"}


def judged_rows(
    con: duckdb.DuckDBPyConnection, entity_type: str, labels: pl.DataFrame
) -> pl.DataFrame:
    """One row per judged entity: outcome, source, known_at, as_of and its features on that day.

    The last snapshot of which its verdict speaks: none after it, and of a bad one none before
    its behaviour began. `labels` have the columns of `matured_labels`. Latest verdict first.
    """
    judged = verdicts(labels, entity_type).select(
        *("entity_id", "source", "known_at", "evidence_from", "evidence_until"),
        outcome=pl.col("label").replace_strict(OUTCOMES, return_dtype=pl.String),
    )
    con.register("_judged", judged.select("entity_id"))
    own = f"features.{entity_type} as f semi join _judged on f.{entity_type}_id = entity_id"
    days = query(con, f"select {entity_type}_id as entity_id, as_of, f.rowid as place from {own}")
    con.unregister("_judged")
    shown = days.join(judged, on="entity_id").filter(speaks_of(pl.col("as_of")))
    last = shown.sort("as_of").unique("entity_id", keep="last", maintain_order=True)
    keys = last.sort("known_at", "entity_id", descending=[True, False])
    every = query(con, f"describe features.{entity_type}")["column_name"]
    features = [name for name in every if name not in (f"{entity_type}_id", "as_of")]
    return rows_at(con, entity_type, keys.drop("evidence_from", "evidence_until"), features)


def precedents(judged: pl.DataFrame, each: int) -> pl.DataFrame:
    """The latest `each` judged entities of either outcome."""
    return judged.group_by("outcome", maintain_order=True).head(each)


def typical(margin: FloatArray, count: int) -> NDArray[np.int64]:
    """Indices of up to `count` entities at evenly spaced places of the order of margins.

    So few drawn blindly would hold none or several of the rare bad ones, and the base that
    every explanation starts from would be luck.
    """
    order = np.argsort(margin, kind="stable")
    places = (np.arange(count) + 0.5) / count * order.size
    return np.asarray(order[np.unique(places.astype(np.int64))] if order.size else order, np.int64)


def long(matrix: FloatArray, features: tuple[str, ...], used: NDArray[np.int64]) -> pl.DataFrame:
    """Rows (row, feature, value) of a matrix, for the features `used`; null where unknown."""
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), used.size)
    names = pl.Series(features, dtype=pl.String).gather(np.tile(used, matrix.shape[0]))
    value = matrix[:, used].ravel()
    return pl.DataFrame({"row": row, "feature": names, "value": value}, nan_to_null=True)
