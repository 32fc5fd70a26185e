"""The real entities that a subject is measured against: judged bad, judged good, ordinary.

Each judged entity stands here as it looked around its verdict, no later than `after_days` after
it: docs/decisions/0007-snapshots-that-teach.md, docs/decisions/0019-distance-in-ranks.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.learning.labels import verdicts
from pipeline.tables import query, rows_at

if TYPE_CHECKING:
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.build import LabelSettings

    FloatArray: TypeAlias = NDArray[np.float64]

OUTCOMES = {"bad": "confirmed", "good": "cleared"}


def judged_rows(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    labels: pl.DataFrame,
    settings: LabelSettings,
) -> pl.DataFrame:
    """One row per judged entity: outcome, source, known_at, as_of and its features on that day.

    The last snapshot that still shows what was judged: up to `after_days` after the verdict,
    and for a bad one after its behaviour began. Latest verdict first.
    """
    judged = verdicts(labels, entity_type).select(
        "entity_id",
        "source",
        "known_at",
        outcome=pl.col("label").replace_strict(OUTCOMES, return_dtype=pl.String),
        begun=pl.when(pl.col("label") == "bad").then("event_at"),
        until=pl.col("known_at") + pl.duration(days=settings.after_days),
    )
    con.register("_judged", judged)
    joined = f"_judged join features.{entity_type} as f on f.{entity_type}_id = _judged.entity_id"
    in_time = "as_of <= until and (begun is null or as_of > begun)"
    last = "row_number() over (partition by entity_id order by as_of desc) = 1"
    columns = "_judged.*, as_of, f.rowid as place"
    keys = query(con, f"select {columns} from {joined} where {in_time} qualify {last}")
    con.unregister("_judged")
    keys = keys.sort("known_at", "entity_id", descending=[True, False])
    every = query(con, f"describe features.{entity_type}")["column_name"]
    features = [name for name in every if name not in (f"{entity_type}_id", "as_of")]
    return rows_at(con, entity_type, keys, features)


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
